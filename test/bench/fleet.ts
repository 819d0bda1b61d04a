/**
 * What does a fleet cost its leader, and how soon is a verdict out? 100, 1,000 and 10,000 followers, each with a TCP
 * connection and a will of its own, a beat every 5 s and metrics every 10 s, through a real broker into one real core.
 * A probe kills connections, comes back and joins anew all the time, and listens to the published verdicts.
 * The peer: a bare mqtt.js listener that hears the same messages and does nothing but JSON.parse.
 *
 * Options: --sizes 100,1000,10000 --seconds 60 --broker mosquitto|embedded
 */
import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { leaderSettings } from "../../runtime/src/settings";
import { startMosquitto } from "../support/mosquitto";
import { freePort } from "../support/ports";
import { tempDir } from "../support/temp-dir";
import { cpuSeconds, memoryMb, percentile } from "./shared.process";
import { type Samples, swarmMain, type SwarmOrder, type SwarmReport, type Times } from "./fleet.swarm";

const ROOT = process.env["SKEIN_ROOT"] ?? process.cwd();
const PROBES = 16;
const PER_SWARM = 5_000;
const SETTLE_MS = 10_000;

interface Broker {
  readonly port: number;
  readonly pid: number;
  readonly password: string | undefined;
  close(): Promise<void>;
}

const children = new Set<ChildProcess>();
const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });

function start(module: string, args: string[] = []): ChildProcess {
  const child = fork(module, args, { stdio: ["ignore", "ignore", args.length > 0 ? "inherit" : "ignore", "ipc"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** Resolves with the first report of this type. */
function report<T extends string>(child: ChildProcess, type: T): Promise<Extract<SwarmReport, { type: T }>> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: { type: string }) => {
      if (message.type === type) resolve(message as unknown as Extract<SwarmReport, { type: T }>);
      if (message.type === "failed") reject(new Error(JSON.stringify(message)));
    });
    child.once("exit", (code) => reject(new Error(`a child ended with ${code} before it said "${type}"`)));
  });
}

function swarm(order: SwarmOrder): ChildProcess {
  const child = start(process.argv[1] ?? "", ["--swarm"]);
  child.send(order);
  return child;
}

async function startBroker(kind: string, dir: string, ids: readonly string[]): Promise<Broker> {
  if (kind === "mosquitto") {
    const mosquitto = await startMosquitto();
    return {
      port: Number(new URL(mosquitto.url).port),
      pid: mosquitto.pid ?? 0,
      password: undefined,
      close: () => mosquitto.close(),
    };
  }
  const password = "bench";
  const hash = `sha256$salt$${createHash("sha256").update(`salt$${password}`).digest("base64url")}`;
  const users = Object.fromEntries(
    ids.map((id) => [
      id,
      { id, hash, role: id === "leader" ? "leader" : /watcher|bare/.test(id) ? "flows" : "follower" },
    ]),
  );
  const usersFile = join(dir, "bus-users.json");
  writeFileSync(usersFile, JSON.stringify({ users }));
  const child = start(join(ROOT, "runtime/dist/launcher/broker-process.js"));
  const port = await freePort();
  const ready = report(child, "ready" as "connected");
  child.send({ type: "init", dataDir: join(dir, "broker"), host: "127.0.0.1", port, usersFile });
  await ready;
  return { port, pid: child.pid ?? 0, password, close: () => end(child) };
}

async function startCore(broker: Broker, dir: string): Promise<ChildProcess & { http: number }> {
  const core = start(join(ROOT, "runtime/dist/core/main.js"));
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const http = await freePort();
  const { password } = broker;
  mkdirSync(join(dir, "core"), { recursive: true });
  const ready = report(core, "ready" as "connected");
  core.send({
    type: "init",
    settings: leaderSettings.parse({ bus: { kind: "mqtt", url } }),
    dataDir: dir,
    version: "bench",
    demo: false,
    bus: { url, clientId: "skein-leader", ...(password === undefined ? {} : { username: "leader", password }) },
    flowHostSocket: join(dir, "none.sock"),
    ports: { http },
  });
  await ready;
  return Object.assign(core, { http });
}

