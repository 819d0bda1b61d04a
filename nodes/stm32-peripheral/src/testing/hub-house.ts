/**
 * For the tests: Node-RED with the node in a flow, on a memory bus with a leader and a board that has a lamp, a motor that must be armed, a
 * thermometer and a button. The board does as it is told, and the tests see what that was.
 */
import type { Bus } from "@skein/bus";
import {
  hubChannelState,
  hubCommand,
  hubDescription,
  hubEvent,
  type DataOf,
  type HubChannel,
  type HubChannelState,
  type VerdictData,
} from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import type { SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../../test/support/eventually";
import { busDeskOf } from "../bus-desk";
import registerBus = require("../../../bus/src/bus");
import registerDirect = require("../direct");
import registerPeripheral = require("../stm32-peripheral");

helper.init(require.resolve("node-red"));

/** What comes out of the node. */
export interface Told {
  topic: string;
  payload: Record<string, unknown>;
  skein?: { id: string; from: string; causes?: string[]; asked?: unknown };
  initial?: boolean;
  kept?: string;
}

const channel = (id: number, name: string, kind: string, more: Partial<HubChannel> = {}): HubChannel => ({
  id,
  name,
  kind,
  driven: false,
  unit: "",
  min: 0,
  max: 1,
  step: 1,
  safe: 0,
  maxMs: 0,
  needsArm: false,
  canRamp: false,
  canCalibrate: false,
  ...more,
});
export const lamp = channel(1, "Lamp", "led", { driven: true, unit: "%", max: 100, canRamp: true });
export const motor = channel(2, "Motor", "motor", { driven: true, unit: "%", min: -100, max: 100, needsArm: true });
export const room = channel(3, "Room", "temperature", { unit: "Cel", min: -40, max: 125, step: 0.1 });
export const button = channel(4, "Button", "digital-in");

export const at = { z: "tab", x: 1, y: 1 };
export const flow = (more: object = {}) => [
  { id: "tab", type: "tab" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  {
    id: "n",
    type: "skein-stm32-peripheral",
    bus: "bus",
    board: "hub-1",
    channel: "Room",
    wires: [["stands"], ["events"]],
    ...at,
    ...more,
  },
  { id: "stands", type: "helper", ...at },
  { id: "events", type: "helper", ...at },
  { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]], ...at },
  { id: "caught", type: "helper", ...at },
  { id: "complete", type: "complete", scope: ["n"], wires: [["completed"]], ...at },
  { id: "completed", type: "helper", ...at },
];

/** To be called in a `describe`: starts and ends with each of its tests. */
export function hubHouse() {
  let house: MemoryHouse;
  let leader: Bus;
  let boards: Map<string, Bus>;
  let skein: SkeinRedSettings;
  let asked: DataOf<typeof hubCommand>[];
  let values: Map<number, HubChannelState>;
  let measuredAt: number;

  const stands = async (id: number, state: Omit<HubChannelState, "at">, board = "hub-1") => {
    const data = { ...state, at: ++measuredAt };
    values.set(id, data);
    await boards.get(board)?.publish(hubChannelState, { id: board, channel: String(id) }, data);
  };
  const happens = (event: string, more: { channel?: number; value?: number } = {}, board = "hub-1") =>
    boards.get(board)?.publish(hubEvent, { id: board }, { event, at: ++measuredAt, ...more });
  const believe = (state: VerdictData["state"], more: Partial<VerdictData> = {}, board = "hub-1") =>
    house.say(leader, board, state, more);
  /** Comes onto the bus and says who it is and how its channels stand. */
  const enter = async (id = "hub-1", channels: HubChannel[] = [lamp, motor, room, button]) => {
    await boards.get(id)?.close();
    const board = house.join(id);
    boards.set(id, board);
    await until(() => board.link.up);
    await board.publish(hubDescription, { id }, { board: "nucleo-f446re", firmware: "1.0.0", channels });
    for (const { id: number } of channels) await stands(number, { value: number === 3 ? 21.5 : 0 }, id);
    await board.serve(hubCommand, { target: id }, async ({ data }) => {
      asked.push(data);
      const reached = (...ids: number[]) => ({
        channels: ids.map((number) => ({ channel: number, ...pick(values.get(number)) })),
        ms: 3,
      });
      if (data.action === "read") return reached(data.channel);
      if (data.action === "safe") return reached(1, 2);
      if (data.action !== "set") return reached();
      for (const change of data.changes) {
        if (change.channel === 2)
          throw new SkeinError("HUB_REFUSED", "the board refuses set: ARM was not said (not-armed).");
        await stands(change.channel, { value: change.value }, id);
      }
      return reached(...data.changes.map((change) => change.channel));
    });
    await believe("joining", {}, id);
    await believe("alive", {}, id);
  };
  const load = async (nodes: object[] = flow(), ready = true) => {
    helper.settings({ skein } as object);
    await helper.load([registerBus, registerDirect, registerPeripheral] as never, nodes as never, {});
    if (ready) await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
  };
  const collect = <T = Told>(id: string): T[] => {
    const heard: T[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const status = () =>
    (helper.getNode("n") as unknown as { status: { lastCall: { args: unknown[] } | null } }).status.lastCall?.args[0];
  const send = (payload: unknown, more: object = {}) => helper.getNode("n").receive({ payload, ...more } as never);
  const request = (path: string, method: "get" | "post" = "get") =>
    helper.request()[method](`/skein/stm32-peripheral/${path}`);

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve as never)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(async () => {
    house = memoryHouse();
    skein = { bus: house.bus };
    boards = new Map();
    asked = [];
    values = new Map();
    measuredAt = 1000;
    leader = house.join("leader", "leader");
    await until(() => leader.link.up);
    await enter();
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  return {
    /** For a `skein-bus` that is a broker's. */
    url: () => house.url,
    /** What the board was asked to do. */
    asked: () => asked,
    /** As the nodes see the boards; there once a node was loaded. */
    desk: () => {
      if (!skein.house) throw new Error("no bus was loaded");
      return busDeskOf(skein.house);
    },
    stands,
    happens,
    believe,
    enter,
    load,
    collect,
    status,
    send,
    request,
  };
}

const pick = ({ value, fault }: Partial<HubChannelState> = {}) => ({
  ...(value === undefined ? {} : { value }),
  ...(fault === undefined ? {} : { fault }),
});

export const codes = (caught: unknown[]) => (caught as { error: { code: string } }[]).map(({ error }) => error.code);
