/**
 * `npm run bench -- agent [--seconds 300]`: what the follower agent costs its host, beside Debian's prometheus-node-exporter
 * scraped every 10 s, which is what one would run otherwise. The agent's own bundle with its own defaults (a beat every 5 s,
 * metrics every 10 s) on a real Mosquitto, under Debian's Node 20 (what followers have) and under the leader's Node 24.
 *
 * Memory is the resident set (RSS) and the proportional one (PSS) of the process and all its descendants: their means sampled every
 * second once the first 20 s are over, the most of it the kernel's own (VmHWM), which no look misses, from the start to the end;
 * of those 20 s it is shown as well. CPU is what they and their ended children used, from /proc/PID/stat.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { createBus, createTransport } from "@skein/bus";
import { heartbeat, metrics } from "@skein/contracts";
import { createIds, systemClock, systemRandom } from "@skein/kit";
import { freePort } from "../support/ports";
import { startMosquitto } from "../support/mosquitto";
import { tempDir } from "../support/temp-dir";
import { cpuSeconds, memoryMb, proportionalMb } from "./shared.process";

const SETTLE_S = 20;
/** The most counts from the start. */
const TARGETS = { rssMaxMb: 60, cpuPercent: 1 };

interface Sample {
  readonly rssMb: number;
  /** The most since each started. */
  readonly rssPeakMb: number;
  readonly pssMb: number;
  readonly cpuS: number;
  readonly processes: number;
}

/** Every process in the tree under `pid`, itself too: by walking /proc. */
function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    return [pid, ...children.flatMap((child) => family(Number(child)))];
  } catch {
    return [];
  }
}

function look(pid: number): Sample {
  const sum = { rssMb: 0, rssPeakMb: 0, pssMb: 0, cpuS: 0, processes: 0 };
  for (const one of family(pid)) {
    try {
      const { now, peak } = memoryMb(one);
      sum.rssMb += now;
      sum.rssPeakMb += peak;
      sum.pssMb += proportionalMb(one);
      sum.cpuS += cpuSeconds(one);
      sum.processes += 1;
    } catch {
      // It ended between two looks; its time is in its parent's.
    }
  }
  return sum;
}

const round = (value: number, digits = 2) => Number(value.toFixed(digits));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What one process cost from when it had settled. */
function cost(samples: readonly Sample[], settled: Sample, overS: number) {
  const last = samples.at(-1) ?? settled;
  return {
    rssStartMaxMb: round(settled.rssPeakMb, 1),
    rssMeanMb: round(mean(samples.map(({ rssMb }) => rssMb)), 1),
    rssMaxMb: round(Math.max(...samples.map(({ rssPeakMb }) => rssPeakMb)), 1),
    pssMeanMb: round(mean(samples.map(({ pssMb }) => pssMb)), 1),
    cpuPercent: round((100 * (last.cpuS - settled.cpuS)) / overS, 3),
    cpuStartS: round(settled.cpuS),
    processesMax: Math.max(...samples.map(({ processes }) => processes)),
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function main(): Promise<void> {
  const at = process.argv.indexOf("--seconds");
  const seconds = at > 0 ? Number(process.argv[at + 1]) : 300;
  if (!(seconds >= 10)) throw new Error("--seconds wants a number of at least 10");
  const root = process.env.SKEIN_ROOT ?? process.cwd();
  const dir = tempDir("skein-bench-agent-");
  const children: ChildProcess[] = [];
  const start = (command: string, ...args: string[]): ChildProcess => {
    // The kernel ends it with us.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", command, ...args], { stdio: "ignore" });
    children.push(child);
    return child;
  };
  const broker = await startMosquitto();
  const bus = createBus({
    id: "bench",
    clock: systemClock,
    random: systemRandom,
    ids: createIds(systemClock, systemRandom),
    transport: createTransport(
      { url: broker.url, clientId: "skein-bench" },
      { clock: systemClock, random: systemRandom },
    ),
  });
  let scraping: NodeJS.Timeout | undefined;
  try {
    const heard: Record<string, { beats: number; reports: number }> = {};
    const of = (id: string) => (heard[id] ??= { beats: 0, reports: 0 });
    await bus.subscribe(heartbeat, {}, ({ ids }) => void of(ids.id).beats++);
    await bus.subscribe(metrics, {}, ({ ids }) => void of(ids.id).reports++);

    execFileSync(process.execPath, [join(root, "follower-agents/build.mjs"), "--outfile", dir.join("agent.js")], {
      stdio: "inherit",
    });
    const agent = (id: string, node: string) => {
      const file = dir.join(`${id}.yaml`);
      writeFileSync(file, JSON.stringify({ id, bus: { url: broker.url }, stateDir: dir.join(id) }), { mode: 0o600 });
      return start(node, dir.join("agent.js"), "--config", file);
    };
    const exporterPort = await freePort();
    const parties: Record<string, { child: ChildProcess; samples: Sample[]; settled?: Sample }> = {
      node20: { child: agent("node20", "/usr/bin/node"), samples: [] },
      node24: { child: agent("node24", process.execPath), samples: [] },
      nodeExporter: {
        child: start("prometheus-node-exporter", `--web.listen-address=127.0.0.1:${exporterPort}`),
        samples: [],
      },
    };
    let scrapes = 0;
    scraping = setInterval(() => {
      get({ host: "127.0.0.1", port: exporterPort, path: "/metrics" }, (answer) => {
        answer.resume().on("end", () => void (scrapes += answer.statusCode === 200 ? 1 : 0));
      }).on("error", () => {});
    }, 10_000);

    console.log(`${SETTLE_S} s to settle, then ${seconds} s ...`);
    await pause(SETTLE_S * 1000);
    const from = performance.now();
    for (const party of Object.values(parties)) party.settled = look(party.child.pid ?? 0);
    while (performance.now() - from < seconds * 1000) {
      for (const party of Object.values(parties)) party.samples.push(look(party.child.pid ?? 0));
      await pause(1000);
    }
    const overS = (performance.now() - from) / 1000;
    const figures = Object.fromEntries(
      Object.entries(parties).map(([name, { samples, settled }]) => {
        if (!settled || [settled, ...samples].some(({ processes }) => processes === 0))
          throw new Error(`${name} did not run to the end`);
        if (name !== "nodeExporter" && of(name).beats < overS / 5 - 1)
          throw new Error(`${name} was not heard on the bus`);
        return [name, { ...cost(samples, settled, overS), ...heard[name] }];
      }),
    );
    console.table(figures);
    const good = ({ rssMaxMb, cpuPercent }: ReturnType<typeof cost>) =>
      rssMaxMb < TARGETS.rssMaxMb && cpuPercent < TARGETS.cpuPercent;
    const agents = { node20: figures.node20 && good(figures.node20), node24: figures.node24 && good(figures.node24) };
    const met = agents.node20 ?? false;
    process.exitCode = met ? 0 : 1;
    console.log(
      JSON.stringify({
        bench: "agent",
        figures: { overS: round(overS, 0), scrapes, ...figures, within: agents },
        // Followers run on Debian's Node 20; Node 24 is what the leader's own follower has, and is shown as it is.
        targets: { node20: TARGETS },
        met,
      }),
    );
  } finally {
    clearInterval(scraping);
    for (const child of children) child.kill("SIGKILL");
    await bus.close();
    await broker.close();
    dir.remove();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
