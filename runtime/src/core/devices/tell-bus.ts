/** `leader/devices/{id}`: each device as last confirmed, said again only when something of it is new. */
import type { Bus } from "@skein/bus";
import { deviceState, type DeviceStateData } from "@skein/contracts";
import { messageOf, type CancelTimer, type Clock, type Logger } from "@skein/kit";
import type { Devices } from "./devices";

export interface TellBusParts {
  readonly bus: Pick<Bus, "publish" | "publishRaw" | "subscribe">;
  readonly devices: Pick<Devices, "list" | "has" | "busState" | "listen">;
  readonly clock: Pick<Clock, "setTimer">;
  readonly logger: Logger;
}

/** Says at once how all are. @returns stops it */
export async function tellBus({ bus, devices, clock, logger }: TellBusParts): Promise<() => Promise<void>> {
  const told = new Map<string, string>();
  const failed = (what: string) => (error: unknown) =>
    logger.error({ reason: messageOf(error) }, `${what} could not be told to the bus`);
  /** Said in a moment: what fifty lamps answer to one order is heard first, and told after the last of them. */
  const waiting: { readonly id: string; readonly data: DeviceStateData }[] = [];
  let cancel: CancelTimer | undefined;
  const flush = () => {
    cancel?.();
    cancel = undefined;
    for (const { id, data } of waiting.splice(0)) bus.publish(deviceState, { id }, data).catch(failed(`how ${id} is`));
  };
  const tell = (id: string) => {
    if (!devices.has(id)) return;
    const data = devices.busState(id);
    const text = JSON.stringify(data);
    if (told.get(id) === text) return;
    told.set(id, text);
    waiting.push({ id, data });
    cancel ??= clock.setTimer(flush, 0);
  };
  const clear = (id: string) =>
    bus.publishRaw(deviceState.topic({ id }), new Uint8Array(), "state").catch(failed(`that ${id} is gone`));
  const removed = (id: string) => {
    if (!told.delete(id)) return;
    flush();
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
    flush();
    await stopWatching();
  };
}
