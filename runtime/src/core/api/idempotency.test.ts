import { judge, findEntry, KEPT, withEntry, withoutEntry, type KeyEntry, type KeptAnswer } from "./idempotency";

const NOW = 1_000_000_000_000;
const answer = { status: 200, type: "application/json", body: "{}" };
const entry = (key: string, more: Partial<KeyEntry> = {}): KeyEntry => ({
  account: "anna",
  key,
  digest: "d",
  at: NOW,
  ...more,
});

it.each`
  known                             | digest | underWay | does                         | because
  ${undefined}                      | ${"d"} | ${false} | ${"carry-out"}               | ${"the key is new"}
  ${entry("k", { answer })}         | ${"d"} | ${false} | ${"answer"}                  | ${"it was done and answered"}
  ${entry("k", { answer })}         | ${"e"} | ${false} | ${"IDEMPOTENCY_KEY_REUSED"}  | ${"another request has the same key"}
  ${entry("k")}                     | ${"e"} | ${true}  | ${"IDEMPOTENCY_KEY_REUSED"}  | ${"another request has the key of one that is under way"}
  ${entry("k")}                     | ${"d"} | ${true}  | ${"IDEMPOTENCY_BUSY"}        | ${"the first one is under way"}
  ${entry("k")}                     | ${"d"} | ${false} | ${"IDEMPOTENCY_INTERRUPTED"} | ${"the leader died over it"}
  ${entry("k", { answer: "gone" })} | ${"d"} | ${false} | ${"IDEMPOTENCY_ANSWER_GONE"} | ${"it was done, and its answer was a secret"}
`("$does, for $because", ({ known, digest, underWay, does }) => {
  const verdict = judge(known as KeyEntry | undefined, digest as string, underWay as boolean);
  expect(verdict.do === "refuse" ? verdict.code : verdict.do).toBe(does);
});

it("knows a key of one account for a day", () => {
  const entries = [entry("k")];
  expect(findEntry(entries, "anna", "k", NOW + KEPT.forMs - 1)).toBe(entries[0]);
  expect(findEntry(entries, "anna", "k", NOW + KEPT.forMs)).toBeUndefined();
  expect(findEntry(entries, "ben", "k", NOW)).toBeUndefined();
  expect(withEntry(entries, entry("l", { at: NOW + KEPT.forMs }), NOW + KEPT.forMs).map(({ key }) => key)).toEqual([
    "l",
  ]);
});

it("replaces what was begun by what was done, and forgets what failed within", () => {
  const begun = withEntry([entry("other")], entry("k"), NOW);
  expect(withEntry(begun, entry("k", { answer }), NOW)).toEqual([entry("other"), entry("k", { answer })]);
  expect(withoutEntry(begun, entry("k"))).toEqual([entry("other")]);
});

it("lets an account's oldest keys go, and nobody else's", () => {
  let entries = [entry("his", { account: "ben" })];
  for (let n = 0; n <= KEPT.keysByAccount; n++) entries = withEntry(entries, entry(`k${n}`), NOW);
  expect(entries).toHaveLength(KEPT.keysByAccount + 1);
  expect(entries.slice(0, 2).map(({ key }) => key)).toEqual(["his", "k1"]);
});

it("keeps the key of what is too long to be kept, and of what must make room", () => {
  const long = (length: number): KeptAnswer => ({ status: 200, body: "x".repeat(length) });
  expect(withEntry([], entry("k", { answer: long(KEPT.answerLength + 1) }), NOW)).toEqual([
    entry("k", { answer: "gone" }),
  ]);
  const fits = KEPT.answersLength / KEPT.answerLength;
  let entries: KeyEntry[] = [];
  for (let n = 0; n <= fits; n++)
    entries = withEntry(entries, entry(`k${n}`, { answer: long(KEPT.answerLength) }), NOW);
  expect(entries).toHaveLength(fits + 1);
  expect(entries.filter((each) => each.answer === "gone").map(({ key }) => key)).toEqual(["k0"]);
});
