import { readFileSync } from "node:fs";
import { join } from "node:path";
import { speak } from "../i18n/language";
import { ApiError } from "./api-error";
import { InputError, problemWords } from "./problem-words";

afterEach(() => speak("en"));

it("says in the page's language what it has words for, and else what the leader says", () => {
  const full = new ApiError(409, "NAME_TAKEN", "a room is called that.");
  const other = new ApiError(409, "SOMETHING_NEW", "this is new.");
  expect(problemWords(full)).toEqual({ code: "NAME_TAKEN", message: "a room is called that." });
  speak("de");
  expect(problemWords(full).message).toMatch(/^So heißt schon etwas anderes/);
  expect(problemWords(other).message).toBe("this is new.");
});

it("keeps the leader's own reason where it is another each time", () => {
  const failed = new ApiError(500, "BACKUP_FAILED", "no backup was made: EACCES.");
  expect(problemWords(failed)).toEqual({ code: "BACKUP_FAILED", message: "no backup was made: EACCES." });
  speak("de");
  expect(problemWords(failed)).toMatchObject({
    message: expect.stringMatching(/^Es entstand keine Sicherung/),
    detail: "no backup was made: EACCES.",
  });
});

it("gives no code to what somebody is to fill in, and one to what nobody expected", () => {
  expect(problemWords(new InputError("Tick at least one."))).toEqual({ code: "", message: "Tick at least one." });
  expect(problemWords(new TypeError("x is undefined"))).toEqual({ code: "PAGE_ERROR", message: "x is undefined" });
});

it("has words for no code that the house does not know", () => {
  const documented = readFileSync(join(__dirname, "../../../../docs/errors.md"), "utf8");
  const source = readFileSync(join(__dirname, "problem-words.ts"), "utf8");
  const worded = [...source.matchAll(/^ +([A-Z_]{4,}):/gm)].map(([, code]) => code ?? "");
  expect(worded.length).toBeGreaterThan(20);
  expect(worded.filter((code) => !documented.includes(`| ${code} |`))).toEqual([]);
});
