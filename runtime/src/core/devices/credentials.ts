/**
 * User and password of the owner's account with the maker, which the newer protocols want even on the LAN. They lie in
 * `core/kasa-credentials.json`, sealed with AES-256-GCM under a key of their own in `secrets/kasa-key`, and come out to the Kasa client
 * alone: whoever gets hold of core's documents has not got them. A backup holds both files.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "@skein/kasa";
import { defineDocument, hasCode, writeAtomically, type Clock, type Random } from "@skein/kit";
import { z } from "zod";
import { openOrBegin } from "../open-or-begin";

const base64 = z.base64();

export const credentialsDocument = defineDocument({
  name: "kasa-credentials.json",
  schema: z.strictObject({
    version: z.literal(1),
    sealed: z.strictObject({ iv: base64, tag: base64, text: base64 }).optional(),
  }),
  empty: { version: 1 },
});
type Sealed = NonNullable<z.output<typeof credentialsDocument.schema>["sealed"]>;

const KEY_FILE = "kasa-key";
/** What is sealed is bound to what it is for. */
const PURPOSE = Buffer.from("skein kasa credentials 1");
const pair = z.strictObject({ username: z.string(), password: z.string() });

export interface CredentialsKeeper {
  /** Undefined: none were given, or they cannot be read. */
  readonly value: Credentials | undefined;
  /** Some were given, and their key is gone or another: putting it back mends it, entering them anew too. */
  readonly lost: boolean;
  /** @throws SkeinError DOCUMENT_UNWRITABLE; what node:fs throws when no key can be made */
  set(credentials: Credentials | undefined): Promise<void>;
}

/** @throws SkeinError DOCUMENT_UNREADABLE when a damaged file cannot be put aside */
export function openCredentials(
  dataDir: string,
  { clock, random }: { readonly clock: Pick<Clock, "now">; readonly random: Random },
): CredentialsKeeper {
  const file = join(dataDir, "core", credentialsDocument.name);
  const keyFile = join(dataDir, "secrets", KEY_FILE);
  const { document, putAside } = openOrBegin({ file, ...credentialsDocument }, clock.now());
  const { sealed } = document.value;
  const key = readKey(keyFile);
  let value = sealed && key && unseal(sealed, key);
  let lost = putAside !== undefined || (sealed !== undefined && value === undefined);
  return {
    get value() {
      return value;
    },
    get lost() {
      return lost;
    },
    async set(credentials) {
      const next = credentials && seal(credentials, readKey(keyFile) ?? makeKey(keyFile, random), random);
      await document.update(() => ({ version: 1, ...(next && { sealed: next }) }));
      value = credentials;
      lost = false;
    },
  };
}

function readKey(file: string): Buffer | undefined {
  try {
    const key = Buffer.from(readFileSync(file, "utf8").trim(), "hex");
    return key.length === 32 ? key : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function makeKey(file: string, random: Random): Buffer {
  const key = Buffer.from(random.bytes(32));
  writeAtomically(file, `${key.toString("hex")}\n`);
  return key;
}

function seal({ username, password }: Credentials, key: Buffer, random: Random): Sealed {
  // A new nonce each time: NIST SP 800-38D, 8.2.2.
  const iv = Buffer.from(random.bytes(12));
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(PURPOSE);
  const text = Buffer.concat([cipher.update(JSON.stringify({ username, password })), cipher.final()]);
  return { iv: iv.toString("base64"), tag: cipher.getAuthTag().toString("base64"), text: text.toString("base64") };
}

/** Undefined when the key is another one, or what is sealed was tampered with. */
function unseal(sealed: Sealed, key: Buffer): Credentials | undefined {
  const bytes = (text: string) => Buffer.from(text, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes(sealed.iv), { authTagLength: 16 });
    decipher.setAAD(PURPOSE);
    decipher.setAuthTag(bytes(sealed.tag));
    const text = Buffer.concat([decipher.update(bytes(sealed.text)), decipher.final()]).toString();
    return pair.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
