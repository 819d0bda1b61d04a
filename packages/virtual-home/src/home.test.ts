import { fork, type ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createBus, createTransport, type Bus, type Received } from "@skein/bus";
import {
  birth,
  heartbeat,
  hostCommand,
  leaderClock,
  presence,
  VIRTUAL_HOME_ID,
  virtualHome,
  type AnyMessage,
} from "@skein/contracts";
import { createIds, every, systemClock, systemRandom } from "@skein/kit";
import { buildAgent } from "../../../test/support/agent-bundle";
import { always, eventually } from "../../../test/support/eventually";
import { startMosquitto, type Mosquitto } from "../../../test/support/mosquitto";
import { tempDir } from "../../../test/support/temp-dir";
import { startVirtualHome, type VirtualHome, type VirtualHomeInit } from "./index";
import { silentLogger } from "@skein/kit";

const BEAT_MS = 100;
const parts = { clock: systemClock, random: systemRandom };

const made = tempDir("skein-home-agent-");
let agentEntry: string;
beforeAll(() => void (agentEntry = buildAgent(made)), 30_000);
afterAll(() => made.remove());

/** A virtual home with a real Mosquitto and real agents, at beats that suit a test; and somebody on the bus who listens. */
describe("the virtual home", () => {
  const dir = tempDir("skein-home-");
  let broker: Mosquitto;
  let init: VirtualHomeInit;
  let home: VirtualHome;
  let watcher: Bus;
  let stopClock = () => {};
  const heard: Received<AnyMessage>[] = [];

  const from = (id: string, message: AnyMessage): Received<AnyMessage>[] =>
    heard.filter(({ topic }) => topic === message.topic({ id }));
  const last = <M extends AnyMessage>(id: string, message: M): Received<M> => {
    const found = from(id, message).at(-1);
    if (!found) throw new Error(`nothing from ${id} on ${message.pattern}`);
    return found as Received<M>;
  };
  const tell = (follower: string, action: "crash" | "pull-plug" | "freeze" | "reboot" | "cut-network" | "restore") =>
    watcher.request(hostCommand, { target: "virtual-home" }, { action, follower });
  const host = (id: string) => {
    const found = home.hosts.find((one) => one.id === id);
    if (!found) throw new Error(`no host ${id}`);
    return found;
  };
  const beats = (id: string) => from(id, heartbeat).length;
  const silent = async (id: string) => {
    // What was on its way when the wire was cut may still come in.
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
    const count = beats(id);
    await always(() => expect(beats(id)).toBe(count), 4 * BEAT_MS);
  };
  const beatsAgain = async (id: string) => {
    const count = beats(id);
    await eventually(() => expect(beats(id)).toBeGreaterThan(count + 1));
  };
  const onBus = () => ({ url: broker.url });

  beforeAll(async () => {
    broker = await startMosquitto();
    watcher = createBus({
      ...parts,
      id: "leader",
      ids: createIds(systemClock, systemRandom),
      transport: createTransport({ ...onBus(), clientId: "skein-leader" }, parts),
    });
    // As a leader does: a command that may have waited is judged by the leader's clock.
    stopClock = every(systemClock, 200, () => void watcher.publish(leaderClock, {}, { nextInMs: 200 }).catch(() => {}));
    for (const message of [birth, heartbeat, presence, virtualHome])
      await watcher.subscribe(message as AnyMessage, {}, (received) => void heard.push(received));
    init = {
      type: "init",
      dataDir: dir.join("home"),
      bus: { ...onBus(), clientId: "skein-virtual-home" },
      brokerPort: broker.port,
      agentEntry,
      nodePath: process.execPath,
      followers: [
        { id: "kitchen", name: "Kitchen", password: "kept-nowhere" },
        { id: "hall", name: "Hall" },
      ],
      heartbeatMs: BEAT_MS,
      metricsMs: 1000,
      bootMs: 500,
      keepAliveS: 2,
    };
    home = await startVirtualHome(init, { ...parts, logger: silentLogger });
    await eventually(() => expect(beats("kitchen") * beats("hall")).toBeGreaterThan(0));
  });
  afterEach(async () => {
    for (const { id } of home.hosts) await tell(id, "restore");
    await eventually(() => {
      for (const { id, bootId } of home.hosts) expect(last(id, heartbeat).data.bootId).toBe(bootId);
    });
  });
  afterAll(async () => {
    await home?.stop();
    stopClock();
    await watcher?.close();
    await broker?.close();
    dir.remove();
  });

  it("has hosts that say that they are virtual, and what can be done to them", () => {
    expect(last("kitchen", birth).data).toMatchObject({
      name: "Kitchen",
      virtual: true,
      bootId: host("kitchen").bootId,
      controls: {
        target: "virtual-home",
        actions: ["crash", "pull-plug", "freeze", "reboot", "cut-network", "restore"],
      },
    });
  });

  it("tells an agent its password and writes it down nowhere", () => {
    const environment = readFileSync(`/proc/${host("kitchen").pid}/environ`, "utf8");
    expect(environment).toContain("SKEIN_BUS_PASSWORD=kept-nowhere");
    const files = readdirSync(init.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
    expect(texts.filter((text) => text.includes("SKEIN_BUS_PASSWORD"))).toHaveLength(1);
    expect(texts.filter((text) => text.includes("kept-nowhere"))).toEqual([]);
  });

  it("crash kills the process: the broker says at once that it is lost; restore starts it on the same boot", async () => {
    const { pid, bootId } = host("kitchen");
    const { session, run } = last("kitchen", heartbeat).envelope;
    expect(await tell("kitchen", "crash")).toEqual({ ok: true, result: { follower: "kitchen", suffering: "crash" } });
    expect(isAlive(pid)).toBe(false);
    await eventually(
      () => expect(last("kitchen", presence)).toMatchObject({ data: { status: "lost" }, envelope: { session } }),
      2000,
    );
    await silent("kitchen");
    expect(await tell("kitchen", "freeze")).toMatchObject({ ok: false, code: "HOST_DOWN" });
    await tell("kitchen", "restore");
    await beatsAgain("kitchen");
    expect(last("kitchen", heartbeat).data.bootId).toBe(bootId);
    expect(last("kitchen", birth).envelope.run).not.toBe(run);
  });

  it("a pulled plug and a network cut for long leave silence until the broker misses them; only the first is a boot", async () => {
    const { pid, bootId } = host("kitchen");
    const cut = last("hall", heartbeat);
    await Promise.all([tell("kitchen", "pull-plug"), tell("hall", "cut-network")]);
    expect(isAlive(pid)).toBe(false);
    await Promise.all([silent("kitchen"), silent("hall")]);
    for (const id of ["kitchen", "hall"]) expect(last(id, presence).data.status).toBe("online");
    // 1.5 times the keep-alive of 2 s, and Mosquitto looks about every second.
    for (const id of ["kitchen", "hall"]) await eventually(() => expect(last(id, presence).data.status).toBe("lost"));
    for (const id of ["kitchen", "hall"]) await tell(id, "restore");
    for (const id of ["kitchen", "hall"]) await eventually(() => expect(last(id, presence).data.status).toBe("online"));
    await Promise.all([beatsAgain("kitchen"), beatsAgain("hall")]);
    expect(last("kitchen", heartbeat).data.bootId).not.toBe(bootId);
    expect(last("hall", heartbeat)).toMatchObject({
      data: { bootId: cut.data.bootId },
      envelope: { run: cut.envelope.run },
    });
    expect(last("hall", heartbeat).envelope.session).not.toBe(cut.envelope.session);
  }, 60_000);

  it("freeze stops the process with its connection open; restore lets the same run go on", async () => {
    const { run } = last("hall", heartbeat).envelope;
    await tell("hall", "freeze");
    // The kernel stops a process in its own time.
    await eventually(() => expect(stateOf(host("hall").pid)).toBe("T"));
    await silent("hall");
    await tell("hall", "restore");
    await beatsAgain("hall");
    expect(last("hall", heartbeat).envelope.run).toBe(run);
  });

  it("reboot kills the process and comes back by itself with a new boot id", async () => {
    const { pid, bootId } = host("hall");
    await tell("hall", "reboot");
    expect(isAlive(pid)).toBe(false);
    await eventually(() => expect(last("hall", heartbeat).data.bootId).not.toBe(bootId));
    expect(last("hall", heartbeat).data.bootId).toBe(host("hall").bootId);
    expect(host("hall").suffering).toBeUndefined();
  });

  it.each(["pull-plug", "reboot"] as const)(
    "%s, then a cut network: restored it has booted all the same",
    async (action) => {
      const { bootId } = host("hall");
      await tell("hall", action);
      await tell("hall", "cut-network");
      await tell("hall", "restore");
      expect(host("hall").bootId).not.toBe(bootId);
      await eventually(() => expect(last("hall", heartbeat).data.bootId).toBe(host("hall").bootId));
    },
  );

  it("cannot reboot without power, also when its network was cut after that", async () => {
    await tell("hall", "pull-plug");
    await tell("hall", "cut-network");
    expect(await tell("hall", "reboot")).toMatchObject({ ok: false, code: "HOST_DOWN" });
  });

  it("cut the network drops what is said, in an open connection; restored soon, the session goes on", async () => {
    const { pid } = host("kitchen");
    const { session } = last("kitchen", heartbeat).envelope;
    await tell("kitchen", "cut-network");
    await silent("kitchen");
    expect(stateOf(pid)).not.toBe("T");
    expect(last("kitchen", presence).data.status).toBe("online");
    await tell("kitchen", "restore");
    await beatsAgain("kitchen");
    expect(last("kitchen", heartbeat).envelope.session).toBe(session);
  });

  it("starts an agent again that was told to restart, as a supervisor would", async () => {
    const { agentCommand } = await import("@skein/contracts");
    const { run } = last("hall", heartbeat).envelope;
    expect(await watcher.request(agentCommand, { target: "hall" }, { action: "restart" })).toMatchObject({ ok: true });
    await eventually(() => expect(last("hall", heartbeat).envelope.run).not.toBe(run));
    expect(last("hall", heartbeat).data.bootId).toBe(host("hall").bootId);
  });

  it("says whether it breaks things by itself, and a new home that it does not", async () => {
    const said = () =>
      from(VIRTUAL_HOME_ID, virtualHome).map(({ data }) => (data as { randomFaults: boolean }).randomFaults);
    await eventually(() => expect(said()).toEqual([false]));
    const faults = (on: boolean) =>
      watcher.request(hostCommand, { target: VIRTUAL_HOME_ID }, { action: "random-faults", on, meanMs: 3_600_000 });
    for (const on of [true, false, true]) expect(await faults(on)).toMatchObject({ ok: true });
    await eventually(() => expect(said()).toEqual([false, true, false, true]));
    await home.stop();
    home = await startVirtualHome(init, { ...parts, logger: silentLogger });
    await eventually(() => expect(said().at(-1)).toBe(false));
    await beatsAgain("hall");
  });

  it("knows no other host", async () => {
    expect(await tell("cellar", "crash")).toMatchObject({ ok: false, code: "HOST_UNKNOWN" });
  });
});

describe("the virtual home as a process", () => {
  it("says that it is ready and alive; its agents die with it, frozen ones too, also when it is killed", async () => {
    const dir = tempDir("skein-home-process-");
    const broker = await startMosquitto();
    let child: ChildProcess | undefined;
    try {
      const said: string[] = [];
      child = fork(join(__dirname, "../dist/main.js"), { stdio: "ignore", execPath: process.execPath, execArgv: [] });
      child.on("message", (message: { type: string }) => said.push(message.type));
      const init: VirtualHomeInit = {
        type: "init",
        dataDir: dir.join("home"),
        bus: { url: broker.url, clientId: "skein-virtual-home" },
        brokerPort: broker.port,
        agentEntry,
        nodePath: process.execPath,
        followers: ["attic", "garden"].map((id) => ({ id, name: id })),
      };
      child.send(init);
      await eventually(() => expect(said).toEqual(expect.arrayContaining(["ready", "alive"])));
      const pids = childrenOf(child.pid);
      expect(pids).toHaveLength(2);
      process.kill(pids[0] as number, "SIGSTOP");
      child.kill("SIGKILL");
      await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
    } finally {
      child?.kill("SIGKILL");
      await broker.close();
      dir.remove();
    }
  });
});

/** R, S, T (stopped), Z (ended, not yet waited for) ... as /proc says; undefined when there is no such process. */
function stateOf(pid: number | undefined): string | undefined {
  try {
    return / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
function isAlive(pid: number | undefined): boolean {
  const state = stateOf(pid);
  return state !== undefined && state !== "Z";
}
function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}
