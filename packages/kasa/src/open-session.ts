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
}

/** @throws SkeinError as each session says, and KASA_NEWER_PROTOCOL */
export async function openSession(endpoint: Endpoint, protocol: Protocol, parts: OpenParts): Promise<Session> {
  switch (protocol) {
    case "xor":
      return openXorSession(endpoint, parts);
    case "klap-v1":
    case "klap-v2":
      return openKlapSession(endpoint, parts);
    case "aes":
      return openAesSession(endpoint, parts);
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
