import type { VerdictData } from "@skein/contracts";
import { massLossWords } from "./mass-loss";

const NOW = Date.UTC(2026, 0, 1);
/** "dead 12": dead since 12 s. "dead 5 suspect 12": and in doubt before that. */
const verdict = (text: string): VerdictData => {
  const [state, since, before, beforeSince] = text.split(" ");
  const at = (seconds: string | undefined) => NOW - Number(seconds) * 1000;
  return {
    state: state as VerdictData["state"],
    cause: "silence",
    since: at(since),
    virtual: false,
    ...(before && { previous: { state: before as VerdictData["state"], cause: "silence", since: at(beforeSince) } }),
  };
};
const alive = (count: number): string[] => Array<string>(count).fill("alive 900");

describe("a mass loss in words", () => {
  it.each`
    what                                              | verdicts                                                                 | words
    ${"half of them at once"}                         | ${[...Array<string>(4).fill("suspect 12"), ...alive(4)]}                 | ${"4 of 8 followers were lost together 12 s ago"}
    ${"three of three within 20 s"}                   | ${["dead 30", "suspect 20", "dead 10"]}                                  | ${"3 of 3 followers were lost together 30 s ago"}
    ${"death counts from the doubt before it"}        | ${["dead 5 suspect 30", "dead 1 suspect 28", "suspect 29", ...alive(1)]} | ${"3 of 4 followers were lost together 30 s ago"}
    ${"one that was dead long before is not of them"} | ${["dead 9000", "dead 8", "dead 8", "dead 8", ...alive(1)]}              | ${"3 of 5 followers were lost together 8.0 s ago"}
    ${"the later of two"}                             | ${["dead 900", "dead 900", "dead 900", "dead 60", "dead 60", "dead 60"]} | ${"3 of 6 followers were lost together 1 min ago"}
    ${"a death without doubt after a good life"}      | ${["dead 8 alive 900", "dead 8 alive 800", "dead 8 alive 700"]}          | ${"3 of 3 followers were lost together 8.0 s ago"}
    ${"two are no pattern"}                           | ${["dead 12", "dead 12"]}                                                | ${undefined}
    ${"less than half"}                               | ${["dead 12", "dead 12", "dead 12", ...alive(4)]}                        | ${undefined}
    ${"one after the other"}                          | ${["dead 60", "dead 39", "dead 18"]}                                     | ${undefined}
    ${"unknown, left and maintenance are no loss"}    | ${["unknown 5", "left 5", "maintenance 5", "dead 5", "dead 5"]}          | ${undefined}
    ${"nobody there"}                                 | ${[]}                                                                    | ${undefined}
  `("$what: $words", ({ verdicts, words }: { verdicts: string[]; words: string | undefined }) => {
    expect(massLossWords(verdicts.map(verdict), NOW)).toBe(words && `${words}: look at power or network`);
  });
});
