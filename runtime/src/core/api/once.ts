/** Carries out a request with an `Idempotency-Key` once, across restarts: written down before, answered from there after. */
import { createHash, createHmac } from "node:crypto";
import { SkeinError, defineDocument, messageOf, type Clock, type Logger } from "@skein/kit";
import type { Request } from "express";
import type { Actor } from "../auth/actor";
import { openOrBegin } from "../open-or-begin";
import type { Signed } from "../registry/residents";
import { findEntry, judge, keyEntries, withEntry, withoutEntry, type KeyEntry } from "./idempotency";
import { PROBLEM_TYPE, problem } from "./problem";
import type { Answered, Route } from "./route";

export const answersDocument = defineDocument({ name: "idempotency.json", schema: keyEntries, empty: [] });

/** What a route answers, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly type?: string | undefined;
  readonly body?: string | undefined;
  /** It was given before. */
  readonly repeated?: boolean;
}

export interface OnceCall {
  readonly actor: Actor;
  readonly route: Route;
  readonly req: Request;
}

export interface Once extends Signed {
  /** Does the work unless it was done before. @throws SkeinError REQUEST_INVALID, IDEMPOTENCY_*, DOCUMENT_UNWRITABLE and what `work` throws */
  carryOut(call: OnceCall, work: () => Promise<Answer | Answered>): Promise<Answer | Answered>;
}

export interface OnceParts {
  readonly file: string;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

/** @throws SkeinError DOCUMENT_UNREADABLE when the file can neither be read nor put aside */
export function createOnce({ file, clock, logger }: OnceParts): Once {
  const { document: kept, putAside } = openOrBegin({ file, ...answersDocument }, clock.now());
  if (putAside !== undefined)
    logger.error(
      { code: "DOCUMENT_UNREADABLE", file: putAside },
      "what programs were answered could not be read and was put aside: a request that is sent again is carried out again",
    );
  const underWay = new Set<string>();

  const carryOut: Once["carryOut"] = async ({ actor, route, req }, work) => {
    const key = req.headers["idempotency-key"];
    // A stranger has nobody's keys; and a body that the route reads by itself cannot be compared.
    if (key === undefined || !actor.account || route.consumes !== undefined) return work();
    const asked = entryOf(actor.account.id, key, req, clock.now());
    const name = JSON.stringify([asked.account, asked.key]);
    const known = findEntry(kept.value, asked.account, asked.key, asked.at);
    // Between the two no other request comes: the first one is under way before it is written down.
    const verdict = judge(known ?? (underWay.has(name) ? asked : undefined), asked.digest, underWay.has(name));
    if (verdict.do === "refuse") throw new SkeinError(verdict.code, verdict.why);
    if (verdict.do === "answer") return { ...verdict.answer, repeated: true };
    underWay.add(name);
    try {
      await kept.update((entries) => withEntry(entries, asked, asked.at));
      const outcome = await outcomeOf(work);
      const answer = "failed" in outcome ? outcome.answer : outcome.done;
      await kept
        .update((entries) =>
          answer === undefined
            ? withoutEntry(entries, asked)
            : withEntry(
                entries,
                { ...asked, answer: "answered" in answer || route.answersSecret ? "gone" : answer },
                clock.now(),
              ),
        )
        // Whoever asked is told how it ended all the same; one who asks again is told that it is not known (IDEMPOTENCY_INTERRUPTED).
        .catch((error: unknown) => logger.error({ err: error }, `an answer could not be kept: ${messageOf(error)}`));
      if ("failed" in outcome) throw outcome.failed;
      return outcome.done;
    } finally {
      underWay.delete(name);
    }
  };

  return {
    carryOut,
    signedBy: (isTheirs) =>
      kept.value
        .filter(({ account, at }) => isTheirs(account, at))
        .map(({ at }) => ({ at, where: "answers", what: "what a program was answered" })),
    async unsign(isTheirs, words) {
      // An answer to somebody else may tell of them as well.
      const tells = ({ answer }: KeyEntry) => typeof answer === "object" && tellsOf(words, answer.body ?? "");
      await kept.update((entries) =>
        entries
          .filter(({ account, at }) => !isTheirs(account, at))
          .map((entry) => (tells(entry) ? { ...entry, answer: "gone" as const } : entry)),
      );
    },
  };
}

/** Rather one too many: a short name is in other words, too. */
function tellsOf(words: readonly string[], json: string): boolean {
  const text = json.toLowerCase();
  return words.some((word) => text.includes(JSON.stringify(word.toLowerCase()).slice(1, -1)));
}

function entryOf(account: string, key: string | string[], req: Request, at: number): KeyEntry {
  if (typeof key !== "string" || key === "" || key.length > 255)
    throw new SkeinError("REQUEST_INVALID", "Idempotency-Key: must be a text of 1 to 255 characters.");
  const what = JSON.stringify([req.method, req.originalUrl, req.body ?? null]);
  // A body may bear a password: what is kept of it can be tried out by nobody who does not have the key, and of that a hash is kept. So
  // a key that is short is no good one; a UUID, as docs/api.md asks for, is.
  return {
    account,
    key: createHash("sha256").update(key).digest("base64"),
    digest: createHmac("sha256", key).update(what).digest("base64"),
    at,
  };
}

/** What was refused by us is an answer like another; what failed within (5xx) or came too often (429) is none, and may be sent again. */
async function outcomeOf(work: () => Promise<Answer | Answered>) {
  try {
    return { done: await work() };
  } catch (failed) {
    if (!(failed instanceof SkeinError)) return { failed, answer: undefined };
    const { status, body } = problem({ code: failed.code, detail: failed.message });
    const passing = status >= 500 || status === 429;
    return { failed, answer: passing ? undefined : { status, type: PROBLEM_TYPE, body } };
  }
}
