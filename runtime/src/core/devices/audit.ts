/** Who did what to the house's devices, as events; a slider that is drawn is one, not fifty. */
import type { DeviceChange, NewEvent } from "@skein/contracts";
import type { Clock } from "@skein/kit";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink } from "../event-sink";

export interface DeviceAudit {
  tell(actor: Actor, type: string, text: string, about: Pick<NewEvent, "subject" | "room" | "data">): void;
  /** Somebody's order to one device was carried out. */
  switched(actor: Actor, device: SwitchedDevice, change: DeviceChange): void;
}

export interface SwitchedDevice {
  readonly id: string;
  readonly name: string;
  readonly room: string | undefined;
}

/** The same person, device and on or off within this are one event, ms. */
const SAME_MS = 10_000;

export function createDeviceAudit(events: EventSink, clock: Pick<Clock, "monotonic">): DeviceAudit {
  /** `account device on` to when it was told. */
  const told = new Map<string, number>();
  const tell: DeviceAudit["tell"] = (actor, type, text, about) =>
    events.add({
      type,
      severity: type === "device-credentials" ? "notice" : "info",
      audit: true,
      text: text.slice(0, 500),
      ...about,
      ...signatureOf(actor),
    });
  const isNews = (key: string): boolean => {
    const now = clock.monotonic();
    for (const [each, at] of told) if (now - at > SAME_MS) told.delete(each);
    const isNew = !told.has(key);
    told.set(key, now);
    return isNew;
  };
  return {
    tell,
    switched(actor, { id, name, room }, change) {
      const off = change.on === false || change.brightness === 0;
      if (!isNews(`${actor.account?.id} ${id} ${off ? "off" : plainOn(change) ? "on" : "set"}`)) return;
      tell(actor, "device-switched", `"${name}" was ${wordsOf(change)}.`, {
        subject: { kind: "device", id },
        ...(room !== undefined && { room }),
        data: { name, ...given(change) },
      });
    },
  };
}

const given = (change: DeviceChange): NonNullable<NewEvent["data"]> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

const plainOn = ({ on: _on, transitionMs: _transitionMs, ...rest }: DeviceChange): boolean =>
  Object.keys(given(rest)).length === 0;

function wordsOf(change: DeviceChange): string {
  if (change.on === false || change.brightness === 0) return "switched off";
  const parts = [
    change.brightness !== undefined && `${change.brightness} %`,
    (change.hue !== undefined || change.saturation !== undefined) && "another colour",
    change.kelvin !== undefined && `${change.kelvin} K`,
    typeof change.effect === "string" && `the effect "${change.effect}"`,
    change.effect === null && "no effect",
  ].filter((part) => part !== false);
  return parts.length === 0 ? "switched on" : `set to ${parts.join(", ")}`;
}
