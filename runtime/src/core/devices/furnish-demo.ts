/** The demo's first start: its lamps stand in their rooms without anybody's hand, but for the one that is left to be added. */
import { idOfMac } from "@skein/kasa";
import { every, messageOf, type Clock, type Logger } from "@skein/kit";
import type { CoreInit } from "../../launcher/ipc";
import type { HouseRegistry } from "../registry/house-registry";
import type { DeviceSide } from "./open-devices";

/** The virtual home starts beside core: its lamps are there a moment later. */
const LOOK_EVERY_MS = 1500;
const LOOKS = 20;

/** @returns ends it early */
export function furnishDemo(
  lamps: NonNullable<CoreInit["demoLamps"]>,
  {
    devices,
    discovery,
    registry,
    clock,
    logger,
  }: Pick<DeviceSide, "devices" | "discovery"> & {
    readonly registry: HouseRegistry;
    readonly clock: Clock;
    readonly logger: Logger;
  },
): () => void {
  const waiting = lamps.flatMap(({ mac, name, room }) =>
    room === undefined ? [] : [{ id: idOfMac(mac), name, room }],
  );
  // A demo that was started before is as its visitor left it.
  if (devices.view().devices.length > 0) return () => {};
  let looks = 0;
  let busy = false;
  const stop = every(clock, LOOK_EVERY_MS, () => {
    if (busy) return;
    busy = true;
    void look().catch((error: unknown) => logger.warn({ reason: messageOf(error) }, "a lamp was not put up"));
  });
  const look = async (): Promise<void> => {
    try {
      await discovery.look();
      const found = new Set(devices.view().found.map(({ id }) => id));
      for (const { id, name, room } of waiting)
        if (found.has(id)) await devices.adopt({ id, name, room: await roomCalled(room) });
      const done = waiting.every(({ id }) => devices.has(id));
      if (done || ++looks >= LOOKS) stop();
    } finally {
      busy = false;
    }
  };
  const roomCalled = async (name: string): Promise<string> =>
    (registry.view().rooms.find((room) => room.name === name) ?? (await registry.addRoom({ name, private: false }))).id;
  return stop;
}
