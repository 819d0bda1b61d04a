/** The wire's failures, each told apart from the others, so that a diagnosis never guesses. */
import { hasCode, messageOf, SkeinError } from "@skein/kit";
import type { Endpoint } from "./protocol";

/** `host:port`, an IPv6 host in brackets. */
export const addressOf = ({ host, port }: Endpoint): string => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** Nobody there: refused, no route, or no answer to the knock. */
export const unreachable = (endpoint: Endpoint, error: unknown): SkeinError =>
  new SkeinError("KASA_UNREACHABLE", `nobody answers at ${addressOf(endpoint)}: ${wordsOf(error)}.`, { cause: error });

export const connectionLost = (endpoint: Endpoint, error?: unknown): SkeinError =>
  new SkeinError(
    "KASA_CONNECTION_LOST",
    `the connection to ${addressOf(endpoint)} was lost${error === undefined ? "" : `: ${wordsOf(error)}`}.`,
    { cause: error },
  );

export const timedOut = (endpoint: Endpoint, ms: number): SkeinError =>
  new SkeinError("KASA_TIMEOUT", `${addressOf(endpoint)} took the request and did not answer within ${ms / 1000} s.`);

/** @param what may be the device's own words, and so of any length */
export const garbage = (endpoint: Endpoint, what: string): SkeinError =>
  new SkeinError("KASA_GARBAGE", `what ${addressOf(endpoint)} answers is not understood: ${what.slice(0, 200)}.`);

export const protocolChanged = (endpoint: Endpoint, what: string): SkeinError =>
  new SkeinError("KASA_PROTOCOL_CHANGED", `${addressOf(endpoint)} speaks another protocol now: ${what}.`);

export const credentialsRefused = (endpoint: Endpoint, given: boolean): SkeinError =>
  new SkeinError(
    "KASA_CREDENTIALS_REFUSED",
    given
      ? `${addressOf(endpoint)} refuses the user and password that the house has, and the maker's defaults.`
      : `${addressOf(endpoint)} wants the user and password of its owner's account, and the house has none.`,
  );

export const sessionTaken = (endpoint: Endpoint): SkeinError =>
  new SkeinError(
    "KASA_SESSION_TAKEN",
    `${addressOf(endpoint)} ended our session twice running: another client takes it away.`,
  );

/** As an answer that is a JSON object. @throws SkeinError KASA_GARBAGE */
export function jsonFrom(endpoint: Endpoint, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw garbage(endpoint, "no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw garbage(endpoint, "no JSON object");
  return value as Record<string, unknown>;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection is refused",
  EHOSTUNREACH: "no route to it",
  ENETUNREACH: "no route to it",
  EHOSTDOWN: "the host is down",
  ETIMEDOUT: "no answer",
  ENOTFOUND: "there is no such name",
  ECONNRESET: "the other side ended it",
  EPIPE: "the other side ended it",
};
const wordsOf = (error: unknown): string => (hasCode(error) && REASONS[error.code]) || messageOf(error);
