/**
 * The key that a flow's passwords are encrypted with. Left to itself Node-RED keeps a key of its own in plain text in its
 * runtime settings; ours is a file that only the owner can read, so that a copied flow file alone gives nothing away.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasCode, type Random } from "@skein/kit";

export const SECRET_FILE = "credential-secret";

/** A logger, or whatever tells the owner. */
interface Teller {
  error(about: object, message: string): void;
}

/** Reads the key, or makes it at the first start. */
export function credentialSecret(dataDir: string, random: Random, logger: Teller): string {
  const file = join(dataDir, SECRET_FILE);
  try {
    const kept = readFileSync(file, "utf8").trim();
    if (kept !== "") return kept;
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  putAside(join(dataDir, "flows_cred.json"), file, logger);
  const secret = Buffer.from(random.bytes(32)).toString("hex");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

/** Credentials under a lost key cannot be read, and would keep every flow from loading: the flows go on without them. */
function putAside(credentials: string, secretFile: string, logger: Teller): void {
  if (!existsSync(credentials)) return;
  const aside = `${credentials}.unreadable`;
  renameSync(credentials, aside);
  logger.error(
    { code: "FLOW_SECRET_LOST" },
    `${secretFile} is gone, so the passwords in the flows cannot be read: enter them again, or put the file back and rename ${aside} to ${credentials}.`,
  );
}
