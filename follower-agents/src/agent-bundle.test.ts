import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createBus, createTransport, type Bus, type Received } from "@skein/bus";
import { agentCommand, birth, heartbeat, leaderClock, metrics, presence, type AnyMessage } from "@skein/contracts";
import { createIds, every, systemClock, systemRandom } from "@skein/kit";
import { stringify } from "yaml";
import { buildAgent, startAgentProcess, type StartedAgent } from "../../test/support/agent-bundle";
import { eventually } from "../../test/support/eventually";
import { startMosquitto, type Mosquitto } from "../../test/support/mosquitto";
import { startRedis } from "../../test/support/redis-server";
import { tempDir } from "../../test/support/temp-dir";

/** The bundle as a board gets it: one file, plain Node 20 from Debian, a real Mosquitto. */
describe("the follower agent's one file", () => {
  const dir = tempDir("skein-agent-");
  const config = dir.join("follower.yaml");
  const agents: StartedAgent[] = [];
  let file: string;
  let broker: Mosquitto;
  let leader: Bus;
  let stopClock = () => {};
  const heard: { topic: string; received: Received<AnyMessage> }[] = [];

  const listen = async <M extends AnyMessage>(message: M) => {
    await leader.subscribe(message, {}, (received) => void heard.push({ topic: message.pattern, received }));
  };
  const last = <M extends AnyMessage>(message: M): Received<M> => {
    const found = heard.findLast(({ topic }) => topic === message.pattern);
    if (!found) throw new Error(`nothing on ${message.pattern} yet: ${agents.at(-1)?.output()}`);
    return found.received as Received<M>;
  };
  const settings = (more: object = {}) => ({
    id: "board-1",
    name: "Board one",
    bus: { url: broker.url, keepAliveS: 2 },
    stateDir: dir.join("state"),
    capabilities: { health: { heartbeatMs: 200, metricsMs: 500 } },
    ...more,
  });
  const start = (more: object = {}): StartedAgent => {
    writeFileSync(config, stringify(settings(more)), { mode: 0o600 });
    const agent = startAgentProcess(file, ["--config", config]);
    agents.push(agent);
    heard.length = 0;
    return agent;
  };
  const startAndHear = async (more: object = {}) => {
    const agent = start(more);
    await eventually(() => last(heartbeat));
    await eventually(() => expect(last(birth).envelope.run).toBe(last(heartbeat).envelope.run));
    return agent;
  };
  const ask = (data: Parameters<typeof leader.request<typeof agentCommand>>[2], options = {}) =>
    leader.request(agentCommand, { target: "board-1" }, data, options);

  beforeAll(async () => {
    file = buildAgent(dir);
    broker = await startMosquitto();
    const parts = { clock: systemClock, random: systemRandom };
    leader = createBus({
      ...parts,
      id: "leader",
      ids: createIds(systemClock, systemRandom),
      transport: createTransport({ url: broker.url, clientId: "skein-leader" }, parts),
    });
    await listen(birth);
    await listen(presence);
    await listen(heartbeat);
    await listen(metrics);
    await eventually(() => expect(leader.link.up).toBe(true));
    // As a leader does: a command that may have waited is judged by the leader's clock.
    stopClock = every(systemClock, 200, () => void leader.publish(leaderClock, {}, { nextInMs: 200 }).catch(() => {}));
  }, 30_000);

  afterEach(async () => {
    for (const { child } of agents) child.kill("SIGKILL");
    await Promise.all(agents.splice(0).map(({ exit }) => exit));
  });
  afterAll(async () => {
    stopClock();
    await leader?.close();
    await broker?.close();
    dir.remove();
  });

  it("says who it is, that it lives, and how its host does", async () => {
    await startAndHear();
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    expect(last(birth).data).toMatchObject({
      name: "Board one",
      virtual: false,
      bootId: boot,
      versions: { agent: expect.any(String), node: expect.stringMatching(/^20\./) },
      capabilities: [{ name: "health", settings: { heartbeatMs: 200, metricsMs: 500 } }],
    });
    expect(last(heartbeat).data).toEqual({ bootId: boot, nextInMs: 200, capabilities: { health: "ok" } });
    expect(last(presence).data.status).toBe("online");
    const figures = await eventually(() => {
      const { data } = last(metrics);
      expect(data.cpu?.percent).toBeDefined();
      return data;
    });
    expect(figures.memory?.totalBytes).toBeGreaterThan(figures.memory?.usedBytes ?? Infinity);
    expect(figures.disks?.[0]?.totalBytes).toBeGreaterThan(0);
    expect(figures.load).toHaveLength(3);
    expect(figures.agent.rssBytes).toBeGreaterThan(10e6);
    const temperatures = Object.values(figures.temperaturesC ?? {});
    expect(figures.temperatureC).toBe(temperatures.length > 0 ? Math.max(...temperatures) : undefined);
  });

  it("answers a ping, and refuses one that was meant for an earlier run", async () => {
    await startAndHear();
    expect(await ask({ action: "ping" })).toEqual({ ok: true, result: { bootId: last(birth).data.bootId } });
    expect(await ask({ action: "ping" }, { targetRun: "an-older-run" })).toMatchObject({
      ok: false,
      code: "COMMAND_STALE",
    });
  });

  it("takes new settings at run time, tells them, and keeps them over a restart; follower.yaml holds for the others", async () => {
    const agent = await startAndHear();
    const settings = { heartbeatMs: 300, metricsMs: 500 };
    expect(await ask({ action: "settings", capability: "health", settings: { heartbeatMs: 300 } })).toEqual({
      ok: true,
      result: { settings },
    });
    await eventually(() => expect(last(birth).data.capabilities).toEqual([{ name: "health", settings }]));
    await eventually(() => expect(last(heartbeat).data.nextInMs).toBe(300));

    expect(await ask({ action: "settings", capability: "health", settings: { heartbeatMs: 5 } })).toMatchObject({
      ok: false,
      code: "SETTINGS_INVALID",
    });
    expect(await ask({ action: "settings", capability: "helth", settings: {} })).toMatchObject({
      ok: false,
      code: "CAPABILITY_UNKNOWN",
    });

    expect(await ask({ action: "restart" })).toEqual({ ok: true, result: { restarting: true } });
    expect(await agent.exit).toEqual({ code: 75, signal: null });
    await startAndHear({ capabilities: { health: { heartbeatMs: 200, metricsMs: 700 } } });
    const kept = { heartbeatMs: 300, metricsMs: 700 };
    expect(last(birth).data.capabilities).toEqual([{ name: "health", settings: kept }]);
    expect(await ask({ action: "settings", capability: "health", settings: { metricsMs: 900 } })).toEqual({
      ok: true,
      result: { settings: { ...kept, metricsMs: 900 } },
    });
  });

  it("does not restart again when the same command comes again after the restart", async () => {
    const agent = await startAndHear();
    const sent: Uint8Array[] = [];
    const stop = await leader.subscribeRaw(
      "skein/v1/commands/board-1/agent/+",
      ({ payload }) => void sent.push(payload),
    );
    await ask({ action: "restart" });
    await agent.exit;
    const again = await startAndHear();
    await leader.publishRaw("skein/v1/commands/board-1/agent/leader", sent[0] ?? new Uint8Array(), "command");
    expect(await ask({ action: "ping" })).toMatchObject({ ok: true });
    expect(again.child.exitCode).toBeNull();
    await stop();
  });

  it("says that it leaves when it is told to stop", async () => {
    const agent = await startAndHear();
    agent.child.kill("SIGTERM");
    expect(await agent.exit).toEqual({ code: 0, signal: null });
    await eventually(() => expect(last(presence).data.status).toBe("leaving"));
  });

  it("is said to be lost by the broker when it is killed", async () => {
    const agent = await startAndHear();
    const { session } = last(heartbeat).envelope;
    agent.child.kill("SIGKILL");
    await eventually(() => expect(last(presence)).toMatchObject({ data: { status: "lost" }, envelope: { session } }));
  });

  it("keeps trying while the broker is away, and says everything again when it is back", async () => {
    await broker.stop();
    const agent = start();
    await eventually(() => expect(agent.output()).toContain("not on the bus"));
    await broker.start();
    await eventually(() => expect(last(birth).envelope.run).toBe(last(heartbeat).envelope.run));
    expect(last(presence)).toMatchObject({ data: { status: "online" }, envelope: { run: last(birth).envelope.run } });
    expect(agent.child.exitCode).toBeNull();
  }, 30_000);

  it("changes its log level, and stops while the broker does not answer", async () => {
    const agent = await startAndHear();
    const told = () => agent.output().split('"msg":"told to"').length - 1;
    const order = { action: "settings" as const, capability: "none", settings: {} };
    await ask(order);
    await eventually(() => expect(told()).toBe(1));
    expect(await ask({ action: "log-level", level: "error" })).toEqual({ ok: true, result: { level: "error" } });
    await ask(order);
    expect(await ask({ action: "log-level", level: "debug" })).toEqual({ ok: true, result: { level: "debug" } });
    await ask(order);
    // The first order, the first change of the level (told before it holds), and the last order.
    await eventually(() => expect(told()).toBe(3));
    broker.signal("SIGSTOP");
    agent.child.kill("SIGTERM");
    expect(await agent.exit).toMatchObject({ code: 0 });
    broker.signal("SIGCONT");
  });

  it("runs on a made-up host, marked as virtual, and ends when its parent's pipe closes", async () => {
    const bootId = "5d0c1ac4-6f67-4a2e-93c5-0c0f4c2b1a01";
    const controls = { target: "virtual-home", actions: ["crash" as const] };
    const agent = await startAndHear({
      host: { virtual: { bootId, model: "ODROID-XU4", cores: 8, controls } },
      exitWithParent: true,
    });
    expect(last(birth).data).toMatchObject({
      virtual: true,
      bootId,
      host: { model: "ODROID-XU4", cores: 8 },
      controls,
    });
    await eventually(() => expect(last(metrics).data.cpu?.perCorePercent).toHaveLength(8));
    agent.child.stdin?.end();
    expect(await agent.exit).toEqual({ code: 1, signal: null });
  });

  it.each(["ws", "tls", "redis"] as const)("reaches the bus over %s too, from the same file", async (way) => {
    const mosquitto = way === "redis" ? undefined : await startMosquitto({ [way]: true });
    const other = mosquitto ?? (await startRedis());
    const url = (way === "ws" ? mosquitto?.wsUrl : mosquitto?.tlsUrl) ?? other.url;
    const ca = mosquitto?.certificates?.ca;
    if (ca) writeFileSync(dir.join("ca.pem"), ca);
    const parts = { clock: systemClock, random: systemRandom };
    const listener = createBus({
      ...parts,
      id: "listener",
      ids: createIds(systemClock, systemRandom),
      transport: createTransport({ url: other.url, clientId: "skein-listener" }, parts),
    });
    try {
      const lived: string[] = [];
      await listener.subscribe(heartbeat, {}, ({ ids }) => void lived.push(ids.id));
      const agent = start({ bus: { url, ...(ca && { tls: { caFile: dir.join("ca.pem") } }) } });
      await eventually(() => expect([lived[0], agent.output()]).toEqual(["board-1", expect.any(String)]));
    } finally {
      for (const { child } of agents) child.kill("SIGKILL");
      await listener.close();
      await other.close();
    }
  });

  it("under a launcher says that it is ready and then that it is alive, and leaves when the launcher is gone", async () => {
    writeFileSync(config, stringify(settings()), { mode: 0o600 });
    const child = fork(file, ["--config", config], { execPath: "/usr/bin/node", execArgv: [], stdio: "ignore" });
    try {
      const said: string[] = [];
      const code = new Promise((resolve) => child.once("exit", resolve));
      child.on("message", ({ type }: { type: string }) => said.push(type));
      await eventually(() => expect(said).toEqual(["ready", "alive", "alive"]));
      child.disconnect();
      expect(await code).toBe(0);
      await eventually(() => expect(last(presence).data.status).toBe("leaving"));
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("says in one line what is wrong with its settings, and that another try is no use", async () => {
    const agent = start({ hearbeat: 3 });
    expect(await agent.exit).toEqual({ code: 78, signal: null });
    expect(agent.output()).toContain("CONFIG_INVALID");
    expect(agent.output().trim().split("\n")).toHaveLength(1);
    const without = startAgentProcess(file, []);
    expect((await without.exit).code).toBe(2);
  });
});
