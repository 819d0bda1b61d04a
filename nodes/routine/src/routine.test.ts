import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus, Refusal } from "@skein/bus";
import { routine, routineCommand, type RoutineData } from "@skein/contracts";
import { FakeClock, SkeinError } from "@skein/kit";
import { watchLeaderPresence, type SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../test/support/eventually";
import registerBus = require("../../bus/src/bus");
import { routineIdOf } from "./config";
import registerRoutine = require("./routine");

helper.init(require.resolve("node-red"));

interface Heard {
  topic: string;
  payload: unknown;
  skein: { from: string; by?: string };
}

const at = { z: "tab", x: 1, y: 1 };
const node = (id: string, more: object = {}) => ({
  id,
  type: "skein-routine",
  bus: "bus",
  name: "Movie night",
  wires: [["started"]],
  ...at,
  ...more,
});
const flow = (...routines: object[]) => [
  { id: "tab", type: "tab" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  ...routines,
  { id: "started", type: "helper", ...at },
  { id: "catch", type: "catch", scope: null, wires: [["caught"]], ...at },
  { id: "caught", type: "helper", ...at },
];

describe("the routine node", () => {
  let house: MemoryHouse;
  let leader: Bus;
  let skein: SkeinRedSettings;
  let open: Map<string, RoutineData>;
  /** What was said of routines, in order. */
  let said: string[];

  const load = async (nodes: object[]) => {
    helper.settings({ skein });
    await helper.load([registerBus, registerRoutine] as never, nodes, {});
  };
  const collect = (id: string): Heard[] => {
    const heard: Heard[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  /** Node-RED's helper spies on all nodes at once. */
  const status = (id: string) =>
    (
      helper.getNode(id) as unknown as {
        status: { getCalls(): { thisValue: { id: string }; args: unknown[] }[] };
      }
    ).status
      .getCalls()
      .findLast(({ thisValue }) => thisValue.id === id)?.args[0];
  const start = (id: string, input: Record<string, string> = {}) =>
    leader.request(routineCommand, { target: "flow-host" }, { routine: id, input, by: "ann" });
  const isOpen = (...ids: string[]) => eventually(() => expect([...open.keys()].toSorted()).toEqual(ids));

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(async () => {
    house = memoryHouse();
    skein = { bus: house.bus };
    leader = house.join("leader", "leader");
    open = new Map();
    said = [];
    await leader.subscribe(
      routine,
      {},
      ({ ids, data }) => {
        open.set(ids.id, data);
        said.push(`+${ids.id}`);
      },
      {
        onCleared: ({ id }) => {
          open.delete(id);
          said.push(`-${id}`);
        },
      },
    );
    await until(() => leader.link.up && house.bus.link.up);
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  it("opens a routine by name and icon, and gives the flow what was sent and who asked", async () => {
    await load(flow(node("r", { icon: "film" })));
    await isOpen("movie-night");
    expect(open.get("movie-night")).toEqual({ name: "Movie night", icon: "film" });
    await eventually(() => expect(status("r")).toMatchObject({ fill: "green", shape: "dot" }));
    const started = collect("started");
    expect(await start("movie-night", { film: "Alien" })).toEqual({ ok: true, result: { started: true } });
    await until(() => started.length === 1);
    expect(started[0]).toMatchObject({
      topic: "routines/movie-night",
      payload: { film: "Alien" },
      skein: { from: "leader", by: "ann" },
    });
  });

  it("works as it fell from the palette, with nothing set", async () => {
    await load([
      { id: "tab", type: "tab" },
      { id: "ab12", type: "skein-routine", wires: [[]], ...at },
    ]);
    await isOpen("routine-ab12");
    expect(open.get("routine-ab12")).toEqual({ name: "routine-ab12" });
  });

  it.each(["full", "nodes"] as const)("stays open over a redeploy: %s", async (type) => {
    await load(flow(node("r")));
    await isOpen("movie-night");
    await helper.setFlows(flow(node("r", { icon: "tv" })), type);
    await eventually(() => expect(open.get("movie-night")?.icon).toBe("tv"));
    expect(said).not.toContain("-movie-night");
    const started = collect("started");
    expect(await start("movie-night")).toMatchObject({ ok: true });
    await until(() => started.length === 1);
  });

  it("is closed when it is deleted or renamed, also the last one", async () => {
    await load(flow(node("a", { routine: "one" }), node("b", { routine: "two" })));
    await isOpen("one", "two");
    await helper.setFlows(flow(node("a", { routine: "uno" }), node("b", { routine: "two" })), "nodes");
    await isOpen("two", "uno");
    await helper.setFlows(flow(), "full");
    await isOpen();
    expect(await start("two")).toMatchObject({ ok: false, code: "ROUTINE_UNKNOWN" });
  });

  it("takes back what an earlier life left open, and leaves other flow hosts' alone", async () => {
    const other = house.join("stock");
    await until(() => other.link.up);
    await house.bus.publish(routine, { host: "flow-host", id: "old" }, { name: "Old" });
    await other.publish(routine, { host: "stock", id: "theirs" }, { name: "Theirs" });
    await isOpen("old", "theirs");
    await load(flow(node("r")));
    await isOpen("movie-night", "theirs");
  });

  it("takes back what an earlier life left open where no routine is left in the flows, on each bus of theirs", async () => {
    const other = house.join("stock-1");
    await until(() => other.link.up);
    await house.bus.publish(routine, { host: "flow-host", id: "old" }, { name: "Old" });
    await other.publish(routine, { host: "stock-1", id: "older" }, { name: "Older" });
    await isOpen("old", "older");
    await other.close(100);
    await load([
      ...flow(),
      { id: "b2", type: "skein-bus", mode: "broker", url: house.url, identity: "stock-1" },
      { id: "b3", type: "skein-bus", mode: "broker", url: "${SKEIN_TEST_NONE}" },
    ]);
    await isOpen();
  });

  it("stays red while the broker does not let it be heard or opened, whatever else changes, until that is over", async () => {
    const refused = new SkeinError("BUS_REFUSED", "the broker does not let us.");
    const bus = Object.create(house.bus) as Bus;
    let refuse = true;
    bus.publish = ((...args: Parameters<Bus["publish"]>) =>
      refuse ? Promise.reject(refused) : house.bus.publish(...args)) as Bus["publish"];
    skein = { bus };
    await load(flow(node("r")));
    await eventually(() => expect(status("r")).toMatchObject({ fill: "red", shape: "ring" }));
    const presence = watchLeaderPresence(house.bus, () => {});
    leader.kill();
    await until(() => presence.now === "away");
    presence.stop();
    expect(status("r")).toMatchObject({ fill: "red", shape: "ring" });
    refuse = false;
    // Any deploy opens it again.
    await helper.setFlows([...flow(node("r")), { id: "more", type: "helper", ...at }], "nodes");
    await eventually(() => expect(status("r")).toMatchObject({ fill: "grey", shape: "ring" }));
  });

  it("is red when the broker refuses it only after the link is up, until what it opened comes back from there", async () => {
    const bus = Object.create(house.bus) as Bus;
    const refuse: ((refusal: Refusal) => void)[] = [];
    bus.onRefused = (listener) => (refuse.push(listener), () => {});
    skein = { bus };
    await load(flow(node("r")));
    await eventually(() => expect(status("r")).toMatchObject({ fill: "green" }));
    const caught = collect("caught") as unknown as { error: { code: string } }[];
    const error = new SkeinError("BUS_REFUSED", "the broker does not let us.");
    const tell = (id: string) => {
      for (const listener of refuse)
        listener({ action: "write", topic: routine.topic({ host: "flow-host", id }), error });
    };
    tell("somebody-elses");
    tell("movie-night");
    await eventually(() => expect(caught).toMatchObject([{ error: { code: "BUS_REFUSED" } }]));
    expect(status("r")).toMatchObject({ fill: "red", shape: "ring" });
    await house.bus.publish(routine, { host: "flow-host", id: "movie-night" }, { name: "Movie night" });
    await eventually(() => expect(status("r")).toMatchObject({ fill: "green" }));
  });

  it("lets the first of two with one id have it; the other says so, and gets it when the first is gone", async () => {
    const two = [node("a", { routine: "tv", name: "A" }), node("b", { routine: "tv", name: "B" })];
    await load(flow(...two));
    const caught = collect("caught") as unknown as { error: { code: string; source: { id: string } } }[];
    await eventually(() => expect(status("b")).toMatchObject({ fill: "red", shape: "ring" }));
    await eventually(() => expect(caught).toMatchObject([{ error: { code: "ROUTINE_TAKEN", source: { id: "b" } } }]));
    expect(open.get("tv")).toEqual({ name: "A" });
    // The first keeps it, whichever is made anew.
    await helper.setFlows(flow(node("a", { routine: "tv", name: "A2" }), two[1] ?? {}), "nodes");
    await eventually(() => expect(open.get("tv")).toEqual({ name: "A2" }));
    await helper.setFlows(flow(two[1] ?? {}), "nodes");
    await eventually(() => expect(open.get("tv")).toEqual({ name: "B" }));
    await eventually(() => expect(status("b")).toMatchObject({ fill: "green" }));
    expect(said).not.toContain("-tv");
  });

  it("says in red that its id is none, or that it has no bus", async () => {
    await load(flow(node("bad", { routine: "Movie Night" }), node("lost", { bus: "gone", routine: "x" })));
    expect(status("bad")).toMatchObject({ fill: "red", shape: "ring", text: expect.stringContaining("bad") });
    expect(status("lost")).toMatchObject({ fill: "red", shape: "ring" });
    await isOpen();
  });

  it("says that nobody is there to start it while the leader is away", async () => {
    await load(flow(node("r")));
    await eventually(() => expect(status("r")).toMatchObject({ fill: "green" }));
    leader.kill();
    await eventually(() => expect(status("r")).toMatchObject({ fill: "grey", shape: "ring" }));
  });

  it("starts when its button is pressed, and says when it is not deployed", async () => {
    const clock = new FakeClock();
    skein = { bus: house.bus, clock };
    await load(flow(node("r")));
    const started = collect("started");
    // A double click is one press.
    await helper.request().post("/skein/routine/r/start").expect(200);
    await helper.request().post("/skein/routine/r/start").expect(200);
    await eventually(() => expect(started).toMatchObject([{ topic: "routines/movie-night", payload: {} }]));
    expect((await helper.request().post("/skein/routine/nobody/start").expect(404)).body).toMatchObject({
      code: "NODE_UNKNOWN",
    });
    await clock.advance(1000);
    await helper.request().post("/skein/routine/r/start").expect(200);
    await until(() => started.length === 2);
  });

  const fixtures = join(__dirname, "fixtures");
  it.each(readdirSync(fixtures))("still loads and works as release %s saved it", async (file) => {
    await load(JSON.parse(readFileSync(join(fixtures, file), "utf8")) as object[]);
    await isOpen("movie");
    const started = collect("started");
    await start("movie");
    await eventually(() => expect(started).toMatchObject([{ topic: "routines/movie", payload: {} }]));
  });
});

it.each`
  routine | name                    | node      | id
  ${"tv"} | ${"Movie night"}        | ${"a1"}   | ${"tv"}
  ${""}   | ${"Gute Nacht, Größe!"} | ${"a1"}   | ${"gute-nacht-grosse"}
  ${""}   | ${"x".repeat(80)}       | ${"a1"}   | ${"x".repeat(50)}
  ${""}   | ${"電影"}               | ${"a1.2"} | ${"routine-a1-2"}
`(
  "a routine $routine called $name has the id $id",
  ({ routine: own, name, node: nodeId, id }: Record<string, string>) => {
    expect(routineIdOf({ routine: own ?? "", name: name ?? "" }, nodeId ?? "")).toBe(id);
  },
);
