/**
 * Consistent overhead byte stuffing (Cheshire and Baker, 1999) for frames of at most 254 bytes: no zero in the frame, so that a zero
 * ends it. Strict: what no encoder makes is refused (npm's cobs takes it).
 */

/** @param data at most 254 bytes */
export function stuff(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 1);
  let code = 0;
  for (const [index, byte] of data.entries()) {
    if (byte === 0) {
      out[code] = index + 1 - code;
      code = index + 1;
    } else out[index + 1] = byte;
  }
  out[code] = data.length + 1 - code;
  return out;
}

/** @param block without the zero at its end. @returns undefined when it is damaged */
export function unstuff(block: Uint8Array): Uint8Array | undefined {
  if (block.length === 0 || block.length > 255) return undefined;
  const out = new Uint8Array(block.length - 1);
  let at = 0;
  while (at < block.length) {
    const code = block[at] ?? 0;
    const next = at + code;
    if (code === 0 || next > block.length) return undefined;
    for (let index = at + 1; index < next; index++) {
      const byte = block[index] ?? 0;
      if (byte === 0) return undefined;
      out[index - 1] = byte;
    }
    if (next < block.length) out[next - 1] = 0;
    at = next;
  }
  return out;
}
