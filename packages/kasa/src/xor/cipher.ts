/** The older devices' "cipher": each byte is XORed with the ciphertext byte before it, the first with 171 (reference/kasa.md, "XOR"). */
const FIRST_KEY = 0xab;

export function encrypt(plain: Uint8Array): Buffer {
  const cipher = Buffer.allocUnsafe(plain.length);
  let key = FIRST_KEY;
  for (let index = 0; index < plain.length; index++) cipher[index] = key = (plain[index] as number) ^ key;
  return cipher;
}

export function decrypt(cipher: Uint8Array): Buffer {
  const plain = Buffer.allocUnsafe(cipher.length);
  let key = FIRST_KEY;
  for (let index = 0; index < cipher.length; index++) {
    const byte = cipher[index] as number;
    plain[index] = byte ^ key;
    key = byte;
  }
  return plain;
}
