/** The leader's own certificate: read at the start, and again whenever its files change (a renewal must not need a restart). */
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { every, messageOf, SkeinError, type Clock, type Logger } from "@skein/kit";

export interface CertificateFiles {
  /** Paths of PEM files; `cert` with what lies between it and an authority that browsers know. */
  readonly cert: string;
  readonly key: string;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** How soon a new one is seen. */
const LOOK_MS = 10_000;

/** @throws SkeinError CERTIFICATE_INVALID: not there, no PEM, or the key of another */
export function readCertificate({ cert, key }: CertificateFiles): Certificate {
  try {
    const read = { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
    createSecureContext(read);
    return read;
  } catch (error) {
    throw new SkeinError("CERTIFICATE_INVALID", `cannot use ${cert} with ${key}: ${messageOf(error)}.`, {
      hint: "Name a certificate and its key, both PEM, under http.tls in skein.yaml.",
      cause: error,
    });
  }
}

/** Hands each new one on; a broken one (cert written, key not yet) is told once and waited out. Returns the end of it. */
export function followCertificate(
  files: CertificateFiles,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  onNew: (certificate: Certificate) => void,
): () => void {
  let seen = stampOf(files);
  return every(clock, LOOK_MS, () => {
    try {
      const now = stampOf(files);
      if (now === seen) return;
      seen = now;
      onNew(readCertificate(files));
      logger.info("the certificate has changed and is used from now on");
    } catch (error) {
      logger.warn(`the old certificate is still used: ${messageOf(error)}`);
    }
  });
}

const stampOf = ({ cert, key }: CertificateFiles): string =>
  [cert, key]
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : "gone";
    })
    .join(", ");