async function run(followers: number, seconds: number, kind: string) {
  const dir = tempDir("skein-bench-fleet-");
  const bulk = Math.max(0, followers - PROBES);
  const swarms = Math.max(1, Math.ceil(bulk / PER_SWARM));
  const share = Array.from({ length: swarms }, (_, index) => Math.floor((bulk + index) / swarms));
  const ids = [
    "leader",
    "bare",
    "p-watcher",
    ...Array.from({ length: PROBES }, (_, index) => `p-${index}`),
    ...share.flatMap((count, swarmIndex) => Array.from({ length: count }, (_, index) => `s${swarmIndex}-${index}`)),
  ];
  const broker = await startBroker(kind, dir.path, ids);
  try {
    const core = await startCore(broker, dir.join("data"));
    const base = { port: broker.port, password: broker.password };
    const probe = swarm({ ...base, role: "probe", prefix: "p", count: PROBES });
    const seen = { alive: 0, swarmDead: 0 };
    probe.on("message", (message: SwarmReport) => {
      if (message.type === "tally") Object.assign(seen, message);
    });
    await report(probe, "connected");
    const from = Date.now();
    const others = share.map((count, index) => swarm({ ...base, role: "swarm", prefix: `s${index}`, count }));
    await Promise.all(others.map((child) => report(child, "connected")));
    const connectedS = (Date.now() - from) / 1000;
    while (seen.alive < followers && Date.now() - from < 120_000) await sleep(200);
    const waitedS = (Date.now() - from) / 1000;
    const allAliveS = seen.alive < followers ? undefined : waitedS;
    if (allAliveS === undefined) {
      console.log(await states(core.http));
      console.log(`  only ${seen.alive} of ${followers} are alive after ${waitedS} s`);
    }
    await sleep(SETTLE_MS);

    const swarmPids = [probe, ...others].map((child) => child.pid ?? 0);
    const measured = () => ({
      core: cpuSeconds(core.pid ?? 0),
      broker: cpuSeconds(broker.pid),
      swarm: swarmPids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
      at: Date.now(),
    });
    const before = measured();
    probe.send({ type: "measure" });
    await sleep(seconds * 1000);
    const after = measured();
    const memory = memoryMb(core.pid ?? 0);
    const samples = report(probe, "samples");
    probe.send({ type: "stop" });
    const times: Samples = (await samples).samples;

    const peer = swarm({ ...base, role: "bare", prefix: "bare", count: 1 });
    await report(peer, "connected");
    await sleep(3_000);
    await heardBy(peer);
    const peerBefore = cpuSeconds(peer.pid ?? 0);
    const peerFrom = Date.now();
    await sleep(Math.min(20, seconds) * 1000);
    const messagesPerS = (await heardBy(peer)) / ((Date.now() - peerFrom) / 1000);
    const peerCpu = (cpuSeconds(peer.pid ?? 0) - peerBefore) / ((Date.now() - peerFrom) / 1000);

    // Until now nobody but a probe was killed: whoever else was ever called dead was called so falsely.
    const { deaths: falseDeaths } = await report(probe, "tally");
    // Everybody but the probes dies at once: the storm of wills must not stall what judges.
    const lossFrom = Date.now();
    await Promise.all(others.map(end));
    while (seen.swarmDead < bulk && Date.now() - lossFrom < 60_000) await sleep(100);
    if (seen.swarmDead < bulk) console.log(seen, await states(core.http));
    const allDeadS = seen.swarmDead < bulk ? undefined : (Date.now() - lossFrom) / 1000;

    const wall = (after.at - before.at) / 1000;
    const cpu = (name: "core" | "broker" | "swarm") => round((after[name] - before[name]) / wall, 3);
    const both = (all: Times) => {
      const values = all.filter((value) => value !== null);
      return {
        p50: round(percentile(values, 0.5) ?? NaN, 1),
        p99: round(percentile(values, 0.99) ?? NaN, 1),
        n: values.length,
        missing: all.length - values.length,
      };
    };
    return {
      followers,
      messagesPerS: round(messagesPerS, 0),
      coreCpu: cpu("core"),
      coreMb: round(memory.now, 0),
      corePeakMb: round(memory.peak, 0),
      brokerCpu: cpu("broker"),
      swarmCpu: cpu("swarm"),
      peerCpu: round(peerCpu, 3),
      peerMb: round(memoryMb(peer.pid ?? 0).now, 0),
      connectedS: round(connectedS, 1),
      allAliveS: allAliveS === undefined ? undefined : round(allAliveS, 1),
      firstBeatToAliveMs: both(times.beat),
      returnToAliveMs: both(times.back),
      killToSuspectMs: both(times.suspect),
      killToDeadMs: both(times.dead),
      falseDeaths,
      allDeadS: allDeadS === undefined ? undefined : round(allDeadS, 1),
      peakAfterLossMb: round(memoryMb(core.pid ?? 0).peak, 0),
    };
  } finally {
    await Promise.all([...children].map(end));
    await broker.close();
    dir.remove();
  }
}

