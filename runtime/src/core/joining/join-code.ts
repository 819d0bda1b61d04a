/**
 * A join code as people read it to each other: eight characters that nobody mistakes for one another, `K7QM-2XNP`. No 0 O, no 1 I L,
 * and no U, which is heard and written as V: 30 are left, and 30^8 is 39 bits.
 */
import type { Random } from "@skein/kit";

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 8;
const PATTERN = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);
/** Bytes from here up would make the first characters likelier than the last. */
const FAIR_BELOW = 256 - (256 % ALPHABET.length);

export function makeJoinCode(random: Random): string {
  let code = "";
  while (code.length < LENGTH)
    for (const byte of random.bytes(LENGTH))
      if (byte < FAIR_BELOW && code.length < LENGTH) code += ALPHABET[byte % ALPHABET.length];
  return code;
}

export const showJoinCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;

/** As it may be typed: in lower case, with or without the dash, with spaces. Undefined for what can be no code. */
export function readJoinCode(text: string): string | undefined {
  const code = text.toUpperCase().replaceAll(/[\s-]+/g, "");
  return PATTERN.test(code) ? code : undefined;
}
