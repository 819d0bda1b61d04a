import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentExitCodes, hostAction, VIRTUAL_HOME_ID, type HostAction } from "@skein/contracts";
import {
  backoffMs,
  SkeinError,
  type CancelTimer,
  type Clock,
  type IdSource,
  type Logger,
  type Random,
} from "@skein/kit";
import { startAgentProcess, type AgentProcess } from "./agent-process";
import { boardOf } from "./boards";
import type { VirtualFollower, VirtualHomeInit } from "./init";
import { createRelay, type Relay } from "./relay";

/** Where an agent finds its password: its file is kept when everything has ended. */
const PASSWORD_VARIABLE = "SKEIN_BUS_PASSWORD";
/** How a supervisor waits before it starts again what ended by itself. */
const BACKOFF = { baseMs: 1000, maxMs: 30_000 };
/** As a small board takes at least, and well over the grace after a lost connection: a reboot is to be seen as doubt, death and return. */
const DEFAULT_BOOT_MS = 8000;

export interface HostParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** What a host suffers; `reboot` while it boots. */
export type Suffering = Exclude<HostAction, "restore"> | undefined;

/** One host that is made up, with a real agent process on it and a real wire to the broker. */
export interface MadeUpHost {
  readonly id: string;
  readonly suffering: Suffering;
  /** How often something was done to it, by whomever. */
  readonly deeds: number;
  readonly bootId: string;
  /** Of the agent's process, while there is one. */
  readonly pid: number | undefined;
  readonly relay: Relay;
  start(): void;
  /** @throws SkeinError HOST_DOWN when there is no process to do it to */
  do(action: HostAction): Promise<void>;
  /** Ends the agent cleanly, and the wire. */
  stop(): Promise<void>;
}

export async function createMadeUpHost(
  follower: VirtualFollower,
  seed: number,
  init: VirtualHomeInit,
  parts: HostParts,
): Promise<MadeUpHost> {
  const { clock, random, ids, logger } = parts;
  const directory = join(init.dataDir, follower.id);
  const configFile = join(directory, "follower.yaml");
  const relay = await createRelay({ port: init.brokerPort });
  let bootId = ids();
  let bootedAt = clock.now();
  let suffering: Suffering;
  let deeds = 0;
  /** False from a pulled plug or the start of a reboot until it boots, whatever else is done to it meanwhile. */
  let powered = true;
  let agent: AgentProcess | undefined;
  let cancelStart: CancelTimer = () => {};
  let failures = 0;
  let closed = false;

  const boot = () => {
    powered = true;
    bootId = ids();
    bootedAt = clock.now();
  };
  const start = () => {
    cancelStart();
    if (closed || agent?.running) return;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // JSON is YAML.
    writeFileSync(configFile, JSON.stringify(settings(), null, 2), { mode: 0o600 });
    const mine = startAgentProcess(init.nodePath, init.agentEntry, configFile, secrets);
    agent = mine;
    void mine.ended.then((code) => supervise(mine, code));
  };
  /** What a supervisor (systemd) does on a real follower; what we did to it ourselves stays as it is. */
  const supervise = (ended: AgentProcess, code: number | null) => {
    if (agent !== ended) return;
    agent = undefined;
    if (closed) return;
    if (code === agentExitCodes.config)
      return logger.error({ follower: follower.id }, "the agent refuses its settings");
    const wait = code === agentExitCodes.restart ? 0 : backoffMs(failures++, BACKOFF, random);
    logger.info({ follower: follower.id, code }, "the agent ended by itself; it is started again");
    cancelStart = clock.setTimer(start, wait);
  };
  const kill = async () => {
    cancelStart();
    const mine = agent;
    agent = undefined;
    mine?.signal("SIGKILL");
    await mine?.ended;
  };
  const secrets: Record<string, string> =
    follower.password === undefined ? {} : { [PASSWORD_VARIABLE]: follower.password };
  const settings = () => ({
    id: follower.id,
    name: follower.name,
    bus: {
      url: `mqtt://127.0.0.1:${relay.port}`,
      ...(follower.password !== undefined && { username: follower.id, password: `\${${PASSWORD_VARIABLE}}` }),
      ...(init.keepAliveS !== undefined && { keepAliveS: init.keepAliveS }),
    },
    stateDir: join(directory, "state"),
    logLevel: "warn",
    capabilities: {
      health: { heartbeatMs: init.heartbeatMs ?? 5000, metricsMs: init.metricsMs ?? 10_000 },
      ...Object.fromEntries(
        Object.entries(follower.senses ?? {}).map(([sense, label]) => [`made-up-${sense}`, { label }]),
      ),
    },
    host: {
      virtual: {
        ...boardOf(seed),
        hostname: follower.id,
        bootId,
        bootedAt,
        seed,
        controls: { target: VIRTUAL_HOME_ID, actions: hostAction.options },
      },
    },
    exitWithParent: true,
  });
  const noProcess = () =>
    new SkeinError("HOST_DOWN", `nothing runs on ${follower.id}, so there is nothing to do that to.`, {
      hint: "Restore it first.",
    });
  const needProcess = (): AgentProcess => {
    if (agent?.running) return agent;
    throw noProcess();
  };

  const act = async (action: HostAction): Promise<void> => {
    switch (action) {
      case "crash":
        needProcess();
        suffering = action;
        return kill();
      case "pull-plug":
        // First the wire, so that the kernel's goodbye for the dead process does not get through.
        suffering = action;
        powered = false;
        relay.unplug();
        return kill();
      case "freeze":
        needProcess().signal("SIGSTOP");
        suffering = action;
        return undefined;
      case "reboot":
        if (!powered) throw noProcess();
        suffering = action;
        powered = false;
        await kill();
        cancelStart = clock.setTimer(() => {
          // A reboot mends no cable.
          suffering = relay.mode === "black-hole" ? "cut-network" : undefined;
          boot();
          start();
        }, init.bootMs ?? DEFAULT_BOOT_MS);
        return undefined;
      case "cut-network":
        relay.blackHole();
        suffering = action;
        return undefined;
      case "restore":
        // It had no power, or was about to come up anyhow.
        if (!powered) boot();
        suffering = undefined;
        failures = 0;
        agent?.signal("SIGCONT");
        relay.pass();
        return start();
    }
  };

  let turn: Promise<void> = Promise.resolve();
  return {
    id: follower.id,
    get suffering() {
      return suffering;
    },
    get deeds() {
      return deeds;
    },
    get bootId() {
      return bootId;
    },
    get pid() {
      return agent?.pid;
    },
    relay,
    start,
    do(action) {
      deeds++;
      // One after the other: two hands on one switch must not leave two processes.
      const mine = turn.then(() => act(action));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async stop() {
      closed = true;
      cancelStart();
      agent?.signal("SIGCONT");
      agent?.signal("SIGTERM");
      const cancel = clock.setTimer(() => agent?.signal("SIGKILL"), 1500);
      await agent?.ended;
      cancel();
      await relay.close();
    },
  };
}
