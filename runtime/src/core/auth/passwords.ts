/** Passwords as they are kept: scrypt (RFC 7914) with a salt each, in the PHC string format, so that costs can grow later. */
import { scrypt, timingSafeEqual } from "node:crypto";
import { SkeinError, type Random } from "@skein/kit";

/** OWASP's Password Storage Cheat Sheet (2025): N = 2^17, r = 8, p = 1; 128 MiB and some 0.3 s for each try on an old laptop. */
const COST = { ln: 17, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** So many are worked out at a time, each with its 128 MiB; the rest waits, and a crowd is turned away. */
const AT_A_TIME = 2;
const WAITING = 16;

export interface Passwords {
  /** `$scrypt$ln=17,r=8,p=1$SALT$HASH` @throws SkeinError LOGIN_BUSY */
  hash(password: string): Promise<string>;
  /** Takes as long for nobody's password (`undefined`) as for somebody's. @throws SkeinError LOGIN_BUSY */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

export function createPasswords(random: Random, cost = COST): Passwords {
  const queue = createQueue();
  const hashOf = async (password: string): Promise<string> => {
    const salt = random.bytes(SALT_BYTES);
    const key = await queue(() => derive(password, salt, cost));
    return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(key)}`;
  };
  const nobody = `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${base64(random.bytes(SALT_BYTES))}$${base64(random.bytes(KEY_BYTES))}`;
  return {
    hash: hashOf,
    async verify(password, hash) {
      const [, ln, r, p, salt = "", key = ""] =
        /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash ?? nobody) ?? [];
      const wanted = Buffer.from(key, "base64url");
      const found = await queue(() =>
        derive(password, Buffer.from(salt, "base64url"), { ln: Number(ln), r: Number(r), p: Number(p) }),
      );
      return hash !== undefined && wanted.length === found.length && timingSafeEqual(wanted, found);
    },
  };
}

function derive(password: string, salt: Uint8Array, { ln, r, p }: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    // NFKC: the same word typed on a phone and on a keyboard is the same bytes (NIST SP 800-63B, 3.1.1.2).
    scrypt(
      password.normalize("NFKC"),
      salt,
      KEY_BYTES,
      { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r },
      (error, key) => (error ? reject(error) : resolve(key)),
    ),
  );
}

function createQueue() {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= AT_A_TIME) {
      if (waiting.length >= WAITING)
        throw new SkeinError("LOGIN_BUSY", "too many are logging in at this moment; try again in a few seconds.");
      await new Promise<void>((go) => waiting.push(go));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
