/** From what was tried and what it answered to what is the matter, and what its owner can do. Pure. */
import type { Attempt, Condition } from "../diagnosis";

export interface Finding {
  readonly condition: Condition;
  readonly text: string;
  readonly hint?: string | undefined;
}

/** Besides what goes with the condition. */
const KEPT_HINT =
  "A newer firmware speaks KLAP, which needs no such trust. Where everybody in this network is trusted, its owner may switch it on (devices.kasa.aesPassthrough in skein.yaml).";
const HINTS: Readonly<Partial<Record<Condition, string>>> = {
  unreachable: "Is it switched on at the wall, and in the same network? It is found again by itself when it is back.",
  credentials: "Enter the user and password of its account with the maker; they stay in this house.",
  "newer-protocol": "Switch on Third-Party Compatibility in the Kasa app (or the Tapo app).",
  busy: "Close other programs that control it: such a device talks to one at a time.",
  "not-understood": "Is it a Kasa or Tapo device at this address?",
};

const STARTING_HINT =
  "It may be starting, and is tried again in a moment. When this lasts, switch it off and on again at the wall.";

/** Whether it took a connection and ended it. */
export const hungUp = (tried: readonly Attempt[]): boolean =>
  tried.some(({ answer }) => answer === "KASA_CONNECTION_LOST");

/** By the answer that says most: a refused password is only believed where it was a password that was refused. */
const BY_ANSWER: readonly (readonly [string, Condition])[] = [
  ["KASA_CREDENTIALS_REFUSED", "credentials"],
  ["KASA_PASSWORD_KEPT", "credentials"],
  ["KASA_NEWER_PROTOCOL", "newer-protocol"],
  ["KASA_SESSION_TAKEN", "busy"],
  ["KASA_GARBAGE", "not-understood"],
  ["KASA_PROTOCOL_CHANGED", "not-understood"],
];

/** What becomes of KLAP where nothing listens for it, or only TLS. */
const NO_KLAP_THERE: ReadonlySet<string> = new Set(["KASA_UNREACHABLE", "KASA_CONNECTION_LOST"]);

/** @param hungUpBefore whether it ended our connection at once the time before as well */
export function diagnose(all: readonly Attempt[], hungUpBefore: boolean): Finding {
  const finding = (condition: Condition, text: string): Finding => ({ condition, text, hint: HINTS[condition] });
  // Where it says that it stands is where it stands: who refused us at its old address, and why, is another device's affair.
  const seen = all.find(({ protocol, answer }) => protocol === "discovery" && answer === "ok");
  const tried = seen ? all.filter(({ address }) => address === seen.address) : all;
  for (const [answer, condition] of BY_ANSWER) {
    const attempt = tried.find((each) => each.answer === answer);
    if (!attempt) continue;
    const found = finding(condition, attempt.text);
    return answer === "KASA_PASSWORD_KEPT" ? { ...found, hint: KEPT_HINT } : found;
  }
  const refused = tried.find(({ protocol }) => protocol !== "discovery");
  if (seen && refused?.protocol === "tpap" && NO_KLAP_THERE.has(refused.answer))
    return finding(
      "newer-protocol",
      `it says that it speaks TPAP, a newer protocol, and takes no other: ${refused.text}`,
    );
  if (seen && refused) {
    const text = `it answers to the search and not to us: ${refused.text}`;
    // Who takes a connection and ends it, time after time, has given the one that it takes to somebody else. Who refuses, is silent, or
    // hangs up once, is starting: a lamp that has current again answers to the search before it takes connections.
    if (hungUpBefore && hungUp(tried)) return finding("busy", text);
    return { condition: "unreachable", text, hint: STARTING_HINT };
  }
  return finding("unreachable", refused?.text ?? tried[0]?.text ?? "it has not been found in this network.");
}
