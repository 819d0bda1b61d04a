/** A board as the machine that a follower runs on. */
import type { Board } from "@skein/stm32-link";
import type { Host } from "../../host/host";

export const hubHost = ({ bootId, hello }: Board, virtual: boolean): Host => ({
  bootId: uuidOf(bootId),
  ...(virtual && { virtual: {} }),
  describe: () => ({ model: hello.board, os: `firmware ${hello.firmware}` }),
  // How it fares it says in its heartbeats (hub.ts).
  read: () => Promise.reject(new Error("a board has no figures of a computer")),
});

/** A boot id has 8 bytes, the house's have 16: a UUID of the maker's own kind (RFC 9562, 5.8). */
function uuidOf(bootId: string): string {
  const hex = bootId.padEnd(16, "0").slice(0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-8${hex.slice(15, 16)}00-000000000000`;
}
