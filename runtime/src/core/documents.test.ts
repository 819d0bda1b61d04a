/** The list of core's documents leaves none out: what core opens and the doctor does not look at keeps a house down unseen. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCUMENTS } from "./documents";

const sources = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "open-or-begin.ts")
  .map((name) => readFileSync(join(__dirname, name), "utf8"));

it("holds every document that is opened anywhere in core, each by another name", () => {
  const opened = sources.flatMap((text) => text.match(/\bopen(?:Document|OrBegin)\([^;]*;/g) ?? []);
  const kinds = opened.map((call) => /\.\.\.(\w+Document)\b/.exec(call)?.[1] ?? call);
  const listed = readFileSync(join(__dirname, "documents.ts"), "utf8").match(/\b\w+Document(?=,\n)/g);
  expect(listed).toHaveLength(DOCUMENTS.length);
  expect(kinds.toSorted()).toEqual(listed?.toSorted());
  expect(new Set(DOCUMENTS.map(({ name }) => name)).size).toBe(DOCUMENTS.length);
});
