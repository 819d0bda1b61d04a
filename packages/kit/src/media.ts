/** Pictures as they travel on the bus: bytes on a topic of their own, named by a hash in the message that they belong to. */
import { createHash } from "node:crypto";

/** The first 160 bits of SHA-256 in hexadecimal: short enough for an id, too long to be guessed or hit by chance. */
export const mediaHash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex").slice(0, 40);

export type PictureType = "image/jpeg" | "image/png";

/** By its first bytes: JPEG's SOI and a marker (ITU-T T.81, B.1.1.3), or PNG's signature (ISO 15948, 5.2); undefined for anything else. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | undefined {
  const begins = (...wanted: number[]) => wanted.every((byte, index) => bytes[index] === byte);
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  return begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ? "image/png" : undefined;
}
