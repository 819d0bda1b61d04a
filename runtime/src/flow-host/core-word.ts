/**
 * Core's word of who is asking: the one thing by which the flow host lets a request in. Core has found out who it is and
 * whether they may; the flow host knows no accounts and believes core alone. Signed (HMAC-SHA256) with a key that the launcher
 * makes at its start and hands both over IPC, good for one area and for a moment. Pure.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { role } from "@skein/contracts";
import { z } from "zod";

/** Who asks when core wants something for itself. */
export const CORE_ID = "leader";
/** Whatever comes under this name from outside is thrown away by core's proxy. */
export const WORD_HEADER = "x-skein-word";
/** Core and flow host run on one machine by one clock: only as long as a busy flow host may keep a request waiting. */
export const WORD_LIVES_MS = 60_000;

const asker = z.object({
  /** What it opens: a word for a flow's own route does not open the editor. */
  area: z.enum(["editor", "hooks"]),
  /** Nobody may be behind a route of a flow that its owner has opened. */
  account: z.object({ id: z.string(), name: z.string(), role }).optional(),
  /** The network address that they asked from. */
  address: z.string().optional(),
  /** Of a flow's route: whoever asks is let in because these are open, and to these alone. Left out: to any. */
  openFor: z.array(z.string()).optional(),
  /** What a deployment is for, when it was told. */
  note: z.string().optional(),
});
export type Asker = z.output<typeof asker>;

const word = asker.extend({ expiresAt: z.number() });

/** Text for the header. `now`: ms, wall clock. */
export function giveWord(who: Asker, key: string, now: number): string {
  const text = Buffer.from(JSON.stringify({ ...who, expiresAt: now + WORD_LIVES_MS })).toString("base64url");
  return `${text}.${signature(text, key).toString("base64url")}`;
}

/** Who is asking, or undefined when this is not core's word, or is not for `area`, or is an old one. */
export function takeWord(
  header: string | readonly string[] | undefined,
  area: Asker["area"],
  key: string,
  now: number,
): Asker | undefined {
  if (typeof header !== "string") return undefined;
  const [text = "", signed = "", ...more] = header.split(".");
  const right = signature(text, key);
  const given = Buffer.from(signed, "base64url");
  if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const { expiresAt, ...who } = word.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  return who.area === area && now < expiresAt ? who : undefined;
}

const signature = (text: string, key: string): Buffer => createHmac("sha256", key).update(text).digest();
