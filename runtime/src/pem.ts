/** Certificates that the settings name. */
import { readFileSync } from "node:fs";
import { SkeinError, messageOf } from "@skein/kit";
import type { LeaderSettings } from "./settings";

/** What a follower needs to trust the broker, as a file; a certificate that is signed by nobody else is its own authority. */
export const brokerCaFile = ({
  tls,
  listenTls,
}: Pick<LeaderSettings["bus"], "tls" | "listenTls">): string | undefined =>
  listenTls ? (listenTls.ca ?? listenTls.cert) : tls?.ca;

/** A PEM file that a setting names. @throws SkeinError CONFIG_UNREADABLE */
export function pem(file: string, setting: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new SkeinError("CONFIG_UNREADABLE", `cannot read ${file}, which ${setting} names: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
