/** One light, plug or outlet of a device: how it stands, what is asked of it and who waits for that. */
import type { StateCause } from "../client";
import type { Change, DeviceInfo, LightState } from "../model";
import type { Reading } from "../families/family";
import { merge } from "./merge";

export interface Waiter {
  /** When it was asked for, ms of the monotonic clock. */
  readonly sinceMs: number;
  resolve(reached: { state: LightState; ms: number }): void;
  reject(error: Error): void;
}

export interface Order {
  change: Change;
  by: unknown;
  readonly waiters: Waiter[];
  /** Whether a lost connection has cost it a try already. */
  retried: boolean;
}

export class Light {
  /** As it said, but without the meter that it turned out not to have. */
  info: DeviceInfo;
  private meterless = false;
  state: LightState;
  confirmedAt: number;
  /** What is to be sent next; one at most, whatever was asked for meanwhile is in it. */
  order: Order | undefined;
  /** What is sent and not yet answered. */
  underWay: Change | undefined;
  /** Until its device was looked at again, changes are what the last command brought about. */
  settling: { readonly by: unknown } | undefined;
  /** Ends the fade that is made of steps. */
  endFade: (() => void) | undefined;

  constructor({ info, state }: Reading, now: number) {
    this.info = info;
    this.state = state;
    this.confirmedAt = now;
  }

  /** @returns whether it calls itself something else, or has another firmware */
  takeInfo(info: DeviceInfo): boolean {
    const { alias, firmware } = this.info;
    if (info.firmware !== firmware) this.meterless = false;
    this.info = this.meterless ? withoutMeter(info) : info;
    return info.alias !== alias || info.firmware !== firmware;
  }

  /** The older bulbs do not say whether they have a meter: they are asked, and some refuse. */
  hasNoMeter(): void {
    this.meterless = true;
    this.info = withoutMeter(this.info);
  }

  /** Whether nothing but an effect is to end, and none is shown nor asked for: to end one must not switch a light on. */
  hasNothingToEnd(change: Change): boolean {
    if (change.effect !== null || this.order || this.underWay) return false;
    const isAll = Object.entries(change).every(
      ([field, value]) => field === "effect" || field === "transitionMs" || value === undefined,
    );
    return isAll && (!this.state.on || this.state.effect === undefined);
  }

  get reading(): Reading {
    return { info: this.info, state: this.state };
  }

  /** With what was asked for and is not yet confirmed. */
  get aimedBrightness(): number {
    return this.order?.change.brightness ?? this.underWay?.brightness ?? this.state.brightness ?? 100;
  }

  ask(change: Change, by: unknown, waiter: Waiter): void {
    if (this.order) {
      this.order.change = merge(this.order.change, change);
      this.order.by = by;
      this.order.waiters.push(waiter);
    } else this.order = { change, by, waiters: [waiter], retried: false };
  }

  /** An order whose answer was lost goes first once more; what was asked for meanwhile goes on top of it. */
  askAgain(order: Order): void {
    const newer = this.order;
    this.order = { ...order, waiters: [...order.waiters], retried: true };
    for (const waiter of newer?.waiters ?? []) this.ask(newer?.change ?? {}, newer?.by, waiter);
  }

  /** Why what a look shows is other than what was known. */
  get causeOfNews(): StateCause {
    return this.settling ? { kind: "command", by: this.settling.by } : { kind: "elsewhere" };
  }

  fail(error: Error): void {
    const { order } = this;
    this.order = undefined;
    for (const waiter of order?.waiters ?? []) waiter.reject(error);
  }
}

const withoutMeter = (info: DeviceInfo): DeviceInfo => ({ ...info, abilities: { ...info.abilities, energy: false } });

const FIELDS = ["on", "brightness", "hue", "saturation", "kelvin", "effect"] as const;
export const sameState = (a: LightState, b: LightState): boolean => FIELDS.every((field) => a[field] === b[field]);

/** Whether somebody else was at it, for a light whose last step is known. What a device makes of a colour is no proof: it rounds. */
export const touched = (known: LightState, seen: LightState): boolean =>
  known.on !== seen.on || Math.abs((known.brightness ?? 0) - (seen.brightness ?? 0)) > 1;
