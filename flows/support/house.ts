/**
 * A house for the tests of flows: a leader that says what the test wants, and Node-RED running one flow file, unchanged, on
 * whichever bus. The flow says nothing of the bus but "the leader's": the flow host hands it over, as it does in the house.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createBus, createTransport, type Bus } from "@skein/bus";
import {
  flowEvent,
  leaderNotice,
  metrics,
  verdict,
  type DataOf,
  type InputOf,
  type VerdictData,
} from "@skein/contracts";
import { createIds, seededRandom, systemClock } from "@skein/kit";
import type { FleetView } from "@skein/palette";
import { until } from "../../test/support/eventually";
import { startRedis } from "../../test/support/redis-server";

/** What is used of node-red-node-test-helper, which brings no types. */
interface Helper {
  init(runtime: string): void;
  settings(settings: object): void;
  startServer(done: () => void): void;
  stopServer(done: () => void): void;
  load(nodes: unknown[], flow: unknown[], credentials: object): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): HelperNode | null;
}
interface HelperNode {
  receive(message: object): void;
  on(event: "input", listener: (message: { payload: unknown }) => void): void;
  context(): {
    flow: {
      get(key: string): Record<string, unknown> | undefined;
      set(key: string, value: unknown): void;
      keys(): string[];
    };
  };
}
const helper = require("node-red-node-test-helper") as Helper;

const CORE = [
  "common/20-inject",
  "common/21-debug",
  "common/60-link",
  "common/90-comment",
  "common/91-global-config",
  "common/25-catch",
  "function/10-function",
  "function/10-switch",
  "function/15-change",
];
const OURS = [
  "bus/src/bus",
  "bus/src/in",
  "bus/src/out",
  "heartbeat-monitor/src/heartbeat-monitor",
  "kasa-light/src/direct",
  "kasa-light/src/kasa-light",
  "notify/src/notify",
  "routine/src/routine",
  "stm32-peripheral/src/direct",
  "stm32-peripheral/src/stm32-peripheral",
];

/** `msg.event` of our flows. */
export interface News {
  readonly kind: string;
  readonly text: string;
  readonly followers?: readonly string[];
  readonly [more: string]: unknown;
}

