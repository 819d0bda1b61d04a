import { createBus, createTransport, type Bus } from "@skein/bus";
import { birth, heartbeat } from "@skein/contracts";
import { createIds, every, FakeClock, seededRandom } from "@skein/kit";
import type { SkeinBusNode, SkeinRedSettings } from "@skein/palette";
import helper from "node-red-node-test-helper";
import { eventually } from "../../../test/support/eventually";
import registerBus = require("../../bus/src/bus");
import registerMonitor = require("./heartbeat-monitor");

helper.init(require.resolve("node-red"));

/** The test helper loads no context store, as Node-RED does at its start. */
const contexts = require("@node-red/runtime/lib/nodes/context") as { load(): Promise<void> };
const bootId = "8b0a1c1e-7e0f-4f6e-9a39-1c1d8f0a2b3c";
let houses = 0;

/** A Node-RED without a leader, that judges by itself, and followers on its bus; time is the test's. */
describe("a monitor whose bus judges by itself", () => {
  let clock: FakeClock;
  let url: string;
  let all: Bus[];
  let stops: (() => void)[];

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(() => {
    clock = new FakeClock();
    url = `memory:judge-here-${++houses}`;
    [all, stops] = [[], []];
  });
  afterEach(async () => {
    for (const stop of stops) stop();
    await unload();
    for (const bus of all) bus.kill();
    await clock.advance(100);
  });

  /** The memory bus hands over by the clock, so what waits for it needs time to pass. */
  async function passing<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const ended = work.finally(() => (over = true));
    while (!over) {
      await clock.advance(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return ended;
  }
  const unload = () => passing(Promise.resolve(helper.unload()));

  async function follower(id: string): Promise<{ die(): void }> {
    const random = seededRandom(all.length + 1);
    const transport = createTransport({ url, clientId: `skein-${id}` }, { clock, random });
    const bus = createBus({
      id,
      transport,
      clock,
      random,
      ids: createIds(clock, random),
      presence: { as: "follower" },
    });
    all.push(bus);
    await clock.advance(10);
    await passing(
      bus.publish(birth, { id }, { name: id, bootId, host: {}, versions: { agent: "1" }, capabilities: [] }),
    );
    const beat = () =>
      void bus.publish(heartbeat, { id }, { bootId, nextInMs: 5000, capabilities: {} }).catch(() => {});
    const stop = every(clock, 5000, beat);
    stops.push(stop);
    return {
      die() {
        stop();
        bus.kill();
      },
    };
  }

  const flow = (more: object = {}) => [
    { id: "tab", type: "tab" },
    { id: "bus", type: "skein-bus", mode: "broker", url, judgeHere: true },
    { id: "m", z: "tab", x: 1, y: 1, type: "skein-heartbeat-monitor", bus: "bus", wires: [["changes"], []], ...more },
    { id: "changes", z: "tab", x: 1, y: 1, type: "helper" },
  ];
  const listen = (): string[] => {
    const heard: string[] = [];
    helper.getNode("changes").on("input", (message) => {
      const { payload, initial } = message as unknown as { payload: { id: string; state: string }; initial?: boolean };
      heard.push(`${payload.id} ${payload.state}${initial ? " initial" : ""}`);
    });
    return heard;
  };
  const load = async (nodes: object[]): Promise<string[]> => {
    // A store that was configured outlives deploys; Node-RED's own does not.
    const contextStorage = { default: { module: "memory" } };
    helper.settings({ skein: { clock } satisfies SkeinRedSettings, contextStorage } as object);
    await helper.load([registerBus, registerMonitor] as never, nodes as never, {});
    await contexts.load();
    return listen();
  };

  it("sends each follower's state at deploy once, however long getting to know them takes", async () => {
    await follower("cv-1");
    await follower("cv-2");
    const dead = await follower("cv-3");
    await clock.advance(6000);
    dead.die();
    await clock.advance(20_000);
    const heard = await load(flow({ sendInitial: true }));
    await clock.advance(45_000);
    expect(heard.toSorted()).toEqual(["cv-1 alive initial", "cv-2 alive initial", "cv-3 dead initial"]);
    await follower("cv-4");
    await clock.advance(30_000);
    expect(heard.slice(3)).toEqual(["cv-4 alive"]);
  });

  it("tells of one that died during a full deploy, which makes its bus anew", async () => {
    const cv = await follower("cv-1");
    await follower("cv-2");
    const before = await load(flow());
    await clock.advance(30_000);
    cv.die();
    await passing(Promise.resolve(helper.setFlows(flow({ name: "changed" }) as never, "full")));
    const after = listen();
    await clock.advance(60_000);
    expect([before, after]).toEqual([[], ["cv-1 dead"]]);
  });

  it("keeps one in maintenance over a deploy that makes its bus another one, and ends it in time", async () => {
    await follower("cv-1");
    await load(flow());
    await clock.advance(30_000);
    helper.getNode("m").receive({ follower: "cv-1", maintenance: 5 } as never);
    await eventually(() => expect(helper.getNode("bus").context().get("maintenance")).toHaveLength(1));
    await clock.advance(60_000);
    const [tab, bus, ...nodes] = flow();
    await passing(Promise.resolve(helper.setFlows([tab, { ...bus, identity: "garden" }, ...nodes] as never, "full")));
    const state = () => (helper.getNode("bus") as unknown as SkeinBusNode).fleet.verdict("cv-1")?.state;
    await clock.advance(30_000);
    expect(state()).toBe("maintenance");
    await clock.advance(4 * 60_000);
    expect(state()).toBe("alive");
    expect(helper.getNode("bus").context().get("maintenance")).toEqual([]);
  });
});
