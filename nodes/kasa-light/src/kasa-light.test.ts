import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
import { SkeinError, systemClock } from "@skein/kit";
import type { SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../test/support/eventually";
import registerBus = require("../../bus/src/bus");
import { busDeskOf } from "./bus-desk";
import { directCredentials, directDefaults, MAX_SCENE_NAME, MAX_TRANSITION_MS, type Offers } from "./config";
import registerDirect = require("./direct");
import registerLight = require("./kasa-light");

helper.init(require.resolve("node-red"));

interface Told {
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

const at = { z: "tab", x: 1, y: 1 };
const flow = (more: object = {}) => [
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

it("holds in its dialog to what the contract takes", () => {
  const fits = (set: DeviceChange) =>
    devicesCommand.schema.safeParse({ action: "set", changes: [{ device: "a", set }] }).success;
  const saves = (name: string) =>
    devicesCommand.schema.safeParse({ action: "scene-save", name, devices: ["a"] }).success;
  expect([fits({ transitionMs: MAX_TRANSITION_MS }), fits({ transitionMs: MAX_TRANSITION_MS + 1 })]).toEqual([
    true,
    false,
  ]);
  expect([saves("n".repeat(MAX_SCENE_NAME)), saves("n".repeat(MAX_SCENE_NAME + 1))]).toEqual([true, false]);
});

it("exports nothing of a direct connection but its name: account and addresses are credentials", () => {
  expect(Object.keys(directDefaults)).toEqual(["configVersion", "name"]);
  expect(Object.keys(directCredentials)).toEqual(["username", "password", "addresses"]);
});

describe("the kasa light node", () => {
  let house: MemoryHouse;
  let leader: Bus;
  let epoch: number;
  let skein: SkeinRedSettings;
  let asked: DataOf<typeof devicesCommand>[];
  let now: Map<string, DeviceStateData>;
  let unreached: Set<string>;
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
  const codes = (caught: unknown[]) => (caught as { error: { code: string } }[]).map(({ error }) => error.code);
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
    [epoch, confirmedAt] = [0, 1000];
    await enterLeader();
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  it("has a light follow, and tells how it stands then, with what asked for it", async () => {
    await load();
    const [confirmed, completed] = [collect("confirmed"), collect("completed")];
    send(50, {
      topic: "button",
      kept: "yes",
      skein: { id: "m-1", trace: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
    });
    await until(() => completed.length === 1);
    expect(changes()).toEqual([[{ device: "lamp", set: { brightness: 50 } }]]);
    expect(confirmed).toMatchObject([
      {
        topic: "devices/lamp",
        payload: { on: true, brightness: 50 },
        kept: "yes",
        skein: { from: "flow-host", causes: ["m-1"], asked: 50, reached: [{ device: "lamp", ok: true, ms: 5 }] },
      },
    ]);
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
  });

  it("works as it fell from the palette: every light follows, and no plug", async () => {
    await load([
      { id: "tab", type: "tab" },
      { id: "n", type: "skein-kasa-light", wires: [["confirmed"], []], ...at },
      { id: "confirmed", type: "helper", ...at },
    ]);
    const confirmed = collect("confirmed");
    send("on");
    await until(() => confirmed.length === 1);
    expect(changes()).toEqual([
      [
        { device: "lamp", set: { on: true } },
        { device: "strip", set: { on: true } },
      ],
    ]);
    expect(confirmed[0]).toMatchObject({
      topic: "devices",
      payload: { on: true, devices: { lamp: { on: true }, strip: { on: true } } },
    });
  });

  it.each`
    targets                    | payload      | sets                                                                                                                                 | topic
    ${["room:kitchen"]}        | ${"toggle"}  | ${{ lamp: { on: false }, strip: { on: false }, fridge: { on: false } }}                                                              | ${"rooms/kitchen"}
    ${["group:movie"]}         | ${"toggle"}  | ${{ strip: { on: true } }}                                                                                                           | ${"groups/movie"}
    ${["lamp"]}                | ${"+10%"}    | ${{ lamp: { brightness: 50 } }}                                                                                                      | ${"devices/lamp"}
    ${["lamp", "group:movie"]} | ${"-10"}     | ${{ lamp: { brightness: 30 } }}                                                                                                      | ${"devices"}
    ${["room:kitchen"]}        | ${"#ff0000"} | ${{ lamp: { hue: 0, saturation: 100, brightness: 100 }, strip: { hue: 0, saturation: 100, brightness: 100 }, fridge: { on: true } }} | ${"rooms/kitchen"}
  `("asks once, absolutely, of whoever $targets are: $payload", async ({ targets, payload, sets, topic }) => {
    await load(flow({ targets }));
    const confirmed = collect("confirmed");
    send(payload);
    await until(() => confirmed.length === 1);
    expect(asked).toHaveLength(1);
    expect(
      Object.fromEntries(
        changes()
          .flat()
          .map(({ device, set }) => [device, set]),
      ),
    ).toEqual(sets);
    expect(confirmed[0]).toMatchObject({ topic });
  });

  it("steps and toggles on top of what is under way: a knob is quicker than a lamp", async () => {
    await load();
    const confirmed = collect("confirmed");
    for (const payload of ["+10%", "+10%", "+10%", "toggle", "toggle"]) send(payload);
    await until(() => confirmed.length === 5);
    const sets = changes()
      .flat()
      .map(({ set }) => set);
    expect(sets).toEqual([{ brightness: 50 }, { brightness: 60 }, { brightness: 70 }, { on: false }, { on: true }]);
    // Somebody else was at it: then that counts.
    await elsewhere("lamp", { on: true, brightness: 20 });
    await eventually(() => expect(busDeskOf(house.bus, systemClock).get("lamp")?.state?.brightness).toBe(20));
    send("-10");
    await until(() => changes().length === 6);
    expect(changes()[5]).toEqual([{ device: "lamp", set: { brightness: 10 } }]);
  });

  it("toggles from how the light is, also when a hand put it back to how it was before the last order", async () => {
    await load();
    const [confirmed, news] = [collect("confirmed"), collect("elsewhere")];
    send("toggle");
    await until(() => confirmed.length === 1);
    await publish("lamp", { state: { on: false, brightness: 40 }, cause: { kind: "command", issuer: "flow-host" } });
    await elsewhere("lamp", { on: true, brightness: 40 });
    await until(() => news.length === 1);
    send("toggle");
    await until(() => confirmed.length === 2);
    expect(changes().map(([one]) => one?.set)).toEqual([{ on: false }, { on: false }]);
  });

  it("takes its target and what is asked from wherever the owner says", async () => {
    await load(flow({ targetType: "msg", target: "room", payload: '{"kelvin":2700}', payloadType: "json" }));
    send("whatever", { room: "group:movie" });
    await eventually(() => expect(changes()).toEqual([[{ device: "strip", set: { kelvin: 2700 } }]]));
    const caught = collect("caught");
    send("whatever", { room: "The kitchen" });
    send("whatever", { room: 5.5 });
    send("whatever", { room: "group:gone" });
    await eventually(() =>
      expect(codes(caught).toSorted()).toEqual(["TARGET_INVALID", "TARGET_INVALID", "TARGET_UNKNOWN"]),
    );
  });

  it("fades as the node is set, unless the message says otherwise; a plug does not", async () => {
    await load(flow({ targets: ["lamp", "fridge"], transitionMs: "800" }));
    send(true);
    send({ on: false, transitionMs: 0 });
    await until(() => changes().length === 2);
    expect(changes()).toEqual([
      [
        { device: "lamp", set: { on: true, transitionMs: 800 } },
        { device: "fridge", set: { on: true } },
      ],
      [
        { device: "lamp", set: { on: false, transitionMs: 0 } },
        { device: "fridge", set: { on: false } },
      ],
    ]);
  });

  it("applies and saves scenes, as a message names them or as it is set", async () => {
    await load(flow({ transitionMs: 500 }));
    const confirmed = collect("confirmed");
    send({ scene: "Movie", transitionMs: 2000 });
    await until(() => confirmed.length === 1);
    expect(confirmed[0]).toMatchObject({
      topic: "scenes/Movie",
      payload: { on: true, devices: { lamp: { brightness: 5 } } },
    });
    send({ saveScene: "Supper" });
    await until(() => confirmed.length === 2);
    expect(asked).toEqual([
      { action: "scene-apply", scene: "Movie", transitionMs: 2000 },
      { action: "scene-save", name: "Supper", devices: ["lamp"] },
    ]);
    await helper.setFlows(flow({ does: "apply", scene: "Gone" }) as never, "full");
    const caught = collect("caught");
    send(true);
    await eventually(() => expect(codes(caught)).toEqual(["SCENE_UNKNOWN"]));
  });

  it("only tells how its lights stand when it is asked for that", async () => {
    await load();
    const confirmed = collect("confirmed");
    send("getInfo");
    await until(() => confirmed.length === 1);
    expect(confirmed[0]).toMatchObject({ topic: "devices/lamp", payload: { on: true, brightness: 40 } });
    expect(asked).toEqual([]);
  });

  it("fails with a code where a light is not reached, and tells of those that are", async () => {
    unreached.add("strip");
    await load(flow({ targets: ["lamp", "group:movie"] }));
    const [confirmed, caught, completed] = [
      collect("confirmed"),
      collect<{ error: { message: string } }>("caught"),
      collect("completed"),
    ];
    send("on");
    await until(() => caught.length === 1);
    expect(codes(caught)).toEqual(["DEVICE_UNREACHABLE"]);
    expect(caught[0]?.error.message).toContain("1 of 2 devices did not follow. strip (DEVICE_UNREACHABLE)");
    expect(confirmed).toMatchObject([
      {
        payload: { devices: { lamp: { on: true } } },
        skein: {
          reached: [
            { device: "lamp", ok: true },
            { device: "strip", ok: false, code: "DEVICE_UNREACHABLE" },
          ],
        },
      },
    ]);
    expect(completed).toEqual([]);
    unreached.add("lamp");
    send("on");
    await until(() => caught.length === 2);
    expect(confirmed).toHaveLength(1);
  });

  it("refuses what says nothing to a light", async () => {
    await load();
    const caught = collect("caught");
    send("reddish");
    send("getMeterInfo");
    await eventually(() => expect(codes(caught)).toEqual(["PAYLOAD_INVALID", "PAYLOAD_NOT_TAKEN_OVER"]));
  });

  describe("the second output", () => {
    const stands = (state: object) =>
      eventually(() => expect(busDeskOf(house.bus, systemClock).get("lamp")?.state).toMatchObject(state));

    it("tells what a hand on the wall switch did, with what was before; not what was ordered, nor the first reading", async () => {
      await load();
      const heard = collect("elsewhere");
      await publish("lamp", { state: { on: true, brightness: 60 }, cause: { kind: "command", issuer: "page" } });
      await publish("lamp", { state: { on: true, brightness: 70 }, cause: { kind: "first" } });
      await elsewhere("strip", { on: true, brightness: 70 });
      await elsewhere("lamp", { on: false, brightness: 70 });
      await until(() => heard.length > 0);
      expect(heard).toMatchObject([
        {
          topic: "devices/lamp",
          payload: { id: "lamp", name: "Lamp", on: false, brightness: 70, before: { on: true, brightness: 70 } },
          skein: { from: "leader", cause: "elsewhere" },
        },
      ]);
      expect(heard[0]).not.toHaveProperty("initial");
      // The leader says its states again at every connection.
      await elsewhere("lamp", { on: false, brightness: 70 });
      await stands({ on: false });
      expect(heard).toHaveLength(1);
    });

    it.each(["full", "nodes"] as const)("is silent at a redeploy of kind %s", async (type) => {
      await load();
      const before = collect("elsewhere");
      await elsewhere("lamp", { on: false });
      await until(() => before.length === 1);
      await helper.setFlows(flow({ name: "changed" }) as never, type);
      const heard = collect("elsewhere");
      await stands({ on: false });
      await elsewhere("lamp", { on: true });
      await until(() => heard.length > 0);
      expect(heard).toMatchObject([{ payload: { on: true } }]);
    });

    it("is silent when the leader comes back, and shows meanwhile that nobody knows", async () => {
      await load();
      const [heard, caught] = [collect("elsewhere"), collect("caught")];
      await elsewhere("lamp", { on: false });
      await until(() => heard.length === 1);
      await leader.close();
      await eventually(() => expect(status()).toMatchObject({ fill: "grey", shape: "ring" }));
      send("on");
      await eventually(() => expect(codes(caught)).toEqual(["LEADER_ABSENT"]));
      await enterLeader();
      await stands({ on: true, brightness: 40 });
      await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
      expect(heard).toHaveLength(1);
    });

    it("tells how each stands at deploy when that is wanted, once", async () => {
      await load(flow({ targets: ["room:kitchen"], sendInitial: true }), false);
      const heard = collect("elsewhere");
      await until(() => heard.length >= 3);
      expect(heard.map(({ topic, initial }) => [topic, initial])).toEqual([
        ["devices/lamp", true],
        ["devices/strip", true],
        ["devices/fridge", true],
      ]);
    });
  });

  it("shows in red that its light is not reached, and that it is back", async () => {
    await load();
    await publish("lamp", { condition: "unreachable" });
    await eventually(() => expect(status()).toMatchObject({ fill: "red", shape: "ring" }));
    await publish("lamp", { condition: "ok" });
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
  });

  describe("its dialog", () => {
    it("offers rooms, groups, devices and scenes as they are now", async () => {
      await load();
      const { body } = (await request("offers?bus=bus&direct=").expect(200)) as { body: Offers };
      expect(body).toEqual({
        devices: [
          { id: "fridge", name: "fridge", virtual: false, room: "Kitchen", note: "on" },
          { id: "lamp", name: "Lamp", virtual: false, room: "Kitchen", note: "on" },
          { id: "strip", name: "strip", virtual: false, room: "Kitchen", note: "off" },
        ],
        rooms: [{ id: "kitchen", name: "Kitchen", devices: ["Lamp", "strip", "fridge"] }],
        groups: [{ id: "movie", name: "Movie", devices: ["strip"] }],
        scenes: [{ id: "movie", name: "Movie" }],
      });
    });

    it("looks again, switches, and has a light blink", async () => {
      await load();
      await request("look", "post").send({ bus: "bus" }).expect(200, { found: 0 });
      expect(asked).toEqual([{ action: "discover" }]);
      await request("n/switch", "post").expect(200);
      await request("n/blink", "post").expect(200);
      expect(changes().flat()).toEqual([
        { device: "lamp", set: { on: false } },
        { device: "lamp", set: { on: true } },
        { device: "lamp", set: { on: false } },
      ]);
      await request("gone/switch", "post").expect(404);
    });
  });

  it("refuses a direct connection in the leader's Node-RED, and says why", async () => {
    await load([...flow({ direct: "direct" }), { id: "direct", type: "skein-kasa-direct", name: "" }], false);
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const caught = collect("caught");
    send("on");
    await eventually(() => expect(codes(caught)).toContain("KASA_DIRECT_IN_HOUSE"));
  });

  it.each`
    config                         | code
    ${{ direct: "gone" }}          | ${"KASA_DIRECT_MISSING"}
    ${{ bus: "gone" }}             | ${"BUS_NOT_CONFIGURED"}
    ${{ targets: ["Lamp!"] }}      | ${"ID_INVALID"}
    ${{ transitionMs: "${FADE}" }} | ${"TRANSITION_INVALID"}
  `("is red and fails with $code when it is set to $config", async ({ config, code }) => {
    await load(flow(config as object), false);
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const caught = collect("caught");
    send("on");
    await eventually(() => expect(codes(caught)).toContain(code));
  });

  const fixtures = join(__dirname, "fixtures");
  it.each(readdirSync(fixtures))("still loads and works as release %s saved it", async (file) => {
    await load(JSON.parse(readFileSync(join(fixtures, file), "utf8")) as object[]);
    const confirmed = collect("confirmed");
    send("off");
    await until(() => confirmed.length === 1);
    expect(changes().flat()).toContainEqual({ device: "lamp", set: { on: false, transitionMs: 500 } });
  });
});
