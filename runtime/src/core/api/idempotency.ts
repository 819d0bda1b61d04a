/**
 * What was asked for under an `Idempotency-Key`, and what was answered: a program that lost the answer asks again with the same key, and
 * is answered without the thing being done twice. Pure; once.ts keeps it on the disk.
 *
 * As draft-ietf-httpapi-idempotency-key-header-07 has it: one key is one request, by whoever sent it.
 */
import { z } from "zod";

const answer = z.strictObject({
  status: z.int(),
  type: z.string().optional(),
  body: z.string().optional(),
});
export type KeptAnswer = z.output<typeof answer>;

export const keyEntry = z.strictObject({
  account: z.string(),
  /** A hash of it. */
  key: z.string(),
  /** Of method, path and body, keyed by the key itself. */
  digest: z.string(),
  /** When it was begun, ms of the leader's clock. */
  at: z.number(),
  /** Left out: begun, and no more is known. `gone`: done, but the answer was too long, secret, or made room for others. */
  answer: z.union([answer, z.literal("gone")]).optional(),
});
export type KeyEntry = z.output<typeof keyEntry>;
/** Oldest first. */
export const keyEntries = z.array(keyEntry);

/** How much is kept, at most. */
export const KEPT = {
  forMs: 24 * 3_600_000,
  keysByAccount: 1000,
  /** Of one answer, in characters. */
  answerLength: 8 * 1024,
  /** Of all together. */
  answersLength: 1024 * 1024,
} as const;

export type Verdict =
  | { readonly do: "carry-out" }
  | { readonly do: "answer"; readonly answer: KeptAnswer }
  | { readonly do: "refuse"; readonly code: string; readonly why: string };

const CARRY_OUT: Verdict = { do: "carry-out" };

/** What to do with a request, given what is known of its key. */
export function judge(known: KeyEntry | undefined, digest: string, underWay: boolean): Verdict {
  if (!known) return CARRY_OUT;
  if (known.digest !== digest)
    return {
      do: "refuse",
      code: "IDEMPOTENCY_KEY_REUSED",
      why: "this Idempotency-Key was sent with another request before; take a new one for each.",
    };
  if (underWay)
    return {
      do: "refuse",
      code: "IDEMPOTENCY_BUSY",
      why: "the first request with this Idempotency-Key is under way; ask again in a moment.",
    };
  if (known.answer === undefined)
    return {
      do: "refuse",
      code: "IDEMPOTENCY_INTERRUPTED",
      why: "this was begun, and how it ended is not known; look how things are, then ask with a new Idempotency-Key.",
    };
  if (known.answer === "gone")
    return {
      do: "refuse",
      code: "IDEMPOTENCY_ANSWER_GONE",
      why: "this was done, and its answer is not kept (it is secret, or long); look how things are.",
    };
  return { do: "answer", answer: known.answer };
}

export const findEntry = (entries: readonly KeyEntry[], account: string, key: string, now: number) =>
  entries.find((entry) => entry.account === account && entry.key === key && isFresh(entry, now));

const isFresh = ({ at }: KeyEntry, now: number): boolean => at > now - KEPT.forMs;

/** With one more, within bounds: old ones go, and answers go before keys do. */
export function withEntry(entries: readonly KeyEntry[], added: KeyEntry, now: number): KeyEntry[] {
  const others = entries.filter(
    (entry) => isFresh(entry, now) && !(entry.account === added.account && entry.key === added.key),
  );
  const own = others.filter(({ account }) => account === added.account);
  const tooMany = new Set(own.slice(0, Math.max(0, own.length + 1 - KEPT.keysByAccount)));
  const all = [...others.filter((entry) => !tooMany.has(entry)), shortened(added)];
  let room = KEPT.answersLength;
  return all
    .toReversed()
    .map((entry) => {
      room -= lengthOf(entry);
      return room >= 0 || entry.answer === undefined ? entry : { ...entry, answer: "gone" as const };
    })
    .toReversed();
}

export const withoutEntry = (entries: readonly KeyEntry[], { account, key }: KeyEntry): KeyEntry[] =>
  entries.filter((entry) => entry.account !== account || entry.key !== key);

const shortened = (entry: KeyEntry): KeyEntry =>
  lengthOf(entry) > KEPT.answerLength ? { ...entry, answer: "gone" } : entry;

const lengthOf = ({ answer: kept }: KeyEntry): number => (typeof kept === "object" ? (kept.body?.length ?? 0) : 0);
