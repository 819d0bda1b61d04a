/**
 * Our packed nodes in a Node-RED that knows nothing of Skein, 4.1 and 5, without a leader, on a real Mosquitto: installed by
 * the palette manager's own two ways, deployed, and telling of a follower that lives, dies and is back.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { createBus, createTransport, type Bus } from "@skein/bus";
import { birth, heartbeat, metrics } from "@skein/contracts";
import { createIds, every, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { createCatalogue, type CatalogueEntry } from "../runtime/src/core/catalogue";
import { startBoardServer } from "../nodes/stm32-peripheral/src/testing/board-server";
import { createLan } from "../packages/kasa/src/testing/lan";
import { FakeBoard } from "../packages/stm32-link/src/testing/fake-board";
import { eventually } from "./support/eventually";
import { startMosquitto, type Mosquitto } from "./support/mosquitto";
import { packedNodes, type PackedNodes } from "./support/packed-nodes";
import { startNodeRed, type NodeRedLine, type StockNodeRed } from "./support/stock-node-red";

interface Seen {
  readonly topic: string;
  readonly payload: { state?: string; cause?: string; agent?: unknown } & Record<string, unknown>;
}

const keep = (key: string) =>
  `const seen = flow.get("${key}") || []; seen.push({topic: msg.topic, payload: msg.payload}); flow.set("${key}", seen);`;

/** Judges by itself, since there is no leader; the broker's address comes from the environment, as an exported flow has it. */
const flow = [
  { id: "tab", type: "tab", label: "Who is alive" },
  {
    id: "bus",
    type: "skein-bus",
    name: "",
    configVersion: 1,
    mode: "broker",
    url: "${SKEIN_BUS}",
    identity: "stock",
    verify: true,
    judgeHere: true,
  },
  {
    id: "monitor",
    type: "skein-heartbeat-monitor",
    z: "tab",
    name: "",
    configVersion: 1,
    bus: "bus",
    followers: [],
    states: ["dead", "alive"],
    sendInitial: false,
    x: 300,
    y: 100,
    wires: [["changes"], ["metrics"]],
  },
  { id: "changes", type: "function", z: "tab", func: keep("changes"), outputs: 0, x: 500, y: 80, wires: [] },
  { id: "metrics", type: "function", z: "tab", func: keep("metrics"), outputs: 0, x: 500, y: 120, wires: [] },
];

/** A follower as the bus sees one: with a will, a birth, a beat every 2 s (with quicker ones silence would be judged before the will). */
function startFollower(id: string, url: string): { bus: Bus; stop: () => void } {
  const parts = { clock: systemClock, random: systemRandom };
  const bus = createBus({
    id,
    transport: createTransport({ url, clientId: `skein-${id}` }, parts),
    ...parts,
    ids: createIds(systemClock, systemRandom),
    presence: { as: "follower" },
  });
  const bootId = "0f3f2b1e-7a5e-4c55-8f0a-1f2e3d4c5b6a";
  const say = () => {
    void bus.publish(heartbeat, { id }, { bootId, nextInMs: 2000, capabilities: { health: "ok" } });
    void bus.publish(metrics, { id }, { agent: { rssBytes: 1, heapUsedBytes: 1, eventLoopLagMs: 0 } });
  };
  void bus.publish(birth, { id }, { name: id, bootId, host: {}, versions: { agent: "0" }, capabilities: [] });
  return { bus, stop: every(systemClock, 2000, say) };
}

