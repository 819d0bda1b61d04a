/**
 * How the bus's passwords are kept: as Mosquitto keeps them, `$7$ITERATIONS$SALT$HASH` (PBKDF2 with SHA-512, base64; its
 * src/password_mosq.c), so that the same users go into either broker's file. Passwords are 192 random bits, against which Mosquitto's
 * own default of 101 iterations is plenty. Houses from before have `sha256$SALT$HASH`, which the embedded broker still takes.
 */
import { createHash, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { Random } from "@skein/kit";

const ITERATIONS = 101;
/** What Mosquitto takes, and what its own mosquitto_passwd makes, bytes. */
const SALT_BYTES = 12;
const HASH_BYTES = 64;
/** A file that somebody else wrote shall not stop the broker for seconds at every login. */
const MOST_ITERATIONS = 100_000;

export function hashPassword(password: string, random: Random): string {
  const salt = Buffer.from(random.bytes(SALT_BYTES));
  return `$7$${ITERATIONS}$${salt.toString("base64")}$${derive(password, salt, ITERATIONS).toString("base64")}`;
}

export function passwordFits(hash: string, password: string): boolean {
  const made = isMosquittoHash(hash) ? pbkdf2Pair(hash, password) : sha256Pair(hash, password);
  return made !== undefined && made.given.length === made.wanted.length && timingSafeEqual(made.given, made.wanted);
}

/** Whether Mosquitto takes it. */
export const isMosquittoHash = (hash: string): boolean => hash.startsWith("$7$");

interface Pair {
  readonly given: Buffer;
  readonly wanted: Buffer;
}

function pbkdf2Pair(hash: string, password: string): Pair | undefined {
  const [, , iterations = "", salt = "", wanted = ""] = hash.split("$");
  const rounds = Number(iterations);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ITERATIONS) return undefined;
  return {
    given: derive(password, Buffer.from(salt, "base64"), rounds),
    wanted: Buffer.from(wanted, "base64"),
  };
}

function sha256Pair(hash: string, password: string): Pair | undefined {
  const [scheme, salt = "", wanted = ""] = hash.split("$");
  if (scheme !== "sha256") return undefined;
  const given = createHash("sha256").update(`${salt}$${password}`).digest("base64url");
  return { given: Buffer.from(given), wanted: Buffer.from(wanted) };
}

const derive = (password: string, salt: Buffer, rounds: number): Buffer =>
  pbkdf2Sync(password, salt, rounds, HASH_BYTES, "sha512");
