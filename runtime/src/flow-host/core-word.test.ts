import { createHmac } from "node:crypto";
import { giveWord, takeWord, WORD_LIVES_MS, type Asker } from "./core-word";

const key = "the key of this start";
const anna: Asker = { area: "editor", account: { id: "anna", name: "Anna Ö.", role: "designer" }, address: "10.0.0.7" };
const now = 1_000_000;
const word = giveWord(anna, key, now);
const [text = "", signed = ""] = word.split(".");
const forged = Buffer.from(JSON.stringify({ ...anna, expiresAt: now + 1e9 })).toString("base64url");

describe("core's word", () => {
  it("tells who is asking, in signs that a header may hold", () => {
    expect(takeWord(word, "editor", key, now)).toEqual(anna);
    expect(word).toMatch(/^[\w.-]+$/);
  });

  it.each`
    header                                                                               | area        | at                     | because
    ${undefined}                                                                         | ${"editor"} | ${now}                 | ${"there is none"}
    ${""}                                                                                | ${"editor"} | ${now}                 | ${"it is empty"}
    ${"."}                                                                               | ${"editor"} | ${now}                 | ${"it has nothing in it"}
    ${text}                                                                              | ${"editor"} | ${now}                 | ${"it is not signed"}
    ${`${text}.`}                                                                        | ${"editor"} | ${now}                 | ${"its signature is empty"}
    ${`${forged}.${signed}`}                                                             | ${"editor"} | ${now}                 | ${"it was changed"}
    ${`${text}.${createHmac("sha256", "another key").update(text).digest("base64url")}`} | ${"editor"} | ${now}                 | ${"it was signed with another key"}
    ${`${word}.more`}                                                                    | ${"editor"} | ${now}                 | ${"something follows it"}
    ${[word, word]}                                                                      | ${"editor"} | ${now}                 | ${"it was said twice"}
    ${word}                                                                              | ${"hooks"}  | ${now}                 | ${"it is for another area"}
    ${word}                                                                              | ${"editor"} | ${now + WORD_LIVES_MS} | ${"it is old"}
  `("is not taken when $because", ({ header, area, at }) => {
    expect(takeWord(header, area, key, at)).toBeUndefined();
  });
});
