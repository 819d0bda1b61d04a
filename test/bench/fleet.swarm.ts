/** The children of the fleet bench: a swarm of followers, the probe that times verdicts, and a bare listener as the peer. */
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "mqtt";
import { LeanFollower } from "./fleet.client";

export interface SwarmOrder {
  readonly role: "swarm" | "probe" | "bare";
  readonly port: number;
  readonly prefix: string;
  readonly count: number;
  readonly password?: string | undefined;
}

/** In ms; null for a verdict that did not come within 30 s. */
export type Times = (number | null)[];

export interface Samples {
  /** A new follower's first heartbeat to the verdict `alive`. */
  readonly beat: Times;
  /** A dead follower's first words after it is back to `alive`. */
  readonly back: Times;
  /** A killed connection to `suspect`, and to `dead`. */
  readonly suspect: Times;
  readonly dead: Times;
}

export type SwarmReport =
  | { readonly type: "connected" }
  /** What the published verdicts say, every half second. */
  | {
      readonly type: "tally";
      /** Of all who are alive, and of the swarm who is dead, now. */
      readonly alive: number;
      readonly swarmDead: number;
      /** How often somebody who is no probe became dead since the start: until the swarm is killed, each is false. */
      readonly deaths: number;
    }
  | { readonly type: "samples"; readonly samples: Samples }
  /** By the bare listener since it was asked before. */
  | { readonly type: "heard"; readonly count: number };

const BEAT_MS = 5_000;
const TICK_MS = 10;
/** Connections that are being made at the same time. */
const AT_ONCE = 50;
/** Ids, as the bench gives them out: s0-12 is of a swarm, p-3 a probe, p-new-3-7 one of its newcomers, who just leave. */
const SWARM = /^s\d+-/;
const PROBE = /^p-\d+$/;
const tell = (report: SwarmReport) => process.send?.(report);

/** Runs when the bench's bundle was forked. */
export function swarmMain(): void {
  process.once("message", (order: SwarmOrder) => {
    void (order.role === "bare" ? bare(order) : order.role === "probe" ? probe(order) : swarm(order));
  });
  process.on("disconnect", () => process.exit(0));
}

async function swarm(order: SwarmOrder): Promise<LeanFollower[]> {
  const { port, prefix, count, password } = order;
  const all = Array.from(
    { length: count },
    (_, index) => new LeanFollower({ port, password, id: `${prefix}-${index}` }),
  );
  const waiting = [...all];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      await next.connect();
      next.hello();
      next.beat();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
  speak(all);
  tell({ type: "connected" });
  return all;
}

/** Everybody beats every 5 s and reports every 10 s, spread evenly over the time. */
function speak(all: readonly LeanFollower[]): void {
  const start = performance.now();
  let beaten = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - start) / BEAT_MS) * all.length);
    for (; beaten < due; beaten++) {
      const index = beaten % all.length;
      const one = all[index];
      if (!one?.connected) continue;
      one.beat();
      if ((Math.floor(beaten / all.length) + index) % 2 === 0) one.metrics();
    }
  }, TICK_MS);
}

/** Verdicts as everybody on the bus sees them. */
class Verdicts {
  readonly states = new Map<string, string>();
  /** How often somebody became dead; the probes do so on purpose and do not count. */
  deaths = 0;
  private readonly waiting = new Map<string, { state: string; done: (at: number) => void }>();

  take(topic: string, payload: Buffer): void {
    const id = topic.slice(topic.lastIndexOf("/") + 1);
    const { state } = (JSON.parse(payload.toString()) as { data: { state: string } }).data;
    if (state === "dead" && this.states.get(id) !== "dead" && !PROBE.test(id)) this.deaths += 1;
    this.states.set(id, state);
    const one = this.waiting.get(id);
    if (one?.state !== state) return;
    this.waiting.delete(id);
    one.done(performance.now());
  }

  /** Resolves with how long after `from` it came, or null when it does not come within 30 s. */
  next(id: string, state: string, from: number): Promise<number | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => (this.waiting.delete(id), resolve(null)), 30_000);
      this.waiting.set(id, { state, done: (at) => (clearTimeout(timer), resolve(at - from)) });
    });
  }

  count = (state: string, ids = /./) => [...this.states].filter(([id, each]) => each === state && ids.test(id)).length;
}

async function probe(order: SwarmOrder): Promise<void> {
  const verdicts = new Verdicts();
  const watcher = new LeanFollower({ port: order.port, password: order.password, id: `${order.prefix}-watcher` });
  watcher.onMessage = (topic, payload) => verdicts.take(topic, payload);
  await watcher.connect(false);
  watcher.subscribe("skein/v1/leader/verdicts/+", 0);
  setInterval(() => watcher.ping(), 10_000);
  const all = await swarm(order);
  const samples: Samples = { beat: [], back: [], suspect: [], dead: [] };
  setInterval(() => {
    const swarmDead = verdicts.count("dead", SWARM);
    tell({ type: "tally", alive: verdicts.count("alive"), swarmDead, deaths: verdicts.deaths });
  }, 500);
  process.on("message", (message: { type: string }) => {
    if (message.type === "measure")
      void Promise.all(all.map((one, index) => rounds(one, index, order, verdicts, samples)));
    if (message.type === "stop") tell({ type: "samples", samples });
  });
}

/** Over and over: a newcomer's first beat; a death by a killed connection; a return. */
async function rounds(
  one: LeanFollower,
  index: number,
  order: SwarmOrder,
  verdicts: Verdicts,
  samples: Samples,
): Promise<never> {
  const time = async (into: Times, id: string, state: string, act: () => void) => {
    const seen = verdicts.next(id, state, performance.now());
    act();
    into.push(await seen);
  };
  for (let round = 0; ; round++) {
    await sleep(Math.random() * 3_000);
    const id = `${order.prefix}-new-${index}-${round}`;
    const newcomer = new LeanFollower({ port: order.port, id });
    if (order.password === undefined) {
      await newcomer.connect();
      await time(samples.beat, id, "alive", () => newcomer.beat());
      newcomer.leave();
    }
    const from = performance.now();
    await time(samples.suspect, one.id, "suspect", () => one.die());
    samples.dead.push(await verdicts.next(one.id, "dead", from));
    await one.connect();
    await time(samples.back, one.id, "alive", () => {
      one.hello();
      one.beat();
    });
  }
}

/** What it costs to hear the same messages and do nothing but JSON.parse. */
async function bare({ port, password, prefix }: SwarmOrder): Promise<void> {
  const client = connect(`mqtt://127.0.0.1:${port}`, {
    clientId: `skein-${prefix}`,
    ...(password === undefined ? {} : { username: prefix, password }),
  });
  let heard = 0;
  client.on("message", (_topic, payload) => {
    heard += JSON.parse(payload.toString()) === undefined ? 0 : 1;
  });
  await client.subscribeAsync("skein/v1/followers/#", { qos: 0 });
  process.on("message", () => {
    tell({ type: "heard", count: heard });
    heard = 0;
  });
  tell({ type: "connected" });
}
