/**
 * What a message asks for, in every form that people send: `40`, `"40 %"`, `true`, `"off"`, `{value: 40, rampMs: 500}`, `{safe: true}`. Whether the
 * channel can is not decided here.
 */
import { nearest, SkeinError } from "@skein/kit";
import { MAX_FOR_MS, MAX_RAMP_MS } from "./config";
import { wantedIn, type Wanted } from "./wanted";

export type Asked =
  | {
      readonly does: "set";
      readonly wanted: Wanted;
      readonly rampMs?: number;
      readonly forMs?: number;
      readonly explicit: boolean;
    }
  /** What the channel measures, or where it stands. */
  | { readonly does: "read" }
  /** The whole board. */
  | { readonly does: "safe" }
  | { readonly does: "arm"; readonly armed: boolean }
  /** Nothing that drives anything; whoever asks a sensor need not say more. */
  | { readonly does: "unclear"; readonly why: string };

const KEYS = ["value", "rampMs", "forMs", "safe", "arm", "read"];
export const FORMS =
  'Send a number, a text such as "40", true, false, "on", "off", "safe", "read", or an object with value, rampMs and forMs, with safe: true, or with arm.';

/** @throws SkeinError PAYLOAD_INVALID for an object that nothing can be made of */
export function askedOf(payload: unknown): Asked {
  if (payload === "safe") return { does: "safe" };
  if (payload === "read") return { does: "read" };
  if (typeof payload === "object" && payload !== null && !Array.isArray(payload))
    return fromObject(payload as Record<string, unknown>);
  const wanted = wantedIn(payload);
  return wanted
    ? { does: "set", wanted, explicit: false }
    : { does: "unclear", why: `${said(payload)} drives nothing` };
}

const said = (value: unknown): string => JSON.stringify(value) ?? "nothing";
const invalid = (what: string, hint = FORMS): SkeinError => new SkeinError("PAYLOAD_INVALID", `${what}.`, { hint });

function fromObject(asked: Record<string, unknown>): Asked {
  const unknown = Object.keys(asked).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    const known = nearest(unknown, KEYS);
    throw invalid(`an order has no "${unknown}"`, known ? `Did you mean "${known}"? ${FORMS}` : FORMS);
  }
  const does = ["value", "safe", "arm", "read"].filter((key) => key in asked);
  const [only, ...others] = does;
  if (only === undefined || others.length > 0)
    throw invalid(
      only === undefined ? `${said(asked)} asks for nothing` : `${does.join(" and ")} cannot be asked at once`,
    );
  if (only !== "value" && ("rampMs" in asked || "forMs" in asked)) throw invalid(`rampMs and forMs belong to a value`);
  if (only === "arm") {
    if (typeof asked["arm"] !== "boolean") throw invalid(`arm is ${said(asked["arm"])} and not true or false`);
    return { does: "arm", armed: asked["arm"] };
  }
  if (only !== "value") {
    if (asked[only] !== true) throw invalid(`${only} is ${said(asked[only])} and not true`);
    return { does: only === "safe" ? "safe" : "read" };
  }
  const wanted = wantedIn(asked["value"]);
  if (!wanted) throw invalid(`the value is ${said(asked["value"])}`);
  return {
    does: "set",
    wanted,
    explicit: true,
    ...durationIn(asked, "rampMs", 0, MAX_RAMP_MS),
    ...durationIn(asked, "forMs", 1, MAX_FOR_MS),
  };
}

function durationIn(
  asked: Record<string, unknown>,
  key: "rampMs" | "forMs",
  min: number,
  max: number,
): { rampMs?: number; forMs?: number } {
  if (!(key in asked)) return {};
  const ms = asked[key];
  if (typeof ms === "number" && Number.isInteger(ms) && ms >= min && ms <= max) return { [key]: ms };
  throw invalid(`${key} is ${said(ms)}`, `It is a whole number of ms from ${min} to ${max}.`);
}
