/** What is known of a device's connection, in stable codes for programs and in words for the owner. */
import type { Protocol } from "./protocol";

/**
 * - `connecting`: not yet tried to the end
 * - `ok`
 * - `unreachable`: nobody answers at its address, nor is it found anywhere else; or it answers to the search and takes no connection, as
 *   one that is starting
 * - `credentials`: it speaks KLAP or AES and refused every pair of user and password that we have (nothing else is ever called so)
 * - `newer-protocol`: it speaks TPAP only
 * - `busy`: another client takes our session away again and again, or each connection is ended as soon as it was taken
 * - `not-understood`: something answers that is no device of this kind
 */
export const CONDITIONS = [
  "connecting",
  "ok",
  "unreachable",
  "credentials",
  "newer-protocol",
  "busy",
  "not-understood",
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** One thing that was tried and what it answered. */
export interface Attempt {
  readonly protocol: Protocol | "discovery";
  /** `host:port` */
  readonly address: string;
  /** ms of the caller's clock */
  readonly at: number;
  /** `ok` or a code of docs/errors.md */
  readonly answer: string;
  readonly text: string;
}

export interface Diagnosis {
  readonly condition: Condition;
  readonly since: number;
  /** One sentence. */
  readonly text: string;
  /** What the owner can do. */
  readonly hint?: string | undefined;
  /** What was tried last, at most one an address and protocol, the newest first. */
  readonly tried: readonly Attempt[];
}
