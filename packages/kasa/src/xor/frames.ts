/** Frames on TCP: the length of the ciphertext as uint32 big-endian, then the ciphertext. They come split and joined as TCP likes. */
import { SkeinError } from "@skein/kit";
import { decrypt, encrypt } from "./cipher";

/** No answer of a device is near it; what announces more is none. */
export const MAX_FRAME_BYTES = 256 * 1024;

export function frameOf(text: string): Buffer {
  const cipher = encrypt(Buffer.from(text));
  const frame = Buffer.allocUnsafe(4 + cipher.length);
  frame.writeUInt32BE(cipher.length);
  frame.set(cipher, 4);
  return frame;
}

/** Takes what comes in and hands out whole frames as text. Holds one frame of at most `MAX_FRAME_BYTES`. */
export function createFrameReader(): { push(chunk: Buffer): string[] } {
  let held: Buffer = Buffer.alloc(0);
  return {
    /** @throws SkeinError KASA_GARBAGE for a length that no frame has */
    push(chunk) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const texts: string[] = [];
      while (held.length >= 4) {
        const length = held.readUInt32BE();
        if (length === 0 || length > MAX_FRAME_BYTES)
          throw new SkeinError("KASA_GARBAGE", `a frame of ${length} bytes is announced, which no device sends.`);
        if (held.length < 4 + length) break;
        texts.push(decrypt(held.subarray(4, 4 + length)).toString());
        held = held.subarray(4 + length);
      }
      return texts;
    },
  };
}
