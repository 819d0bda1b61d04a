/** What the owner sets in the dialog; the editor's form and the runtime share it, with its defaults and its version. */
import type { VerdictState } from "@skein/contracts";

export interface HeartbeatMonitorConfig {
  configVersion: number;
  name: string;
  bus: string;
  /** Ids, patterns with `*`, rooms as `room:kitchen`, or `${VAR}` that holds some; empty means every follower. */
  followers: string[];
  /** Which verdicts make a message. */
  states: VerdictState[];
  /** Send each follower's state once at deploy, marked `msg.initial`. */
  sendInitial: boolean;
}

/** `unknown` is not among them: that nobody judges is a status and no change of a follower. */
export const STATES: readonly VerdictState[] = ["dead", "alive", "suspect", "joining", "left", "maintenance"];

export const defaults: HeartbeatMonitorConfig = {
  configVersion: 1,
  name: "",
  bus: "",
  followers: [],
  states: ["dead", "alive"],
  sendInitial: false,
};
