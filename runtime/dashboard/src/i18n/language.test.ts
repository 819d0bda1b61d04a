import { defineWords, plural } from "./define-words";
import { fixed } from "./format";
import { preferred, speak } from "./language";

afterEach(() => speak("en"));

it.each([
  [["de-AT", "en"], "de"],
  [["fr", "de"], "de"],
  [["en-US"], "en"],
  [["fr"], "en"],
  [[], "en"],
])("a browser that wants %j is spoken to in %s", (wanted, language) => expect(preferred(wanted)).toBe(language));

it("takes words and figures from the language that is set now", () => {
  const words = defineWords({
    en: { hello: (name: string) => `Hello ${name}` },
    de: { hello: (name) => `Hallo ${name}` },
  });
  speak("en");
  expect([words().hello("Ada"), fixed(1.25, 1), fixed(12_345, 0)]).toEqual(["Hello Ada", "1.3", "12345"]);
  speak("de");
  expect([words().hello("Ada"), fixed(1.25, 1)]).toEqual(["Hallo Ada", "1,3"]);
});

it("counts by each language's own rules", () => {
  const forms = { one: "one", other: "other" };
  expect([0, 1, 2].map((count) => plural("en", count, forms))).toEqual(["other", "one", "other"]);
  expect(plural("de", 1, { other: "other" })).toBe("other");
});
