/** Which users and passwords a KLAP device may have, in the order in which they are tried (reference/kasa.md, "KLAP", 2). */
import type { Credentials } from "../protocol";

/** Of devices that were never tied to an account. */
const DEFAULTS: readonly Credentials[] = [
  { username: "kasa@tp-link.net", password: "kasaSetup" },
  { username: "test@tp-link.net", password: "test" },
  { username: "", password: "" },
];

export const candidates = (own: Credentials | undefined): readonly Credentials[] =>
  own === undefined ? DEFAULTS : [own, ...DEFAULTS];
