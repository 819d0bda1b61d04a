/** What our nodes say at their start reaches the Catch and Status nodes of their flow (PALETTE.md 4), in a real Node-RED. */
import type { SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import helper from "node-red-node-test-helper";
import registerBus = require("../nodes/bus/src/bus");
import registerIn = require("../nodes/bus/src/in");
import registerOut = require("../nodes/bus/src/out");
import registerMonitor = require("../nodes/heartbeat-monitor/src/heartbeat-monitor");
import registerDirect = require("../nodes/kasa-light/src/direct");
import registerLight = require("../nodes/kasa-light/src/kasa-light");
import registerNotify = require("../nodes/notify/src/notify");
import registerRoutine = require("../nodes/routine/src/routine");
import registerHubDirect = require("../nodes/stm32-peripheral/src/direct");
import registerPeripheral = require("../nodes/stm32-peripheral/src/stm32-peripheral");
import { eventually } from "./support/eventually";

helper.init(require.resolve("node-red"));

interface Caught {
  readonly error: { readonly code?: string; readonly source: { readonly id: string } };
}
interface Shown {
  readonly status: { readonly fill: string; readonly text: string; readonly source: { readonly id: string } };
}

const at = { z: "tab", x: 1, y: 1 };
const node = (id: string, type: string, more: object) => ({ id, type, bus: "bus", wires: [[]], ...at, ...more });
const listeners = [
  { id: "tab", type: "tab" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  { id: "catch", type: "catch", scope: null, wires: [["caught"]], ...at },
  { id: "caught", type: "helper", ...at },
  { id: "status", type: "status", scope: null, wires: [["shown"]], ...at },
  { id: "shown", type: "helper", ...at },
];

describe("what a node says at its start", () => {
  let house: MemoryHouse;
  let skein: SkeinRedSettings;
  const load = async (nodes: object[]) => {
    helper.settings({ skein } as object);
    await helper.load(
      [
        registerBus,
        registerIn,
        registerOut,
        registerMonitor,
        registerDirect,
        registerLight,
        registerNotify,
        registerRoutine,
        registerHubDirect,
        registerPeripheral,
      ] as never,
      nodes as never,
      {},
    );
  };
  const collect = <T>(id: string): T[] => {
    const heard: T[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const listen = () => ({ caught: collect<Caught>("caught"), shown: collect<Shown>("shown") });
  const codes = (caught: Caught[]) =>
    Object.fromEntries(caught.map(({ error }) => [error.source.id, error.code] as const));
  const red = (shown: Shown[]) =>
    shown.filter(({ status }) => status.fill === "red").map(({ status }) => status.source.id);

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve as never)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(() => {
    house = memoryHouse();
    skein = { bus: house.bus };
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  it("a failure is caught once, with its code, and shown, whatever the node's place in the flow", async () => {
    const failing = [
      node("bad id", "skein-in", { message: "heartbeat", ids: { id: "Bad Id!" } }),
      node("bad topic", "skein-in", { message: "", topic: "a/#/b" }),
      node("no topic", "skein-in", { message: "", topic: "" }),
      node("no message", "skein-in", { message: "fromTheFuture" }),
      node("no bus", "skein-in", { bus: "gone" }),
      node("mute", "skein-out", { bus: "gone" }),
      node("blind", "skein-heartbeat-monitor", { bus: "gone" }),
      node("dark", "skein-kasa-light", { bus: "gone" }),
      node("astray", "skein-kasa-light", { targets: ["The lamp"] }),
      node("dumb", "skein-notify", { bus: "gone" }),
      node("shut", "skein-routine", { bus: "gone" }),
      node("bad routine", "skein-routine", { routine: "Bad Id!" }),
      node("boardless", "skein-stm32-peripheral", { bus: "gone" }),
      node("bad board", "skein-stm32-peripheral", { board: "The door" }),
      node("bad ramp", "skein-stm32-peripheral", { rampMs: "slowly" }),
    ];
    await load([...failing.slice(0, 2), ...listeners, ...failing.slice(2)]);
    const { caught, shown } = listen();
    const expected = {
      "bad id": "ID_INVALID",
      "bad topic": "TOPIC_INVALID",
      "no topic": "TOPIC_INVALID",
      "no message": "MESSAGE_UNKNOWN",
      "no bus": "BUS_NOT_CONFIGURED",
      mute: "BUS_NOT_CONFIGURED",
      blind: "BUS_NOT_CONFIGURED",
      dark: "BUS_NOT_CONFIGURED",
      astray: "ID_INVALID",
      dumb: "BUS_NOT_CONFIGURED",
      shut: "BUS_NOT_CONFIGURED",
      "bad routine": "ID_INVALID",
      boardless: "BUS_NOT_CONFIGURED",
      "bad board": "ID_INVALID",
      "bad ramp": "HUB_SETTING_INVALID",
    };
    await eventually(() => expect(caught).toHaveLength(failing.length));
    expect(codes(caught)).toEqual(expected);
    expect(red(shown).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(["full", "flows", "nodes"] as const)(
    "a failure and a first status are heard after a deploy of what changed: %s",
    async (type) => {
      const quiet = [node("in", "skein-in", {}), node("m", "skein-heartbeat-monitor", {})];
      await load([...listeners, ...quiet]);
      const changed = [
        node("in", "skein-in", { message: "fromTheFuture" }),
        node("m", "skein-heartbeat-monitor", { name: "changed" }),
      ];
      const before = listen();
      await eventually(() => expect(before.shown.map(({ status }) => status.source.id)).toContain("m"));
      before.shown.length = 0;
      await helper.setFlows([...listeners, ...changed] as never, type);
      // What was not changed is the same node as before, unless everything is made anew.
      const { caught, shown } = type === "nodes" ? before : listen();
      await eventually(() => expect(codes(caught)).toEqual({ in: "MESSAGE_UNKNOWN" }));
      await eventually(() => expect(shown.map(({ status }) => status.source.id)).toContain("m"));
      expect(red(shown)).toEqual(["in"]);
    },
  );
});
