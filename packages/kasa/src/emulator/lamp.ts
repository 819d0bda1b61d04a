/** The light itself, whatever it is spoken to in: what shows now, and the fade that it is in. Real lamps answer with values in between. */
import type { Clock } from "@skein/kit";
import type { LightState } from "../model";

export interface Glow {
  readonly on: boolean;
  readonly brightness: number;
  readonly hue: number;
  readonly saturation: number;
  /** K; 0 in colour. */
  readonly kelvin: number;
  readonly effect: string | undefined;
}

export class Lamp {
  /** Whoever looks on is told when a fade is over, too. */
  private cancelEnd = (): void => {};
  private fade: { readonly from: Glow; readonly startMs: number; readonly ms: number } | undefined;

  constructor(
    private readonly clock: Pick<Clock, "monotonic" | "setTimer">,
    private target: Glow,
    private readonly changed: () => void,
  ) {}

  /** What it is on its way to. */
  get aim(): Glow {
    return this.target;
  }

  set(change: Partial<Glow>, transitionMs = 0): void {
    const from = this.now();
    this.target = { ...this.target, ...change };
    this.fade = transitionMs > 0 ? { from, startMs: this.clock.monotonic(), ms: transitionMs } : undefined;
    this.changed();
    this.cancelEnd();
    this.cancelEnd = this.fade ? this.clock.setTimer(this.changed, transitionMs, { unref: true }) : () => {};
  }

  now(): Glow {
    if (!this.fade) return this.target;
    const { from, startMs, ms } = this.fade;
    const part = (this.clock.monotonic() - startMs) / ms;
    if (part >= 1) {
      this.fade = undefined;
      return this.target;
    }
    const between = (a: number, b: number) => Math.round(a + (b - a) * part);
    const dark = (glow: Glow) => (glow.on ? glow.brightness : 0);
    return {
      ...this.target,
      on: from.on || this.target.on,
      brightness: Math.max(1, between(dark(from), dark(this.target))),
      hue: between(from.hue, this.target.hue),
      saturation: between(from.saturation, this.target.saturation),
      kelvin: from.kelvin > 0 && this.target.kelvin > 0 ? between(from.kelvin, this.target.kelvin) : this.target.kelvin,
    };
  }
}

/** As our own words say it; `dimmable` and so on leave out what the device has not. */
export function stateOf(glow: Glow, has: { brightness: boolean; color: boolean; kelvin: boolean }): LightState {
  const { on, brightness, hue, saturation, kelvin, effect } = glow;
  const inColor = has.color && kelvin === 0 && effect === undefined;
  return {
    on,
    ...(has.brightness && { brightness }),
    ...(inColor && { hue, saturation }),
    ...(has.kelvin && kelvin > 0 && effect === undefined && { kelvin }),
    ...(effect !== undefined && { effect }),
  };
}

/** The light as CSS; white from kelvin after Tanner Helland's fit (2012), which is close enough to look at. */
export function cssOf(glow: Glow, powered: boolean, colored: boolean): string {
  if (!powered || !glow.on) return "transparent";
  const alpha = (0.25 + (0.75 * glow.brightness) / 100).toFixed(2);
  // A plug's or dimmer's lamp is a warm one.
  const kelvin = glow.kelvin || (colored ? 0 : 2700);
  if (kelvin === 0) return `hsl(${glow.hue} ${glow.saturation}% ${100 - glow.saturation / 2}% / ${alpha})`;
  const t = kelvin / 100;
  const byte = (value: number) => Math.round(Math.min(255, Math.max(0, value)));
  const red = t <= 66 ? 255 : 329.7 * (t - 60) ** -0.1332;
  const green = t <= 66 ? 99.47 * Math.log(t) - 161.12 : 288.12 * (t - 60) ** -0.0755;
  const blue = t >= 66 ? 255 : t <= 19 ? 0 : 138.52 * Math.log(t - 10) - 305.04;
  return `rgb(${byte(red)} ${byte(green)} ${byte(blue)} / ${alpha})`;
}
