/**
 * What is asked of each device, absolute: commands on the wire are never relative and never "toggle", so both are decided here,
 * against what each device last confirmed. In company each does what it can: red reaches the lamps that have colours.
 */
import type { DeviceChange } from "@skein/contracts";
import type { Light, Ordered, Outcome } from "./light-desk";
import type { Relative, Wish } from "./order";

export type Missed = Extract<Outcome, { ok: false }>;

export interface Resolved {
  readonly orders: readonly Ordered[];
  /** Of whom it cannot be asked, and why. */
  readonly missed: readonly Missed[];
}

/** @param alone one device that was named: then the leader says itself what it cannot do */
export function resolve(wish: Wish, lights: readonly Light[], alone: boolean): Resolved {
  const anyOn = lights.some(({ state }) => state?.on);
  const orders: Ordered[] = [];
  const missed: Missed[] = [];
  for (const light of lights) {
    if (needsState(wish) && !light.state) missed.push(unknown(light));
    else {
      const set = changeOf(wish, light, { anyOn, alone });
      if (set) orders.push({ device: light.id, set });
    }
  }
  // A step that moves nobody (all are off), and no effect to be ended, are no failures; a colour where no lamp has any is one.
  const mayMoveNobody = isStep(wish.brightness) || wish.effect === null;
  const incapable = orders.length === 0 && missed.length === 0 && !mayMoveNobody;
  return { orders, missed: incapable ? lights.map(cannot) : missed };
}

const isStep = (brightness: Wish["brightness"]): brightness is Relative => typeof brightness === "object";

export const needsState = ({ on, brightness }: Wish): boolean => on === "toggle" || isStep(brightness);

function changeOf(
  wish: Wish,
  light: Light,
  { anyOn, alone }: { anyOn: boolean; alone: boolean },
): DeviceChange | undefined {
  const { on: asked, brightness: level, transitionMs, ...look } = wish;
  const dims = light.abilities?.brightness !== false;
  // A default fade is no reason for a plug to refuse.
  const fade = transitionMs === undefined || !dims ? {} : { transitionMs };
  const on = asked === "toggle" ? !anyOn : asked;
  if (on === false) return { on, ...fade };
  const shown = alone ? look : withinAbilities(look, light);
  const change: DeviceChange = {
    ...(on === undefined ? {} : { on }),
    ...brightnessOf(level, light, { anyOn, alone, dims }),
    ...shown,
  };
  return Object.keys(change).length === 0 ? undefined : { ...change, ...fade };
}

function brightnessOf(
  level: Wish["brightness"],
  { state }: Light,
  { anyOn, alone, dims }: { anyOn: boolean; alone: boolean; dims: boolean },
): DeviceChange {
  if (level === undefined) return {};
  if (!isStep(level)) return dims || alone ? { brightness: level } : { on: level > 0 };
  if (!dims && !alone) return {};
  // Who is off begins at nothing, and only when nobody in its company is on: a room that is dimmed up stays as it is lit.
  if (!state?.on) return level.by > 0 && !anyOn ? { brightness: clamp(level.by) } : {};
  return { brightness: clamp((state.brightness ?? 100) + level.by) };
}

/** Stepping down never switches off. */
const clamp = (brightness: number): number => Math.min(100, Math.max(1, brightness));

const defined = (change: DeviceChange): DeviceChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

function withinAbilities({ hue, saturation, kelvin, effect }: Wish, { abilities }: Light): DeviceChange {
  const can = abilities ?? { color: true, kelvin: true, effects: ["any"] };
  return defined({
    ...(can.color ? { hue, saturation } : {}),
    ...(can.kelvin ? { kelvin } : {}),
    ...(can.effects.length > 0 ? { effect } : {}),
  });
}

const unknown = ({ id, name, why }: Light): Missed => ({
  device: id,
  ok: false,
  code: "DEVICE_UNSEEN",
  message: `how "${name}" stands is not known, so it can be neither toggled nor dimmed by steps${why ? `: ${why}` : "."}`,
});

const cannot = ({ id, name }: Light): Missed => ({
  device: id,
  ok: false,
  code: "DEVICE_CANNOT",
  message: `"${name}" can do nothing of it.`,
});
