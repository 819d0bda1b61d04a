import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "@skein/bus";
import { houseState, maintenanceCommand, metrics } from "@skein/contracts";
import { FakeClock } from "@skein/kit";
import type { SkeinBusNode, SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import helper from "node-red-node-test-helper";
import { eventually } from "../../../test/support/eventually";
import registerBus = require("../../bus/src/bus");
import registerMonitor = require("./heartbeat-monitor");

helper.init(require.resolve("node-red"));

interface Heard {
  topic?: string;
  payload: { id: string; state: string; awayMs?: number; agent?: unknown };
  skein?: { from: string };
  initial?: boolean;
  parts?: { index: number; count: number };
  kept?: string;
}

const monitor = (more: object = {}) => ({
  id: "m",
  z: "tab",
  x: 1,
  y: 1,
  type: "skein-heartbeat-monitor",
  wires: [["changes"], ["metrics"]],
  ...more,
});
const flow = (more: object = {}) => [
  { id: "tab", type: "tab" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  monitor({ bus: "bus", ...more }),
  { id: "changes", z: "tab", x: 1, y: 1, type: "helper" },
  { id: "metrics", z: "tab", x: 1, y: 1, type: "helper" },
  { id: "catch", z: "tab", x: 1, y: 1, type: "catch", scope: ["m"], wires: [["caught"]] },
  { id: "caught", z: "tab", x: 1, y: 1, type: "helper" },
  { id: "complete", z: "tab", x: 1, y: 1, type: "complete", scope: ["m"], wires: [["completed"]] },
  { id: "completed", z: "tab", x: 1, y: 1, type: "helper" },
];

describe("the heartbeat monitor", () => {
  let house: MemoryHouse;
  let leader: Bus;
  let skein: SkeinRedSettings;

  const load = async (nodes: object[] = flow()) => {
    helper.settings({ skein });
    await helper.load([registerBus, registerMonitor] as never, nodes, {});
    await eventually(() => expect(fleet().judged).toBe(true));
  };
  const fleet = () => (skein.house as SkeinBusNode).fleet;
  const collect = (id: string): Heard[] => {
    const heard: Heard[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const states = (heard: Heard[]) => heard.map(({ payload }) => `${payload.id} ${payload.state}`);
  const knows = (id: string, state: string) => eventually(() => expect(fleet().verdict(id)?.state).toBe(state));
  const status = () =>
    (helper.getNode("m") as unknown as { status: { lastCall: { args: unknown[] } } }).status.lastCall.args[0];

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(() => {
    house = memoryHouse();
    leader = house.join("leader", "leader");
    skein = { bus: house.bus };
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  it("tells of a death and a return, with how long it was away, and of nothing that was so before", async () => {
    await house.say(leader, "cv-1", "alive", { previous: { state: "joining", cause: "first-seen", since: 0 } });
    await load();
    const changes = collect("changes");
    await knows("cv-1", "alive");
    await house.say(leader, "cv-1", "suspect");
    await house.say(leader, "cv-1", "dead", { cause: "will", since: 10_000, lastSeenAt: 4_000 });
    await house.say(leader, "cv-1", "alive", { since: 64_000 });
    await eventually(() => expect(states(changes)).toEqual(["cv-1 dead", "cv-1 alive"]));
    expect(changes[0]).toMatchObject({
      topic: "followers/cv-1",
      payload: { cause: "will", before: { state: "alive" } },
      skein: { from: "leader" },
    });
    expect(changes[1]?.payload.awayMs).toBe(60_000);
    expect(changes[0]).not.toHaveProperty("initial");
  });

  it("works as it fell from the palette, with no bus chosen", async () => {
    await load([
      { id: "tab", type: "tab" },
      monitor(),
      { id: "changes", z: "tab", x: 1, y: 1, type: "helper" },
      { id: "metrics", z: "tab", x: 1, y: 1, type: "helper" },
    ]);
    const changes = collect("changes");
    await house.say(leader, "cv-1", "joining");
    await house.say(leader, "cv-1", "alive");
    await eventually(() => expect(states(changes)).toEqual(["cv-1 alive"]));
  });

  it("watches whom it was told to, and tells the states it was told to", async () => {
    await load(flow({ followers: ["cv-*"], states: ["left"] }));
    const changes = collect("changes");
    for (const id of ["audio-1", "cv-2"])
      for (const state of ["joining", "alive", "left"] as const) await house.say(leader, id, state);
    await eventually(() => expect(states(changes)).toEqual(["cv-2 left"]));
  });

  it.each`
    followers          | because
    ${["${MANY}"]}     | ${"a variable that holds several"}
    ${["cv-2, hub-*"]} | ${"several in one"}
    ${"cv-2,hub-*"}    | ${"a text that a hand wrote into the flow"}
  `("watches the followers of a list: $because", async ({ followers }) => {
    const env = [{ name: "MANY", value: "cv-2, hub-*", type: "str" }];
    await load([{ id: "tab", type: "tab", env }, ...flow({ followers, states: ["left"] }).slice(1)]);
    const changes = collect("changes");
    for (const id of ["audio-1", "cv-2", "hub-1"])
      for (const state of ["joining", "alive", "left"] as const) await house.say(leader, id, state);
    await eventually(() => expect(states(changes)).toEqual(["cv-2 left", "hub-1 left"]));
  });

  describe("of a room", () => {
    const furnish = (...places: { id: string; room: string }[]) =>
      leader.publish(
        houseState,
        {},
        {
          rooms: [{ id: "hall", name: "Hall" }],
          residents: [],
          places: places.map((place) => ({ kind: "follower" as const, ...place })),
        },
      );
    const lives = async (...ids: string[]) => {
      for (const id of ids) for (const state of ["joining", "alive"] as const) await house.say(leader, id, state);
      for (const id of ids) await knows(id, "alive");
    };

    it("watches whoever stands there now, as the house is changed, without a deploy", async () => {
      await furnish({ id: "cv-1", room: "hall" });
      await load(flow({ followers: ["room:hall", "audio-*"], states: ["dead"] }));
      const changes = collect("changes");
      await lives("audio-1", "cv-1", "cv-2");
      await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
      await house.say(leader, "cv-2", "dead");
      await house.say(leader, "cv-1", "dead");
      await eventually(() => expect(states(changes)).toEqual(["cv-1 dead"]));
      await lives("cv-1", "cv-2");
      await furnish({ id: "cv-2", room: "hall" });
      await house.say(leader, "cv-1", "dead");
      await house.say(leader, "cv-2", "dead");
      await house.say(leader, "audio-1", "dead");
      await eventually(() => expect(states(changes)).toEqual(["cv-1 dead", "cv-2 dead", "audio-1 dead"]));
    });

    it("tells of what happened before it was known who stands there", async () => {
      await load(flow({ followers: ["room:hall"], states: ["dead"] }));
      const changes = collect("changes");
      await lives("cv-1", "cv-2");
      await eventually(() => expect(status()).toMatchObject({ fill: "yellow", shape: "ring" }));
      for (const id of ["cv-1", "cv-2"]) await house.say(leader, id, "dead");
      await knows("cv-2", "dead");
      await furnish({ id: "cv-2", room: "hall" });
      await eventually(() => expect(states(changes)).toEqual(["cv-2 dead"]));
    });

    it("tells of whom it knows by their id at once, however long no leader tells who stands there", async () => {
      const clock = new FakeClock();
      skein = { bus: house.bus, clock };
      await load(flow({ followers: ["cv-1", "room:hall"], states: ["dead"] }));
      const changes = collect("changes");
      await lives("cv-1", "cv-2");
      await clock.advance(60_000);
      for (const id of ["cv-2", "cv-1"]) await house.say(leader, id, "dead");
      await eventually(() => expect(states(changes)).toEqual(["cv-1 dead"]));
    });

    it("cannot be asked for where no leader has told of its house", async () => {
      const clock = new FakeClock();
      skein = { bus: house.bus, clock };
      await load();
      const caught = collect("caught") as unknown as { error: { code: string } }[];
      helper.getNode("m").receive({ follower: "room:hall" });
      await eventually(async () => {
        await clock.advance(3000);
        expect(caught.at(-1)?.error).toMatchObject({ code: "LEADER_ABSENT" });
      });
    });

    it("sends the state of each there at deploy, however late it is known who that is", async () => {
      const clock = new FakeClock();
      skein = { bus: house.bus, clock };
      await load(flow({ followers: ["room:hall"], states: ["dead"], sendInitial: true }));
      const changes = collect("changes");
      await lives("cv-1", "cv-2");
      await clock.advance(5000);
      await furnish({ id: "cv-2", room: "hall" });
      await eventually(() => expect(states(changes)).toEqual(["cv-2 alive"]));
      expect(changes[0]).toMatchObject({ initial: true });
    });

    it("has told who was there at deploy after a while, also where nobody says who stands there", async () => {
      const clock = new FakeClock();
      skein = { bus: house.bus, clock };
      await load(flow({ followers: ["cv-*", "room:hall"], states: ["dead"], sendInitial: true }));
      const changes = collect("changes");
      await lives("cv-1");
      await clock.advance(20_000);
      await clock.advance(2_000);
      // Who comes later is news, and nobody asked for such.
      await lives("cv-2");
      await house.say(leader, "cv-1", "dead");
      await eventually(() => expect(states(changes)).toEqual(["cv-1 alive", "cv-1 dead"]));
    });

    it("is asked by a message, too, and one that is not there is an error", async () => {
      await furnish({ id: "cv-1", room: "hall" });
      await load();
      await lives("cv-1", "cv-2");
      const changes = collect("changes");
      await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
      changes.length = 0;
      helper.getNode("m").receive({ follower: "room:hall" });
      await eventually(() => expect(states(changes)).toEqual(["cv-1 alive"]));
      const caught = collect("caught") as unknown as { error: { code: string } }[];
      helper.getNode("m").receive({ follower: "room:attic" });
      await eventually(() => expect(caught.at(-1)?.error).toMatchObject({ code: "ROOM_UNKNOWN" }));
    });
  });

  it("watches everybody when a hand wrote nothing of use into the flow", async () => {
    await load(flow({ followers: null, states: null }));
    const changes = collect("changes");
    for (const state of ["joining", "alive"] as const) await house.say(leader, "cv-1", state);
    await eventually(() => expect(states(changes)).toEqual(["cv-1 alive"]));
  });

  it.each([["Attic"], ["leader"], ["${SKEIN_TEST_NONE}"]])(
    "says in red that %s is no follower, and fails every input",
    async (follower) => {
      await load(flow({ followers: ["cv-1", follower] }));
      const caught = collect("caught") as unknown as { error: { code: string } }[];
      expect(status()).toMatchObject({ fill: "red", shape: "ring" });
      helper.getNode("m").receive({});
      await eventually(() => expect(caught.at(-1)?.error).toMatchObject({ code: "ID_INVALID" }));
    },
  );

  it("repeats nothing at a redeploy", async () => {
    await load();
    await house.say(leader, "cv-1", "alive");
    await knows("cv-1", "alive");
    const before = collect("changes");
    await house.say(leader, "cv-1", "dead");
    await eventually(() => expect(states(before)).toEqual(["cv-1 dead"]));
    const again = flow({ name: "changed" });
    await helper.setFlows(again, "full");
    await eventually(() => expect(status()).toMatchObject({ fill: "red", shape: "dot" }));
    const after = collect("changes");
    await house.say(leader, "cv-1", "alive");
    await eventually(() => expect(states(after)).toEqual(["cv-1 alive"]));
    expect(before).toHaveLength(1);
  });

  it("sends the state at deploy when asked to, marked as initial", async () => {
    await house.say(leader, "cv-1", "dead");
    await house.say(leader, "cv-2", "alive");
    const nodes = flow({ sendInitial: true });
    await load();
    await knows("cv-2", "alive");
    await helper.unload();
    helper.settings({ skein });
    const sent: Heard[] = [];
    const listen = (RED: never) =>
      (
        RED as {
          nodes: {
            registerType(
              type: string,
              make: (this: { on(event: string, on: (heard: Heard) => void): void }, config: object) => void,
            ): void;
            createNode(node: unknown, config: object): void;
          };
        }
      ).nodes.registerType("listener", function (config) {
        (RED as { nodes: { createNode(node: unknown, config: object): void } }).nodes.createNode(this, config);
        this.on("input", (heard) => void sent.push(heard));
      });
    const listening = nodes.map((node) =>
      "id" in node && node.id === "changes" ? { ...node, type: "listener" } : node,
    );
    await helper.load([listen, registerBus, registerMonitor] as never, listening, {});
    await eventually(() => expect(states(sent)).toEqual(["cv-1 dead", "cv-2 alive"]));
    expect(sent.every(({ initial }) => initial === true)).toBe(true);
  });

  it.each`
    states               | tells                                     | because
    ${["dead", "alive"]} | ${["cv-1 joining initial", "cv-1 alive"]} | ${"a change that nobody asked for is not told, so its follower is still to be told of"}
    ${["joining"]}       | ${["cv-1 joining"]}                       | ${"one that was told as news is not told again"}
  `("sends the state of who comes while the first picture is taken: $because", async ({ states: chosen, tells }) => {
    // Whose 2 s never end here.
    skein = { bus: house.bus, clock: new FakeClock() };
    await load(flow({ sendInitial: true, states: chosen }));
    const changes = collect("changes");
    await house.say(leader, "cv-1", "joining");
    await house.say(leader, "cv-1", "alive");
    await knows("cv-1", "alive");
    await eventually(() => expect(changes).toHaveLength((tells as string[]).length));
    expect(changes.map(({ payload, initial }) => `${payload.id} ${payload.state}${initial ? " initial" : ""}`)).toEqual(
      tells,
    );
  });

  it("answers with the current state of all or of one, and keeps what the question bore", async () => {
    await load();
    const changes = collect("changes");
    const completed = collect("completed");
    await house.say(leader, "cv-1", "dead");
    await house.say(leader, "cv-2", "alive");
    await knows("cv-2", "alive");
    changes.length = 0;
    helper.getNode("m").receive({ payload: "", kept: "yes" });
    await eventually(() => expect(states(changes)).toEqual(["cv-1 dead", "cv-2 alive"]));
    expect(changes[1]).toMatchObject({ initial: true, kept: "yes", parts: { index: 1, count: 2 } });
    helper.getNode("m").receive({ payload: "cv-2" });
    await eventually(() => expect(states(changes)).toEqual(["cv-1 dead", "cv-2 alive", "cv-2 alive"]));
    await eventually(() => expect(completed).toHaveLength(2));
  });

  it("asks the leader for maintenance and is done when it is granted", async () => {
    const asked: unknown[] = [];
    await leader.serve(maintenanceCommand, {}, ({ data }) => void asked.push(data));
    await load();
    const completed = collect("completed");
    await house.say(leader, "cv-1", "alive");
    await knows("cv-1", "alive");
    helper.getNode("m").receive({ follower: "cv-1", maintenance: 30 });
    await eventually(() => expect(completed).toHaveLength(1));
    expect(asked).toEqual([{ follower: "cv-1", forMs: 1_800_000 }]);
  });

  it.each`
    question                                         | code
    ${{ payload: "nobody" }}                         | ${"FOLLOWER_UNKNOWN"}
    ${{ maintenance: 5 }}                            | ${"FOLLOWER_MISSING"}
    ${{ follower: "cv-1", maintenance: "for ever" }} | ${"MAINTENANCE_INVALID"}
  `("fails with $code where a Catch node hears it: $question", async ({ question, code }) => {
    await load();
    const caught = collect("caught") as unknown as { error: { code: string } }[];
    helper.getNode("m").receive(question);
    await eventually(() => expect(caught).toHaveLength(1));
    expect(caught[0]?.error).toMatchObject({ code });
  });

  it("hands on metrics as they come, with whose they are", async () => {
    await load();
    const heard = collect("metrics");
    const follower = house.join("cv-1");
    await house.say(leader, "cv-1", "alive", { virtual: true });
    await knows("cv-1", "alive");
    await eventually(() => expect(follower.link.up).toBe(true));
    await follower.publish(metrics, { id: "cv-1" }, { agent: { rssBytes: 7, heapUsedBytes: 1, eventLoopLagMs: 0 } });
    await eventually(() =>
      expect(heard).toMatchObject([
        {
          topic: "followers/cv-1",
          payload: { id: "cv-1", name: "cv-1", virtual: true, agent: { rssBytes: 7 } },
          skein: { from: "cv-1" },
        },
      ]),
    );
  });

  it("is grey, not red, while nobody judges", async () => {
    await load();
    await house.say(leader, "cv-1", "alive");
    await knows("cv-1", "alive");
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
    leader.kill();
    await eventually(() => expect(status()).toMatchObject({ fill: "grey", shape: "ring" }));
  });

  it("says in red that it has no bus, fails every input, and keeps no flow from starting", async () => {
    skein = {};
    helper.settings({ skein });
    await helper.load([registerBus, registerMonitor] as never, flow({ bus: "gone" }), {});
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const caught = collect("caught") as unknown as { error: { code: string } }[];
    helper.getNode("m").receive({});
    await eventually(() => expect(caught.at(-1)?.error).toMatchObject({ code: "BUS_NOT_CONFIGURED" }));
  });

  it("sends the current state when its button is pressed, and says when it is not deployed", async () => {
    await load();
    const changes = collect("changes");
    await house.say(leader, "cv-1", "alive");
    await knows("cv-1", "alive");
    changes.length = 0;
    await helper.request().post("/skein/heartbeat-monitor/m/send").expect(200, { sent: 1 });
    await eventually(() => expect(changes).toMatchObject([{ initial: true, payload: { id: "cv-1" } }]));
    const answer = await helper.request().post("/skein/heartbeat-monitor/nobody/send").expect(404);
    expect(answer.body).toMatchObject({ code: "NODE_UNKNOWN" });
  });

  const fixtures = join(__dirname, "fixtures");
  it.each(readdirSync(fixtures))("still loads and works as release %s saved it", async (file) => {
    await load(JSON.parse(readFileSync(join(fixtures, file), "utf8")) as object[]);
    const changes = collect("changes");
    await house.say(leader, "cv-1", "joining");
    await house.say(leader, "cv-1", "alive");
    await house.say(leader, "audio-1", "joining");
    await house.say(leader, "cv-1", "dead");
    await eventually(() => expect(states(changes)).toEqual(["cv-1 alive", "cv-1 dead"]));
  });
});
