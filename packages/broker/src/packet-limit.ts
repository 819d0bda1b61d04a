/**
 * Cuts a connection that announces a packet larger than allowed, before it has been received: mqtt-packet's parser has no limit and
 * would collect up to 256 MB. Aedes takes bytes by `read()`, so that is where they are looked at; a packet is one byte of type,
 * a length of one to four bytes (7 bits each, low first: MQTT 3.1.1, 2.2.3) and that many bytes.
 */
import type { Duplex } from "node:stream";

/** To be called before anybody reads; `onTooLarge` is told once, and the stream is then destroyed. */
export function limitPackets(stream: Duplex, maxBytes: number, onTooLarge: () => void): void {
  const read = stream.read.bind(stream);
  let skip = 0;
  let state: "type" | "length" = "type";
  let length = 0;
  let shift = 0;
  const fits = (bytes: Buffer): boolean => {
    for (let at = 0; at < bytes.length;) {
      if (skip > 0) {
        const step = Math.min(skip, bytes.length - at);
        skip -= step;
        at += step;
      } else if (state === "type") {
        state = "length";
        length = 0;
        shift = 0;
        at += 1;
      } else {
        const byte = bytes[at] ?? 0;
        length += (byte & 0x7f) * 2 ** shift;
        shift += 7;
        at += 1;
        if (length > maxBytes) return false;
        // A fifth length byte is no MQTT: Aedes' parser says so and closes.
        if (byte < 0x80 || shift > 21) {
          state = "type";
          skip = length;
        }
      }
    }
    return true;
  };
  stream.read = (size?: number): unknown => {
    const bytes = read(size) as Buffer | null;
    if (bytes === null || fits(bytes)) return bytes;
    onTooLarge();
    stream.destroy();
    return null;
  };
}
