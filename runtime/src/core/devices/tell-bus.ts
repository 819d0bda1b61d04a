/** `leader/devices/{id}`: each device as last confirmed, said again only when something of it is new. */
import type { Bus } from "@skein/bus";
import { deviceState } from "@skein/contracts";
import { messageOf, type Logger } from "@skein/kit";
import type { Devices } from "./devices";

export interface TellBusParts {
  readonly bus: Pick<Bus, "publish" | "publishRaw" | "subscribe">;
  readonly devices: Pick<Devices, "list" | "has" | "busState" | "listen">;
  readonly logger: Logger;
}

/** Says at once how all are. @returns stops it */
export async function tellBus({ bus, devices, logger }: TellBusParts): Promise<() => Promise<void>> {
  const told = new Map<string, string>();
  const failed = (what: string) => (error: unknown) =>
    logger.error({ reason: messageOf(error) }, `${what} could not be told to the bus`);
  const tell = (id: string) => {
    if (!devices.has(id)) return;
    const data = devices.busState(id);
    const text = JSON.stringify(data);
    if (told.get(id) === text) return;
    told.set(id, text);
    bus.publish(deviceState, { id }, data).catch(failed(`how ${id} is`));
  };
  const clear = (id: string) =>
    bus.publishRaw(deviceState.topic({ id }), new Uint8Array(), "state").catch(failed(`that ${id} is gone`));
  const removed = (id: string) => {
    if (!told.delete(id)) return;
    // For whoever listens now; then nothing is kept of it for whoever comes later.
    bus
      .publish(deviceState, { id }, null)
      .catch(failed(`that ${id} is given up`))
      .finally(() => void clear(id));
  };
  for (const { id } of devices.list()) tell(id);
  const stopListening = devices.listen({ device: tell, removed });
  // What the broker keeps of a device that left while it was away, or before a backup that was put back.
  const stopWatching = await bus.subscribe(deviceState, {}, ({ ids: { id }, retained }) => {
    if (retained && !devices.has(id)) void clear(id);
  });
  return async () => {
    stopListening();
    await stopWatching();
  };
}