/** Messages of followers that the bare listener has heard since it was last asked. */
async function heardBy(peer: ChildProcess): Promise<number> {
  const heard = new Promise<number>((resolve) => {
    const take = (message: SwarmReport) => {
      if (message.type !== "heard") return;
      peer.off("message", take);
      resolve(message.count);
    };
    peer.on("message", take);
  });
  peer.send({ type: "count" });
  return heard;
}

async function states(http: number): Promise<Record<string, number>> {
  const { followers } = (await (await fetch(`http://127.0.0.1:${http}/api/v1/followers`)).json()) as {
    followers: { verdict: { state: string } }[];
  };
  const counts: Record<string, number> = {};
  for (const { verdict } of followers) counts[verdict.state] = (counts[verdict.state] ?? 0) + 1;
  return counts;
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { sizes: { type: "string" }, seconds: { type: "string" }, broker: { type: "string" } },
  });
  const sizes = (values.sizes ?? "100,1000,10000").split(",").map(Number);
  const seconds = Number(values.seconds ?? 60);
  const kind = values.broker ?? "mosquitto";
  console.log(`followers through ${kind} into one core, measured for ${seconds} s; CPU in shares of one core`);
  const runs = [];
  for (const size of sizes) {
    const done = await run(size, seconds, kind);
    runs.push(done);
    const { firstBeatToAliveMs: beat, returnToAliveMs: back, killToSuspectMs: suspect, killToDeadMs: dead } = done;
    console.log(
      `${size} followers, ${done.messagesPerS} messages/s, all alive after ${done.allAliveS ?? "more than 120"} s, false deaths ${done.falseDeaths}`,
    );
    console.log(
      `  core ${done.coreCpu} CPU, ${done.coreMb} MB (peak ${done.corePeakMb}); bare listener ${done.peerCpu} CPU, ${done.peerMb} MB; broker ${done.brokerCpu}, the swarm itself ${done.swarmCpu}`,
    );
    console.log(
      `  all killed at once: all dead after ${done.allDeadS ?? "more than 60"} s; core's peak then ${done.peakAfterLossMb} MB`,
    );
    for (const [what, time] of Object.entries({
      "first beat to alive": beat,
      "return to alive": back,
      "kill to suspect": suspect,
      "kill to dead": dead,
    }))
      console.log(`  ${what.padEnd(20)} p50 ${time.p50} ms, p99 ${time.p99} ms (${time.n}, ${time.missing} missing)`);
  }
  const largest = runs.at(-1);
  // Memory counts to the end: the peak while everybody dies at once is a peak too.
  const targets = { coreCpu: 1, peakAfterLossMb: 500, falseDeaths: 0, missing: 0 };
  // The embedded broker knows no newcomers: their first beats are measured with Mosquitto only.
  const times = runs.flatMap((run) => [
    ...(kind === "mosquitto" ? [run.firstBeatToAliveMs] : []),
    run.returnToAliveMs,
    run.killToSuspectMs,
    run.killToDeadMs,
  ]);
  const met =
    largest !== undefined &&
    largest.coreCpu < targets.coreCpu &&
    largest.peakAfterLossMb < targets.peakAfterLossMb &&
    runs.every(
      ({ falseDeaths, allAliveS, allDeadS }) => falseDeaths === 0 && allAliveS !== undefined && allDeadS !== undefined,
    ) &&
    // Nothing measured is no good figure.
    times.every(({ n, missing }) => n > 0 && missing === 0);
  console.log(JSON.stringify({ bench: "fleet", figures: { broker: kind, seconds, runs }, targets, met }));
  process.exitCode = met ? 0 : 1;
}

if (process.argv.includes("--swarm")) swarmMain();
else {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => void Promise.all([...children].map(end)).then(() => process.exit(1)));
  void main().catch(async (error: unknown) => {
    console.error(error);
    await Promise.all([...children].map(end));
    process.exit(1);
  });
}
