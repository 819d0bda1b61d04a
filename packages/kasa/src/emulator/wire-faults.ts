/** How an answer leaves a device that is slow, noisy or cut into pieces. */
import type { Socket } from "node:net";
import { sleep, type Clock, type Random } from "@skein/kit";
import type { Faults } from "./emulator";

/** Waits as long as the device is slow; false where it stays silent for good. */
export async function beforeAnswer(faults: Faults, clock: Clock): Promise<boolean> {
  if (faults.delayMs) await sleep(clock, faults.delayMs);
  return faults.silent !== true;
}

/** Of another length: 48 bytes of noise to KLAP's first handshake are, by its design, what a wrong password looks like. */
export const noisy = (faults: Faults, answer: Buffer, random: Random): Buffer =>
  faults.garbage ? Buffer.from(random.bytes(answer.length + 8)) : answer;

/** In pieces, each in a packet of its own, where the fault says so. Resolves when the other side has taken it, or is gone. */
export async function writeSplit(socket: Socket, answer: Buffer, faults: Faults): Promise<void> {
  const size = Math.max(1, faults.splitBytes ?? answer.length);
  for (let at = 0; at < answer.length && !socket.destroyed; at += size) {
    await new Promise<void>((resolve) => socket.write(answer.subarray(at, at + size), () => resolve()));
    if (at + size < answer.length) await new Promise((resolve) => setImmediate(resolve));
  }
}
