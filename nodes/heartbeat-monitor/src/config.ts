/** What the owner sets in the dialog; the editor's form and the runtime share it, with its defaults and its version. */
import type { VerdictState } from "@skein/contracts";

export interface HeartbeatMonitorConfig {
  configVersion: number;
  name: string;
  bus: string;
  /** Ids or patterns with `*`; empty means every follower. */
  followers: string[];
  /** Which verdicts make a message. */
  states: VerdictState[];
  /** Send each follower's state once at deploy, marked `msg.initial`. */
  sendInitial: boolean;
}

export const STATES: readonly VerdictState[] = ["joining", "alive", "suspect", "dead", "left", "maintenance", "unknown"];

export const defaults: HeartbeatMonitorConfig = {
  configVersion: 1,
  name: "",
  bus: "",
  followers: [],
  states: ["dead", "alive"],
  sendInitial: false,
};