export interface FlowHouse {
  readonly leader: Bus;
  /** Another participant on the same bus; a follower has a presence. */
  enter(id: string, as?: "follower" | "none"): Promise<Bus>;
  /** What the flow said on the bus, in order. */
  readonly news: News[];
  /** The leader's verdict; times go on by themselves unless they are given. */
  say(id: string, state: VerdictData["state"], more?: Partial<VerdictData>): Promise<void>;
  notice(data: InputOf<typeof leaderNotice>): Promise<void>;
  measure(id: string, data: Partial<DataOf<typeof metrics>>): Promise<void>;
  /** Sends a message into a node, as if it had come by a wire. */
  press(node: string): void;
  /** Resolves when the flow's monitors have this verdict. */
  seen(id: string, state: VerdictData["state"]): Promise<void>;
  /** Resolves when the flow remembers figures of these. */
  measured(...ids: string[]): Promise<void>;
  /** The last payload that came to a node. */
  shown(node: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Node-RED with one flow file in it, unchanged. */
export interface RunningFlow {
  /** A message into a node, as if it had come by a wire. */
  tell(node: string, message?: object): void;
  /** The last payload that came to a node of kind debug or function, once there is one. */
  shown(node: string): Promise<unknown>;
  /** What the flow that this node is in remembers. */
  remembered(node: string): Record<string, unknown>;
  stop(): Promise<void>;
}

/**
 * @param file relative to flows/
 * @param remembered what the flow finds in its context, as from the disk of the house after a restart
 */
export async function runFlow(
  file: string,
  skein: { bus: Bus },
  remembered: Record<string, unknown> = {},
): Promise<RunningFlow> {
  helper.init(require.resolve("node-red"));
  helper.settings({ skein });
  await new Promise<void>((resolve) => helper.startServer(resolve));
  const flow = JSON.parse(readFileSync(join(__dirname, "..", file), "utf8")) as { id: string; type: string }[];
  const nodes = [
    ...CORE.map((name) => require(`@node-red/nodes/core/${name}`) as unknown),
    ...OURS.map((name) => require(`../../nodes/${name}`) as unknown),
    require("node-red-contrib-cron-plus") as unknown,
  ];
  await helper.load(nodes, flow, {});
  const absent = flow.filter(({ id, type }) => !["tab", "global-config"].includes(type) && !helper.getNode(id));
  if (absent.length > 0) throw new Error(`not running: ${absent.map(({ type }) => type).join(", ")}`);
  const context = (id: string) => helper.getNode(id)?.context().flow;
  const first = flow.find(({ type }) => type === "function")?.id ?? "";
  for (const [key, value] of Object.entries(remembered)) context(first)?.set(key, value);
  const shown = new Map<string, unknown[]>();
  for (const { id, type } of flow) {
    if (type === "debug" || type === "function")
      helper.getNode(id)?.on("input", ({ payload }) => shown.set(id, [...(shown.get(id) ?? []), payload]));
  }

  return {
    tell: (node, message = {}) => helper.getNode(node)?.receive(message),
    async shown(node) {
      await until(() => (shown.get(node)?.length ?? 0) > 0);
      return shown.get(node)?.at(-1);
    },
    remembered(node) {
      const kept = context(node);
      return Object.fromEntries((kept?.keys() ?? []).map((key) => [key, kept?.get(key)]));
    },
    async stop() {
      await helper.unload();
      await new Promise<void>((resolve) => helper.stopServer(resolve));
    },
  };
}

let houses = 0;

/** @param file relative to flows/ */
export async function startFlow(file: string, transport: "memory" | "redis" = "memory"): Promise<FlowHouse> {
  const redis = transport === "redis" ? await startRedis() : undefined;
  const url = redis?.url ?? `memory:flows-${++houses}`;
  const buses: Bus[] = [];
  const participant = (id: string, presence: Parameters<typeof createBus>[0]["presence"]): Bus => {
    const parts = { clock: systemClock, random: seededRandom(buses.length + 1) };
    const address = { url, clientId: `skein-${id}`, reaper: id === "leader" };
    const bus = createBus({
      id,
      transport: createTransport(address, parts),
      ...parts,
      ids: createIds(systemClock, parts.random),
      presence: presence ?? { as: "none" },
    });
    buses.push(bus);
    return bus;
  };
  const leader = participant("leader", { as: "leader", version: "test", epoch: 1 });
  const host = participant("flow-host", { as: "none" });
  const news: News[] = [];
  await leader.subscribe(flowEvent, {}, ({ data }) => void news.push(data as News));

  const skein: { bus: Bus; house?: { fleet: FleetView } } = { bus: host };
  const running = await runFlow(file, skein);
  await until(() => host.link.up && leader.link.up);
  const enter = async (id: string, as: "follower" | "none" = "none") => {
    const joined = participant(id, { as });
    await until(() => joined.link.up);
    return joined;
  };
  let since = Date.UTC(2026, 0, 1);
  const house: FlowHouse = {
    leader,
    news,
    async say(id, state, more = {}) {
      await leader.publish(verdict, { id }, { state, cause: "beat", since: (since += 1000), ...more }, { epoch: 1 });
    },
    notice: async (data) => void (await leader.publish(leaderNotice, {}, data, { epoch: 1 })),
    enter,
    async measure(id, data) {
      const follower = await enter(id, "follower");
      await follower.publish(metrics, { id }, { agent: { rssBytes: 1, heapUsedBytes: 1, eventLoopLagMs: 0 }, ...data });
    },
    press: (node) => running.tell(node),
    seen: (id, state) => until(() => skein.house?.fleet.verdict(id)?.state === state),
    async measured(...ids) {
      const remembered = () => (running.remembered("skein-daily-remember")["metrics"] ?? {}) as object;
      await until(() => ids.every((id) => id in remembered()));
    },
    shown: (node) => running.shown(node),
    async close() {
      await running.stop();
      await Promise.all(buses.map((bus) => bus.close(200)));
      await redis?.close();
    },
  };
  return house;
}