describe.each<NodeRedLine>(["4.1", "5"])("a stock Node-RED %s", (line) => {
  let mosquitto: Mosquitto;
  let red: StockNodeRed;
  let tarballs: PackedNodes;
  const cleanUps: (() => Promise<unknown> | void)[] = [];

  beforeAll(async () => {
    tarballs = await packedNodes();
    mosquitto = await startMosquitto();
    cleanUps.push(() => mosquitto.close());
    red = await startNodeRed(line, { SKEIN_BUS: mosquitto.url });
    cleanUps.push(() => red.close());
  }, 180_000);
  afterAll(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });

  it("is the version that was asked for and knows none of our nodes", async () => {
    expect(red.version.startsWith(`${line}.`)).toBe(true);
    const modules = (await (await fetch(`${red.url}/nodes`, { headers: { accept: "application/json" } })).json()) as {
      module: string;
    }[];
    expect(modules.filter(({ module }) => module.startsWith("@skein/"))).toEqual([]);
  });

  it("installs the bus that is uploaded", async () => {
    expect(await red.upload(tarballs.file("@skein/node-red-bus"))).toEqual({
      name: "@skein/node-red-bus",
      types: ["skein-bus", "skein-in", "skein-out"],
    });
  }, 60_000);

  it("installs the heartbeat monitor from the leader's catalogue", async () => {
    const app = express();
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      app.use(
        "/api/v1/palette",
        createCatalogue({ folders: [tarballs.folder], baseUrl: () => base, logger: silentLogger }),
      );
      const { modules } = (await (await fetch(`${base}/api/v1/palette/catalogue.json`)).json()) as {
        modules: CatalogueEntry[];
      };
      const entry = modules.find(({ id }) => id === "@skein/node-red-heartbeat-monitor")!;
      expect(entry.types).toEqual(["skein-heartbeat-monitor"]);
      expect(await red.install(entry)).toEqual({
        name: "@skein/node-red-heartbeat-monitor",
        types: ["skein-heartbeat-monitor"],
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }, 60_000);

  it("installs what needs a leader as well, and such a node says that there is none", async () => {
    for (const name of ["notify", "routine"])
      expect(await red.upload(tarballs.file(`@skein/node-red-${name}`))).toEqual({
        name: `@skein/node-red-${name}`,
        types: [`skein-${name}`],
      });
    expect(await red.upload(tarballs.file("@skein/node-red-kasa-light"))).toEqual({
      name: "@skein/node-red-kasa-light",
      types: ["skein-kasa-direct", "skein-kasa-light"],
    });
    expect(await red.upload(tarballs.file("@skein/node-red-stm32-peripheral"))).toEqual({
      name: "@skein/node-red-stm32-peripheral",
      types: ["skein-stm32-direct", "skein-stm32-peripheral"],
    });
    const [bus] = flow.filter(({ id }) => id === "bus");
    const at = { z: "tab", x: 100, y: 100 };
    await red.deploy([
      { id: "tab", type: "tab", label: "Nobody there" },
      bus ?? {},
      {
        id: "say",
        type: "inject",
        props: [{ p: "payload" }],
        payload: "x",
        payloadType: "str",
        wires: [["notify"]],
        ...at,
      },
      { id: "notify", type: "skein-notify", bus: "bus", wires: [[], []], ...at },
      { id: "routine", type: "skein-routine", bus: "bus", name: "Movie night", wires: [[]], ...at },
      { id: "light", type: "skein-kasa-light", bus: "bus", wires: [[], []], ...at },
      { id: "hub", type: "skein-stm32-peripheral", bus: "bus", wires: [[], []], ...at },
      { id: "catch", type: "catch", scope: null, wires: [["failed"]], ...at },
      { id: "failed", type: "function", func: 'flow.set("failed", [msg.error.code]);', outputs: 0, wires: [], ...at },
      { id: "status", type: "status", scope: null, wires: [["shown"]], ...at },
      {
        id: "shown",
        type: "function",
        func: "flow.set(msg.status.source.id, [msg.status.fill, msg.status.text]);",
        outputs: 0,
        wires: [],
        ...at,
      },
    ]);
    await eventually(async () => {
      expect(await red.flowContext("tab", "notify")).toEqual(["grey", "nobody to show it"]);
      expect(await red.flowContext("tab", "routine")).toEqual(["grey", "nobody to start it"]);
      expect(await red.flowContext("tab", "light")).toEqual(["grey", "no leader"]);
      expect(await red.flowContext("tab", "hub")).toEqual(["grey", "no board there"]);
    });
    await red.inject("say");
    await eventually(async () => expect(await red.flowContext("tab", "failed")).toEqual(["LEADER_ABSENT"]));
  }, 60_000);

  it("drives a light by itself, by a direct connection whose address no flow holds", async () => {
    const lan = createLan();
    const lamp = await lan.device({ alias: "Lamp" });
    const at = { z: "tab", x: 100, y: 100 };
    try {
      await red.deploy([
        { id: "tab", type: "tab", label: "A lamp" },
        { id: "direct", type: "skein-kasa-direct", name: "", credentials: { addresses: lamp.device.host } },
        {
          id: "say",
          type: "inject",
          props: [{ p: "payload" }],
          payload: "35%",
          payloadType: "str",
          wires: [["lamp"]],
          ...at,
        },
        { id: "lamp", type: "skein-kasa-light", direct: "direct", targets: [lamp.id], wires: [["seen"], []], ...at },
        { id: "seen", type: "function", func: keep("seen"), outputs: 0, wires: [], ...at },
      ]);
      await red.inject("say");
      await eventually(async () =>
        expect(await red.flowContext("tab", "seen")).toMatchObject([
          { topic: `devices/${lamp.id}`, payload: { on: true, brightness: 35 } },
        ]),
      );
      expect(lamp.look()[0]?.state).toMatchObject({ on: true, brightness: 35 });
    } finally {
      await red.deploy([{ id: "tab", type: "tab", label: "Nothing" }]);
      await lan.close();
    }
  }, 60_000);

  it("drives a board's lamp by itself, by a direct connection whose address no flow holds", async () => {
    const server = await startBoardServer(new FakeBoard());
    const at = { z: "tab", x: 100, y: 100 };
    try {
      await red.deploy([
        { id: "tab", type: "tab", label: "A board" },
        { id: "direct", type: "skein-stm32-direct", name: "Door", credentials: { line: server.line } },
        {
          id: "say",
          type: "inject",
          props: [{ p: "payload" }],
          payload: "35 %",
          payloadType: "str",
          wires: [["lamp"]],
          ...at,
        },
        {
          id: "lamp",
          type: "skein-stm32-peripheral",
          direct: "direct",
          channel: "Lamp",
          wires: [["seen"], []],
          ...at,
        },
        { id: "seen", type: "function", func: keep("board"), outputs: 0, wires: [], ...at },
      ]);
      await red.inject("say");
      await eventually(async () =>
        expect(await red.flowContext("tab", "board")).toMatchObject([
          { topic: "followers/board/channels/1", payload: { name: "Lamp", value: 35, unit: "%" } },
        ]),
      );
      expect(server.board.values.get(1)).toBe(35);
    } finally {
      await red.deploy([{ id: "tab", type: "tab", label: "Nothing" }]);
      await server.close();
    }
  }, 60_000);

  it("judges a follower by itself: alive, dead when its connection dies, alive again", async () => {
    await red.deploy(flow);
    const id = "cv-1";
    const first = startFollower(id, mosquitto.url);
    const changes = async () => (await red.flowContext<Seen[]>("tab", "changes")) ?? [];
    try {
      await eventually(async () =>
        expect(await red.flowContext<Seen[]>("tab", "metrics")).toEqual(
          expect.arrayContaining([expect.objectContaining({ topic: `followers/${id}` })]),
        ),
      );
      first.stop();
      first.bus.kill();
      const dead = await eventually(async () => {
        const found = (await changes()).find(({ payload }) => payload.state === "dead");
        if (!found) throw new Error(`no death yet: ${JSON.stringify(await changes())}\n${red.log().slice(-2000)}`);
        return found;
      }, 20_000);
      expect(dead).toMatchObject({ topic: `followers/${id}`, payload: { state: "dead", cause: "will" } });
    } finally {
      first.stop();
      first.bus.kill();
    }
    const second = startFollower(id, mosquitto.url);
    try {
      await eventually(async () =>
        expect((await changes()).at(-1)).toMatchObject({ topic: `followers/${id}`, payload: { state: "alive" } }),
      );
    } finally {
      second.stop();
      await second.bus.close();
    }
  }, 60_000);
});
