/** KLAP's hashes and cipher, both versions (reference/kasa.md, "KLAP"). ‖ is concatenation; L and R are the seeds of our side and theirs. */
import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from "node:crypto";
import type { Credentials } from "../protocol";

export type KlapVersion = 1 | 2;

const hash = (algorithm: string, ...parts: (Uint8Array | string)[]): Buffer => {
  const digest = createHash(algorithm);
  for (const part of parts) digest.update(part);
  return digest.digest();
};
const sha256 = (...parts: (Uint8Array | string)[]) => hash("sha256", ...parts);

/** v1: MD5(MD5(user) ‖ MD5(password)); v2: SHA256(SHA1(user) ‖ SHA1(password)) */
export const authHash = (version: KlapVersion, { username, password }: Credentials): Buffer =>
  version === 1
    ? hash("md5", hash("md5", username), hash("md5", password))
    : sha256(hash("sha1", username), hash("sha1", password));

export interface Seeds {
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
}

/** What the device proves itself with: v1 SHA256(L ‖ A), v2 SHA256(L ‖ R ‖ A). */
export const serverHash = (version: KlapVersion, { local, remote }: Seeds, auth: Uint8Array): Buffer =>
  version === 1 ? sha256(local, auth) : sha256(local, remote, auth);

/** What we prove ourselves with: v1 SHA256(R ‖ A), v2 SHA256(R ‖ L ‖ A). */
export const clientHash = (version: KlapVersion, { local, remote }: Seeds, auth: Uint8Array): Buffer =>
  version === 1 ? sha256(remote, auth) : sha256(remote, local, auth);

const SIGNATURE_BYTES = 32;

export class KlapCipher {
  readonly key: Buffer;
  readonly iv: Buffer;
  private readonly signatureKey: Buffer;
  /** Signed 32 bits; goes on by one with each request and wraps. */
  seq: number;

  constructor({ local, remote }: Seeds, auth: Uint8Array) {
    this.key = sha256("lsk", local, remote, auth).subarray(0, 16);
    const iv = sha256("iv", local, remote, auth);
    this.iv = iv.subarray(0, 12);
    this.seq = iv.readInt32BE(28);
    this.signatureKey = sha256("ldk", local, remote, auth).subarray(0, 28);
  }

  /** The body of the next request; its number is `seq` afterwards. */
  encrypt(text: string): Buffer {
    this.seq = (this.seq + 1) | 0;
    const cipher = createCipheriv("aes-128-cbc", this.key, this.ivOf(this.seq));
    const encrypted = Buffer.concat([cipher.update(text), cipher.final()]);
    return Buffer.concat([this.sign(this.seq, encrypted), encrypted]);
  }

  /** The text of the answer to request `seq`; undefined where its signature is wrong or there is none. */
  decrypt(body: Buffer, seq: number): string | undefined {
    const signature = body.subarray(0, SIGNATURE_BYTES);
    const encrypted = body.subarray(SIGNATURE_BYTES);
    if (encrypted.length === 0 || encrypted.length % 16 !== 0) return undefined;
    if (!timingSafeEqual(signature, this.sign(seq, encrypted))) return undefined;
    const cipher = createDecipheriv("aes-128-cbc", this.key, this.ivOf(seq));
    try {
      return Buffer.concat([cipher.update(encrypted), cipher.final()]).toString();
    } catch {
      return undefined;
    }
  }

  private ivOf(seq: number): Buffer {
    return Buffer.concat([this.iv, int32(seq)]);
  }

  private sign(seq: number, encrypted: Uint8Array): Buffer {
    return sha256(this.signatureKey, int32(seq), encrypted);
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}
