import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { speak } from "./language";

/** All lists of words of the page, read together: what nobody says any more, and what is English in the German ones. */
const SRC = join(__dirname, "..");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.tsx?$/.test(file) && !file.includes(".test."),
);
const sources = new Map(files.map((file) => [file, readFileSync(join(SRC, file), "utf8")]));

type Words = Readonly<Record<string, unknown>>;
/** Every `...Words` without parameters of a file that is named for words; a JSX file's are read by its text alone. */
const lists = files
  .filter((file) => file.endsWith("words.ts"))
  .flatMap((file) => {
    const all = require(join(SRC, file)) as Readonly<Record<string, unknown>>;
    return Object.entries(all)
      .filter(([name, value]) => /(Words|List)$/.test(name) && typeof value === "function" && value.length === 0)
      .map(([name, value]) => ({ name, words: value as () => Words }));
  });

afterAll(() => speak("en"));

/** The same in both languages on purpose: names, figures, and words that German has taken over. */
const SHARED =
  /^(Name|Follower|Code|Token|Tabs|Flows|CPU|Broker|Bus|Journal|ntfy|Host|System|Firmware|MAC|\d+ (min|h))$/;

it("finds the lists", () => {
  expect(lists.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["pageWords", "settingsWords", "tileWords", "verdictList"]),
  );
});

describe.each(lists)("$name", ({ name, words }) => {
  it("has no word that nobody says", () => {
    const speakers = [...sources.values()].filter((text) => text.includes(`${name}(`)).join("\n");
    const said = (key: string) =>
      new RegExp(`\\.${key}\\b`).test(speakers) ||
      new RegExp(`\\{[^}]*\\b${key}\\b[^}]*\\} = ${name}\\(`).test(speakers);
    const unsaid = Object.keys(words()).filter((key) => !said(key));
    expect(unsaid).toEqual([]);
  });

  it("says nothing in English where German is spoken", () => {
    const texts = (value: unknown, path: string): [string, string][] =>
      typeof value === "string"
        ? [[path, value]]
        : typeof value === "object" && value !== null
          ? Object.entries(value).flatMap(([key, inside]) => texts(inside, `${path}.${key}`))
          : [];
    speak("en");
    const english = new Map(texts(words(), name));
    speak("de");
    const german = texts(words(), name);
    const same = german.filter(([path, text]) => english.get(path) === text && !SHARED.test(text) && text !== "");
    expect(same).toEqual([]);
  });
});
