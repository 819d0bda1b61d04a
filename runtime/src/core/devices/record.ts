/** What history keeps of devices: that one is away or back, that it speaks another protocol, and the power that it takes. */
import type { DeviceView, NewEvent } from "@skein/contracts";
import type { History } from "@skein/history";
import type { KasaClient } from "@skein/kasa";
import type { CancelTimer, Clock } from "@skein/kit";
import type { EventSink } from "../event-sink";
import type { HouseRegistry } from "../registry/house-registry";
import type { Devices } from "./devices";

export interface RecordParts {
  readonly kasa: Pick<KasaClient, "on">;
  readonly devices: Pick<Devices, "has" | "get" | "list" | "listen">;
  readonly registry: Pick<HouseRegistry, "placeOf">;
  readonly history: Pick<History, "series">;
  readonly events: EventSink;
  /** A device that is back within this is no news, ms. */
  readonly awayMs: number;
  readonly clock: Clock;
}

/** @returns stops it */
export function recordDevices({ kasa, devices, registry, history, events, awayMs, clock }: RecordParts): () => void {
  /** Away, and not for long enough yet. */
  const waiting = new Map<string, CancelTimer>();
  /** Told to be away. */
  const away = new Set<string>();
  const tell = (id: string, event: Omit<NewEvent, "subject" | "room" | "data">, data: NewEvent["data"] = {}) => {
    const { room } = registry.placeOf("device", id);
    events.add({
      ...event,
      text: event.text.slice(0, 500),
      subject: { kind: "device", id },
      ...(room !== undefined && { room }),
      data: { name: devices.get(id).name, ...data },
    });
  };
  const tellAway = (id: string) => {
    waiting.delete(id);
    if (!devices.has(id)) return;
    away.add(id);
    const { name, diagnosis } = devices.get(id);
    const { condition, text: why, hint } = diagnosis;
    const text = `"${name}" is not reached: ${why}`;
    const data = { condition, why, ...(hint !== undefined && { hint }) };
    tell(id, { type: "device-unreachable", severity: "warning", text }, data);
  };
  const forget = (id: string) => {
    waiting.get(id)?.();
    waiting.delete(id);
    return away.delete(id);
  };
  const judge = ({ id, name, diagnosis: { condition } }: DeviceView) => {
    // Trying is neither.
    if (condition === "connecting") return;
    if (condition !== "ok") {
      if (!waiting.has(id) && !away.has(id))
        waiting.set(
          id,
          clock.setTimer(() => tellAway(id), awayMs),
        );
    } else if (forget(id)) {
      tell(id, { type: "device-back", severity: "notice", text: `"${name}" is reached again.` });
    }
  };
  // Of a strip that has not answered since the start the client knows the strip alone, and the house its outlets: they stand as it does.
  const judgeAll = (id: string) => {
    for (const each of devices.list()) if (each.id === id || each.parent === id) judge(each);
  };
  const stops = [
    kasa.on((event) => {
      if (event.type === "diagnosis") judgeAll(event.device.id);
      if (event.type === "energy")
        history.series.add({ subject: `device:${event.device.id}`, name: "powerW" }, clock.now(), event.energy.powerW);
      if (event.type === "protocol-changed" && devices.has(event.device.id)) {
        const { from, to, device } = event;
        const text = `"${devices.get(device.id).name}" speaks ${to} now and no longer ${from}: its firmware was changed.`;
        tell(device.id, { type: "device-protocol-changed", severity: "notice", text }, { from, to });
      }
    }),
    devices.listen({ removed: (id) => void forget(id) }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const cancel of waiting.values()) cancel();
  };
}
