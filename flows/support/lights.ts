/** Lights in a flow's house: a leader that has them, does what a command says and tells how they stand, and the hands besides its own. */
import type { Bus } from "@skein/bus";
import {
  devicesCommand,
  deviceState,
  houseState,
  type DataOf,
  type DeviceChange,
  type LightStateView,
} from "@skein/contracts";

type Cause = NonNullable<NonNullable<DataOf<typeof deviceState>>["cause"]>;

export interface Lights {
  /** What was ordered, in order: `[{ "kasa-1": { on: true } }]`. */
  readonly orders: readonly Readonly<Record<string, DeviceChange>>[];
  state(id: string): LightStateView;
  wallSwitch(id: string): Promise<void>;
  /** Its current goes. */
  lose(id: string): Promise<void>;
  /** Its current is back: it is lit, as real ones are. */
  regain(id: string): Promise<void>;
}

const ABILITIES = {
  brightness: true,
  color: true,
  kelvin: { min: 2500, max: 9000 },
  effects: [],
  transition: true,
  energy: false,
};

/** @param rooms which light stands where: `{ "kasa-1": "hall" }` */
export async function furnish(leader: Bus, rooms: Readonly<Record<string, string>>): Promise<Lights> {
  const states = new Map<string, LightStateView>(Object.keys(rooms).map((id) => [id, { on: false, brightness: 100 }]));
  const scenes = new Map<string, Map<string, LightStateView>>();
  const orders: Record<string, DeviceChange>[] = [];
  let at = Date.UTC(2026, 0, 1);
  const tell = async (id: string, cause: Cause, condition: "ok" | "unreachable" = "ok") =>
    void (await leader.publish(
      deviceState,
      { id },
      {
        name: id,
        kind: "bulb",
        model: "KL130(EU)",
        abilities: ABILITIES,
        state: states.get(id),
        confirmedAt: (at += 1000),
        cause,
        condition,
      },
      { epoch: 1 },
    ));
  const set = async (id: string, { on, brightness, hue, saturation, kelvin }: DeviceChange, issuer: string) => {
    const before = states.get(id) ?? { on: false };
    const shown = { brightness: brightness ?? before.brightness, hue, saturation, kelvin };
    const now = on === false ? { ...before, on: false } : { ...before, ...defined(shown), on: true };
    states.set(id, now);
    await tell(id, { kind: "command", issuer });
    return { device: id, ok: true as const, state: now, ms: 1 };
  };
  await leader.serve(devicesCommand, {}, async ({ data, envelope }) => {
    const { from } = envelope;
    if (data.action === "scene-save")
      scenes.set(data.name, new Map(data.devices.map((id) => [id, states.get(id) ?? { on: false }])));
    const changes =
      data.action === "set"
        ? data.changes
        : data.action === "scene-apply"
          ? [...(scenes.get(data.scene) ?? [])].map(([device, state]) => ({
              device,
              set: state.on ? state : { on: false },
            }))
          : [];
    if (changes.length > 0) orders.push(Object.fromEntries(changes.map((each) => [each.device, each.set])));
    return { devices: await Promise.all(changes.map((each) => set(each.device, each.set, from))) };
  });
  const inRooms = [...new Set(Object.values(rooms))];
  const places = Object.entries(rooms).map(([id, room]) => ({ kind: "device" as const, id, room }));
  const house = { rooms: inRooms.map((id) => ({ id, name: id, private: false })), residents: [], places, groups: [] };
  await leader.publish(houseState, {}, house, { epoch: 1 });
  for (const id of states.keys()) await tell(id, { kind: "first" });
  return {
    orders,
    state: (id) => states.get(id) ?? { on: false },
    async wallSwitch(id) {
      const before = states.get(id);
      states.set(id, { ...before, on: !before?.on });
      await tell(id, { kind: "elsewhere" });
    },
    lose: (id) => tell(id, { kind: "elsewhere" }, "unreachable"),
    async regain(id) {
      states.set(id, { on: true, brightness: 100 });
      await tell(id, { kind: "first" });
    },
  };
}

const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
