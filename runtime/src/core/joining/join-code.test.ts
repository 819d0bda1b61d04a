import { seededRandom, systemRandom } from "@skein/kit";
import { makeJoinCode, readJoinCode, showJoinCode } from "./join-code";

test("a code has eight characters, none of which is mistaken for another, each as likely as the others", () => {
  const seen = new Map<string, number>();
  for (let n = 0; n < 3000; n++)
    for (const letter of makeJoinCode(seededRandom(n))) seen.set(letter, (seen.get(letter) ?? 0) + 1);
  expect([...seen.keys()].toSorted().join("")).toBe("23456789ABCDEFGHJKMNPQRSTVWXYZ");
  // 24,000 letters, 800 of each; 5 standard deviations are 140.
  expect(Math.min(...seen.values())).toBeGreaterThan(660);
  expect(Math.max(...seen.values())).toBeLessThan(940);
});

test.each`
  typed            | code          | because
  ${"K7QM-2XNP"}   | ${"K7QM2XNP"} | ${"as it is shown"}
  ${"k7qm2xnp"}    | ${"K7QM2XNP"} | ${"in lower case, without the dash"}
  ${" K7QM 2XNP "} | ${"K7QM2XNP"} | ${"with spaces"}
  ${"K7QM-2XN"}    | ${undefined}  | ${"a letter is missing"}
  ${"K7QM-2XNPP"}  | ${undefined}  | ${"there is one too many"}
  ${"K7QM-2XN0"}   | ${undefined}  | ${"no code has a 0"}
`("$typed is read: $because", ({ typed, code }: { typed: string; code: string | undefined }) => {
  expect(readJoinCode(typed)).toBe(code);
});

test("what is shown can be read back", () => {
  const code = makeJoinCode(systemRandom);
  expect(readJoinCode(showJoinCode(code))).toBe(code);
});
