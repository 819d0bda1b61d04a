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

/** All in ms. */
export interface Samples {
  /** A new follower's first heartbeat to the verdict `alive`. */
  readonly beat: number[];
  /** A dead follower's first words after it is back to `alive`. */
  readonly back: number[];
  /** A killed connection to `suspect`, and to `dead`. */
  readonly suspect: number[];
  readonly dead: number[];
}

export type SwarmReport =
  | { readonly type: "connected" }
  | { readonly type: "alive"; readonly count: number; readonly dead: number }
  | { readonly type: "samples"; readonly samples: Samples }
  /** By the bare listener since it was asked before. */
  | { readonly type: "heard"; readonly count: number };

const BEAT_MS = 5_000;
const TICK_MS = 10;
/** Connections that are being made at the same time. */
const AT_ONCE = 50;
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
  private readonly waiting = new Map<string, { state: string; done: (at: number) => void }>();

  take(topic: string, payload: Buffer): void {
    const id = topic.slice(topic.lastIndexOf("/") + 1);
    const { state } = (JSON.parse(payload.toString()) as { data: { state: string } }).data;
    this.states.set(id, state);
    const one = this.waiting.get(id);
    if (one?.state !== state) return;
    this.waiting.delete(id);
    one.done(performance.now());
  }

  /** Resolves with the moment, or undefined when it does not come within 30 s. */
  next(id: string, state: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), 30_000);
      this.waiting.set(id, { state, done: (at) => (clearTimeout(timer), resolve(at)) });
    });
  }

  count = (state: string) => [...this.states.values()].filter((each) => each === state).length;
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
  setInterval(() => tell({ type: "alive", count: verdicts.count("alive"), dead: verdicts.count("dead") }), 500);
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
  const time = async (into: number[], id: string, state: string, act: () => void) => {
    const seen = verdicts.next(id, state);
    const from = performance.now();
    act();
    const at = await seen;
    if (at !== undefined) into.push(at - from);
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
    const dead = verdicts.next(one.id, "suspect");
    const from = performance.now();
    one.die();
    const suspected = await dead;
    if (suspected !== undefined) samples.suspect.push(suspected - from);
    const died = await verdicts.next(one.id, "dead");
    if (died !== undefined) samples.dead.push(died - from);
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
