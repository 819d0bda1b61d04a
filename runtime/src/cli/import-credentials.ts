/** Node-RED's credential files: AES-256-CTR under the SHA-256 of a key (runtime/lib/nodes/credentials.js). */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { Random } from "@skein/kit";
import { z } from "zod";

/** By node id. */
export type Credentials = Record<string, unknown>;

const encrypted = z.strictObject({ $: z.string().min(33) });
const plain = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Opens a file's content with the first key that fits; undefined when none does. CTR has no check sum, so what comes out must be such a file. */
export function openCredentials(content: unknown, keys: readonly string[]): Credentials | undefined {
  const sealed = encrypted.safeParse(content);
  if (!sealed.success) {
    const open = plain.safeParse(content);
    return open.success ? open.data : undefined;
  }
  for (const key of keys) {
    try {
      const text = sealed.data.$;
      const cipher = createDecipheriv("aes-256-ctr", keyOf(key), Buffer.from(text.slice(0, 32), "hex"));
      const opened = plain.safeParse(
        JSON.parse(cipher.update(text.slice(32), "base64", "utf8") + cipher.final("utf8")),
      );
      if (opened.success) return opened.data;
    } catch {
      // Not this key: what came out was no JSON.
    }
  }
  return undefined;
}

export function sealCredentials(credentials: Credentials, key: string, random: Random): { $: string } {
  const start = Buffer.from(random.bytes(16));
  const cipher = createCipheriv("aes-256-ctr", keyOf(key), start);
  return {
    $: start.toString("hex") + cipher.update(JSON.stringify(credentials), "utf8", "base64") + cipher.final("base64"),
  };
}

const keyOf = (key: string): Buffer => createHash("sha256").update(key).digest();
