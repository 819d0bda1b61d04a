/**
 * For the tests: Node-RED with the node in a flow, on a memory bus with a leader whose house has a lamp, a strip that is off and a fridge. The
 * leader does as it is told, and the tests see what that was.
 */
import type { Bus } from "@skein/bus";
import {
  devicesCommand,
  deviceState,
  houseState,
  scenesState,
  type DataOf,
  type DeviceChange,
  type DeviceStateData,
  type InputOf,
} from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import type { SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../../test/support/eventually";
import registerBus = require("../../../bus/src/bus");
import registerDirect = require("../direct");
import registerLight = require("../kasa-light");

helper.init(require.resolve("node-red"));

/** What comes out of the node. */
export interface Told {
  topic: string;
  payload: Record<string, unknown>;
  skein: {
    id: string;
    from: string;
    trace?: string;
    causes?: string[];
    asked: unknown;
    reached: object[];
    cause?: string;
  };
  initial?: boolean;
  kept?: string;
}
type State = DeviceStateData["state"];

export const at = { z: "tab", x: 1, y: 1 };
export const flow = (more: object = {}) => [
  { id: "tab", type: "tab" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  {
    id: "n",
    type: "skein-kasa-light",
    bus: "bus",
    targets: ["lamp"],
    wires: [["confirmed"], ["elsewhere"]],
    ...at,
    ...more,
  },
  { id: "confirmed", type: "helper", ...at },
  { id: "elsewhere", type: "helper", ...at },
  { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]], ...at },
  { id: "caught", type: "helper", ...at },
  { id: "complete", type: "complete", scope: ["n"], wires: [["completed"]], ...at },
  { id: "completed", type: "helper", ...at },
];

const bulb = {
  brightness: true,
  color: true,
  kelvin: { min: 2500, max: 9000 },
  effects: [],
  transition: true,
  energy: false,
};
const socket = { brightness: false, color: false, effects: [], transition: false, energy: true };

/** To be called in a `describe`: starts and ends with each of its tests. */
export function lightHouse() {
  let house: MemoryHouse;
  let leader: Bus;
  let epoch: number;
  let skein: SkeinRedSettings;
  let asked: DataOf<typeof devicesCommand>[];
  let now: Map<string, DeviceStateData>;
  let unreached: Set<string>;
  let stepped: Set<string>;
  let confirmedAt: number;

  const publish = async (id: string, more: Partial<DeviceStateData>) => {
    const before = now.get(id);
    const data: DeviceStateData = {
      name: id,
      kind: "bulb",
      model: "KL130",
      abilities: bulb,
      condition: "ok",
      virtual: false,
      ...before,
      confirmedAt: ++confirmedAt,
      ...more,
    };
    now.set(id, data);
    await leader.publish(deviceState, { id }, data as InputOf<typeof deviceState>, { epoch });
  };
  const elsewhere = (id: string, state: State) => publish(id, { state, cause: { kind: "elsewhere" } });
  const follow = ({ device, set }: { device: string; set: DeviceChange }) => {
    if (unreached.has(device)) return { device, ok: false, code: "DEVICE_UNREACHABLE", message: "nobody answers." };
    const { transitionMs: _fade, ...look } = set;
    if (stepped.has(device)) return { device, ok: true, state: { on: true, brightness: 8 }, ms: 5, fading: true };
    const state = { ...now.get(device)?.state, on: true, ...look };
    return { device, ok: true, state, ms: 5 };
  };
  /** A leader with its house: what it knows it tells at once, as kept state. */
  const enterLeader = async () => {
    leader = house.join("leader", "leader");
    epoch++;
    await until(() => leader.link.up);
    const room = (id: string, inside: string) => ({ kind: "device" as const, id, room: inside });
    await leader.publish(
      houseState,
      {},
      {
        rooms: [
          { id: "kitchen", name: "Kitchen", private: false },
          { id: "attic", name: "Attic", private: false },
        ],
        residents: [],
        places: [room("lamp", "kitchen"), room("strip", "kitchen"), room("fridge", "kitchen")],
        groups: [{ id: "movie", name: "Movie", devices: ["strip"] }],
      },
      { epoch },
    );
    await leader.publish(scenesState, {}, { scenes: [{ id: "movie", name: "Movie" }] }, { epoch });
    await publish("lamp", { name: "Lamp", state: { on: true, brightness: 40 }, cause: { kind: "first" } });
    await publish("strip", { state: { on: false, brightness: 70 }, cause: { kind: "first" } });
    await publish("fridge", { kind: "plug", abilities: socket, state: { on: true }, cause: { kind: "first" } });
    await leader.serve(devicesCommand, {}, ({ data }) => {
      asked.push(data);
      if (data.action === "set") return { devices: data.changes.map(follow) };
      if (data.action === "discover") return { found: [] };
      if (data.action === "scene-save") return undefined;
      if (data.scene !== "Movie") throw new SkeinError("SCENE_UNKNOWN", "there is no such scene.");
      return { devices: [{ device: "lamp", ok: true, state: { on: true, brightness: 5 }, ms: 3 }] };
    });
  };
  const load = async (nodes: object[] = flow(), ready = true) => {
    helper.settings({ skein } as object);
    await helper.load([registerBus, registerDirect, registerLight] as never, nodes as never, {});
    if (ready) await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
  };
  const collect = <T = Told>(id: string): T[] => {
    const heard: T[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const status = () =>
    (helper.getNode("n") as unknown as { status: { lastCall: { args: unknown[] } | null } }).status.lastCall?.args[0];
  const send = (payload: unknown, more: object = {}) => helper.getNode("n").receive({ payload, ...more } as never);
  const changes = () => asked.flatMap((data) => (data.action === "set" ? [data.changes] : []));
  const request = (path: string, method: "get" | "post" = "get") =>
    helper.request()[method](`/skein/kasa-light/${path}`);

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve as never)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(async () => {
    house = memoryHouse();
    skein = { bus: house.bus };
    asked = [];
    now = new Map();
    unreached = new Set();
    stepped = new Set();
    [epoch, confirmedAt] = [0, 1000];
    await enterLeader();
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  return {
    get bus() {
      return house.bus;
    },
    /** What the leader was asked to do. */
    asked: () => asked,
    /** Of that the changes, one entry an order. */
    changes,
    /** A device that does not follow any more. */
    unreach: (id: string) => void unreached.add(id),
    /** A device that cannot fade by itself: it answers with its first step. */
    stepFades: (id: string) => void stepped.add(id),
    publish,
    elsewhere,
    enterLeader,
    leaveLeader: () => leader.close(),
    load,
    collect,
    status,
    send,
    request,
  };
}

export const codes = (caught: unknown[]) => (caught as { error: { code: string } }[]).map(({ error }) => error.code);
