/** Sessions, tokens and links are 256 random bits; what is kept of them is their SHA-256: against that much chance no slow hash is needed. */
import { createHash } from "node:crypto";
import type { Random } from "@skein/kit";

export const makeSecret = (random: Random): string => Buffer.from(random.bytes(32)).toString("base64url");
export const digestOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
