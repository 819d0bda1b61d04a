import type { Clock } from "./clock";
import type { Random } from "./random";

/** Makes ids that are unique and sort by time: UUID version 7 (RFC 9562, 5.7), monotonic within one source (6.2, method 1). */
export type IdSource = () => string;

export function createIds(clock: Pick<Clock, "now">, random: Random): IdSource {
  let lastMs = -1;
  let counter = 0;
  return () => {
    const now = clock.now();
    if (now > lastMs) {
      lastMs = now;
      counter = Math.floor(random.next() * 0x400);
    } else if (++counter > 0xfff) {
      // More than the 12 counter bits hold in one ms, or the clock went back: the time in the id runs ahead instead.
      lastMs += 1;
      counter = 0;
    }
    const tail = Buffer.from(random.bytes(8));
    tail.writeUInt8((tail.readUInt8(0) & 0x3f) | 0x80, 0);
    const time = lastMs.toString(16).padStart(12, "0");
    const rest = tail.toString("hex");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  };
}
