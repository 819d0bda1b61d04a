/**
 * Who did what to the house's devices, as events. A slider that is drawn is one entry, not fifty, and tells what it came to: history
 * cannot be changed afterwards, so an order waits a moment for the next of its kind before it is written.
 */
import type { DeviceChange, NewEvent } from "@skein/contracts";
import type { CancelTimer, Clock } from "@skein/kit";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink } from "../event-sink";

export interface DeviceAudit {
  /** Told at once, behind what was ordered before. */
  tell(actor: Actor, type: string, text: string, about: Pick<NewEvent, "subject" | "room" | "data">): void;
  /** Somebody's order to one device was carried out. */
  switched(actor: Actor, device: SwitchedDevice, change: DeviceChange): void;
  /** Writes what still waits. */
  close(): void;
}

export interface SwitchedDevice {
  readonly id: string;
  readonly name: string;
  readonly room: string | undefined;
}

/** An order is written when none of its kind has followed for so long, ms. */
const QUIET_MS = 1000;
/** Those of one kind are written at the latest so long after the first, ms: a program that never pauses is in the history too. */
const LONGEST_MS = 10_000;

/** What was ordered of a device last and is not written yet. */
interface Waiting {
  /** Whose order and of which fields: another one's begins another entry. */
  readonly kind: string;
  readonly since: number;
  readonly write: () => void;
  readonly cancel: CancelTimer;
}

export function createDeviceAudit(events: EventSink, clock: Clock): DeviceAudit {
  /** By device: one at most, so that each device's entries stand in the order in which they were given. */
  const waiting = new Map<string, Waiting>();
  const write = (id: string) => {
    const due = waiting.get(id);
    waiting.delete(id);
    due?.cancel();
    due?.write();
  };
  const writeAll = () => [...waiting.keys()].forEach(write);
  const add = (actor: Actor, event: Pick<NewEvent, "type" | "text" | "subject" | "room" | "data" | "at">) =>
    events.add({
      severity: event.type === "device-credentials" ? "notice" : "info",
      audit: true,
      ...event,
      text: event.text.slice(0, 500),
      ...signatureOf(actor),
    });
  return {
    tell(actor, type, text, about) {
      writeAll();
      add(actor, { type, text, ...about });
    },
    switched(actor, { id, name, room }, change) {
      const kind = `${actor.account?.id} ${fieldsOf(change)}`;
      if (waiting.get(id)?.kind !== kind) write(id);
      const now = clock.monotonic();
      const before = waiting.get(id);
      before?.cancel();
      const since = before?.since ?? now;
      const event = {
        type: "device-switched",
        at: clock.now(),
        text: `"${name}" was ${wordsOf(change)}.`,
        subject: { kind: "device", id },
        ...(room !== undefined && { room }),
        data: { name, ...given(change) },
      };
      waiting.set(id, {
        kind,
        since,
        write: () => add(actor, event),
        cancel: clock.setTimer(() => write(id), Math.min(QUIET_MS, since + LONGEST_MS - now)),
      });
    },
    close: writeAll,
  };
}

const isOff = ({ on, brightness }: DeviceChange): boolean => on === false || brightness === 0;

/** On and off are of one kind: of many presses of a switch, the last one counts. */
const fieldsOf = (change: DeviceChange): string =>
  isOff(change) ? "" : Object.keys(lookOf(change)).toSorted().join(" ");

const given = (change: DeviceChange): NonNullable<NewEvent["data"]> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** Without whether it is on and how fast it got there. */
const lookOf = ({ on: _on, transitionMs: _transitionMs, ...look }: DeviceChange) => given(look);

function wordsOf(change: DeviceChange): string {
  if (isOff(change)) return "switched off";
  const parts = [
    change.brightness !== undefined && `${change.brightness} %`,
    (change.hue !== undefined || change.saturation !== undefined) && "another colour",
    change.kelvin !== undefined && `${change.kelvin} K`,
    typeof change.effect === "string" && `the effect "${change.effect}"`,
    change.effect === null && "no effect",
  ].filter((part) => part !== false);
  return parts.length === 0 ? "switched on" : `set to ${parts.join(", ")}`;
}
