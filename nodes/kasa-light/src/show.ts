/** The line under the node: how its lights stand, or why nobody knows. */
import { KEY_WITHOUT_LEADER, type Tone } from "@skein/palette";
import type { Light, LightDesk } from "./light-desk";

export interface Line {
  readonly tone: Tone;
  readonly pending: boolean;
  /** Below `kasa-light.status.` in the texts. */
  readonly key: string;
  readonly values?: Readonly<Record<string, number>>;
}

export function lineOf(now: {
  readonly presence: LightDesk["presence"];
  readonly lights: readonly Light[];
  /** How many orders are under way. */
  readonly setting: number;
}): Line {
  const { presence, lights, setting } = now;
  if (presence !== "there") return { tone: "unknown", pending: true, key: KEY_WITHOUT_LEADER[presence] };
  if (setting > 0) return { tone: "doubt", pending: true, key: "setting" };
  const [only, ...others] = lights;
  if (!only) return { tone: "unknown", pending: true, key: "none" };
  const away = lights.filter(({ condition }) => condition !== "ok" && condition !== "connecting").length;
  const connecting = lights.some(({ condition }) => condition === "connecting");
  const on = lights.filter(({ state }) => state?.on).length;
  if (others.length > 0) {
    const values = { on, all: lights.length, away };
    if (away > 0) return { tone: away === lights.length ? "bad" : "doubt", pending: true, key: "someAway", values };
    return { tone: connecting ? "doubt" : "good", pending: connecting, key: "someOn", values };
  }
  if (away > 0) return { tone: "bad", pending: true, key: only.condition };
  if (connecting || !only.state) return { tone: "doubt", pending: true, key: "connecting" };
  if (!only.state.on) return { tone: "good", pending: false, key: "off" };
  const { brightness } = only.state;
  return {
    tone: "good",
    pending: false,
    ...(brightness === undefined ? { key: "on" } : { key: "onAt", values: { brightness: Math.round(brightness) } }),
  };
}
