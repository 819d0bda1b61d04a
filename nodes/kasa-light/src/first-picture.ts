/** "Send the current state on deploy": each device that the node watches once, as soon as it is known how it stands. Who comes later is no part of it. */
import type { Clock } from "@skein/kit";
import type { Light, LightDesk } from "./light-desk";

/** Kept state comes in one go: a moment after the house is known, ms, it is known whom the picture is of. */
const COMPLETE_MS = 2000;

export function createFirstPicture(parts: {
  clock: Clock;
  desk: Pick<LightDesk, "ready" | "presence" | "get">;
  /** Ids of those that the node watches. */
  watched(): readonly string[];
  say(light: Light): void;
}) {
  const { clock, desk } = parts;
  const told = new Set<string>();
  /** Undefined while the picture is open; then whom it still waits for. */
  let awaited: Set<string> | undefined;
  let cancel: (() => void) | undefined;
  const close = () => (awaited = new Set(parts.watched().filter((id) => !told.has(id))));
  return {
    /** This one was told as news. */
    told: (id: string) => void told.add(id),
    /** Something may have changed. */
    look(): void {
      if (!desk.ready || desk.presence !== "there") return;
      cancel ??= clock.setTimer(close, COMPLETE_MS, { unref: true });
      for (const id of awaited ?? parts.watched()) {
        const light = desk.get(id);
        if (!light?.state || told.has(id)) continue;
        told.add(id);
        parts.say(light);
      }
    },
    stop: () => cancel?.(),
  };
}
