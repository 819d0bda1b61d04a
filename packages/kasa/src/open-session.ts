/** Opens the session that goes with a protocol; for one that says TPAP, KLAP v2 is tried once, which some such firmware still takes. */
import type { Clock, Random } from "@skein/kit";
import { hasCode, SkeinError } from "@skein/kit";
import { openAesSession } from "./aes/session";
import { addressOf } from "./failure";
import { openKlapSession } from "./klap/session";
import type { Credentials, Endpoint, Protocol, Session } from "./protocol";
import { openXorSession } from "./xor/session";

export interface OpenParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly answerMs: number;
  readonly credentials: Credentials | undefined;
  /** Whether AES passthrough may have the owner's password: see `KasaOptions.aesPassthrough`. */
  readonly aesPassthrough: boolean;
  /** Ends the opening, and the session. */
  readonly signal: AbortSignal;
}

/** @throws SkeinError as each session says, KASA_NEWER_PROTOCOL and KASA_PASSWORD_KEPT */
export async function openSession(endpoint: Endpoint, protocol: Protocol, parts: OpenParts): Promise<Session> {
  switch (protocol) {
    case "xor":
      return openXorSession(endpoint, parts);
    case "klap-v1":
    case "klap-v2":
      return openKlapSession(endpoint, parts);
    case "aes":
      return parts.aesPassthrough ? openAesSession(endpoint, parts) : openAesWithDefaults(endpoint, parts);
    case "tpap":
      try {
        return await openKlapSession(endpoint, parts);
      } catch (error) {
        // What speaks KLAP, and what does not answer at all, is not judged by what it announced.
        if (!hasCode(error, "KASA_PROTOCOL_CHANGED") && !hasCode(error, "KASA_GARBAGE")) throw error;
        throw new SkeinError("KASA_NEWER_PROTOCOL", `${addressOf(endpoint)} speaks TPAP only, a newer protocol.`, {
          hint: "Switch on Third-Party Compatibility in the Kasa app.",
          cause: error,
        });
      }
  }
}

/**
 * AES passthrough sends the password itself, readable by whoever says that he is the device; KLAP only ever proves that both know it. So without
 * the owner's leave a device gets the maker's default passwords to see, and no more.
 */
async function openAesWithDefaults(endpoint: Endpoint, parts: OpenParts): Promise<Session> {
  try {
    return await openAesSession(endpoint, { ...parts, credentials: undefined });
  } catch (error) {
    if (!hasCode(error, "KASA_CREDENTIALS_REFUSED") || parts.credentials === undefined) throw error;
    throw new SkeinError(
      "KASA_PASSWORD_KEPT",
      `${addressOf(endpoint)} speaks AES passthrough and wants the password itself, which anybody could ask for who says that he is this device; it was not sent.`,
      { cause: error },
    );
  }
}
