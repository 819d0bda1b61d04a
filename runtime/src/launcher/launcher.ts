/** Starts the parts of a leader in their order, keeps each alive by itself, and stops them in the reverse order. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { FLOW_HOST_ID, VIRTUAL_HOME_ID } from "@skein/contracts";
import { SkeinError, writeAtomically, type Random } from "@skein/kit";
import { listenHosts, pageAddresses } from "../http-hosts";
import { childEnv, type LeaderOptions } from "../settings";
import { brokerListeners, DEFAULT_TLS_PORT } from "./broker-listeners";
import { openChildLog } from "./child-log";
import type { Console } from "./console";
import { DEMO_FOLLOWERS } from "./demo-followers";
import { followerId, identities, type Person } from "./identities";
import type { ChildMessage, LoopMessage, PartsMessage } from "./ipc";
import { PARTS, TITLES, type PartName } from "./parts";
import { plansOf, type PartPlan } from "./plans";
import { claimPort } from "./ports";
import { policyOf } from "./supervise";
import { GIVEN_UP, giveUpReserve, keepReserve } from "./reserve";
import { SupervisedChild } from "./supervisor";

export interface LauncherParts {
  readonly random: Random;
  readonly console: Console;
  /** The repository's root. */
  readonly root: string;
  /** Absolute, prepared and locked. */
  readonly dataDir: string;
}

export interface Launcher {
  /** For a browser on this machine. */
  readonly httpUrl: string;
  /** For others in the house. */
  readonly otherUrls: readonly string[];
  readonly busUrl: string;
  /** While nobody can log in by a password: the way in, once. */
  readonly setupUrl: string | undefined;
  /** Resolves when the house is ready. @throws SkeinError PART_FAILED */
  start(): Promise<void>;
  /** In order and bounded. */
  stop(): Promise<void>;
  /** At once. */
  kill(): Promise<void>;
}

/** The longest path of a unix socket is 107 bytes (unix(7)). */
const MAX_SOCKET_PATH = 104;
const HOLD_BACK_EVERY_MS = 600_000;
/** What stops together, in this order. */
const STOP_ORDER: readonly (readonly PartName[])[] = [["virtualHome", "follower", "flowHost"], ["core"], ["broker"]];

/** @throws SkeinError PORT_IN_USE, PORT_FORBIDDEN, CONFIG_INVALID, CONFIG_UNREADABLE, NOT_BUILT */
export async function createLauncher(
  options: LeaderOptions,
  { random, console, root, dataDir }: LauncherParts,
): Promise<Launcher> {
  const { settings, demo } = options;
  const embedded = settings.bus.kind === "embedded";
  if (demo && !embedded)
    throw new SkeinError(
      "CONFIG_INVALID",
      `bus.kind: the demo brings its own broker; "${settings.bus.kind}" does not go with it.`,
    );
  const httpPort = await claimPort(
    options.httpPort,
    "the page",
    "--port",
    () => random.next(),
    listenHosts(settings.http.host),
  );
  const { hosts, tlsHost } = brokerListeners(settings.bus);
  const brokerPort = embedded
    ? await claimPort(options.brokerPort, "the broker", "--broker-port", () => random.next(), hosts)
    : 0;
  const wantedTls = settings.bus.listenTls?.port ?? DEFAULT_TLS_PORT;
  const brokerTlsPort =
    tlsHost === undefined
      ? undefined
      : await claimPort(wantedTls, "the broker's TLS", "bus.listenTls.port", () => random.next(), [tlsHost]);
  checkApart({ "the page": httpPort, "the broker": brokerPort, "the broker's TLS": brokerTlsPort });

  const version = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
  const usersFile = join(dataDir, "secrets", "bus-users.json");
  const people = peopleOf(options);
  const who = identities(settings, { usersFile, brokerPort, random, people });
  const socket = socketPath(dataDir);
  const { launcher: limits } = settings;
  const env = childEnv(options, process.env);
  const children = new Map<PartName, SupervisedChild>();
  const deaths = new Map<PartName, number>();
  const failures = new Map<PartName, string>();
  let stopping = false;
  let onTrouble = () => {};

  const add = ({ part, entry, secrets, ...plan }: PartPlan) => {
    if (!existsSync(join(root, entry)))
      throw new SkeinError("NOT_BUILT", `${entry} is not there.`, { hint: "Run: npm run build" });
    const title = TITLES[part];
    const policy = policyOf(part, limits);
    const child = new SupervisedChild(
      {
        entry: join(root, entry),
        policy,
        env: { ...env, ...secrets },
        log: openChildLog(
          join(dataDir, "logs", `${part}.log`),
          (line) => stopping || console.mishap(`${title}: ${line}`),
        ),
        ...plan,
      },
      {
        onChange: () => tellParts(),
        onMessage: (message) => onMessage(part, message),
        onDeath({ code, signal, ranMs, stalled }) {
          deaths.set(part, (deaths.get(part) ?? 0) + 1);
          const how = stalled
            ? `said nothing for ${policy.stallMs / 1000} s and was killed`
            : `ended (${signal ?? `code ${code ?? "?"}`})`;
          if (!stopping)
            console.line(
              `! ${title} ${how} after ${(ranMs / 1000).toFixed(0)} s; it is started again${child.safeMode ? ", with its flows stopped" : ""}`,
            );
          if (giveUpReserve(dataDir)) console.line(`! ${GIVEN_UP}`);
          onTrouble();
        },
        onRestart: () => stopping || console.line(`  ${title} restarts, as it was told to`),
        onReady: () => up.has(part) && console.line(`  ${title} is back`),
      },
    );
    children.set(part, child);
  };
  const up = new Set<PartName>();

  const places = {
    root,
    dataDir,
    usersFile,
    socket: socket.path,
    coreKey: Buffer.from(random.bytes(32)).toString("base64url"),
    version,
    ports: {
      http: httpPort,
      broker: brokerPort,
      ...(brokerTlsPort !== undefined && { brokerTls: brokerTlsPort }),
    },
    people,
  };
  for (const plan of plansOf(options, who, places)) add(plan);

  function onMessage(part: PartName, message: ChildMessage): void {
    if (message.type === "failed") {
      failures.set(part, message.message);
      console.mishap(`${TITLES[part]}: ${message.message}`);
    }
    if ((part === "broker" || part === "flowHost") && message.type === "loop") {
      const { p99Ms, maxMs } = message;
      children.get("core")?.send({ type: "loop", part, p99Ms, maxMs } satisfies LoopMessage);
    }
    if (part === "core" && message.type === "setup-link") {
      setupUrl = `${httpUrl}#setup=${message.token}`;
      // A core that was restarted made a new one.
      if (up.has("core")) console.line(`  Set up        ${setupUrl}`);
    }
    if (part === "core" && message.type === "broker" && demo && !stopping) {
      const broker = children.get("broker");
      void (message.action === "stop" ? broker?.stop() : broker?.start());
    }
  }

  const reached = { host: settings.http.host, port: httpPort, tls: settings.http.tls !== undefined };
  const [httpUrl = "", ...otherUrls] = pageAddresses(reached, networkInterfaces());
  let setupUrl: string | undefined;

  // What was given up is held back again some time after there was room.
  keepReserve(dataDir);
  const holdingBack = setInterval(() => keepReserve(dataDir), HOLD_BACK_EVERY_MS).unref();

  let told = "";
  function tellParts(): void {
    const flowHost = children.get("flowHost");
    const parts: PartsMessage = {
      type: "parts",
      broker: children.get("broker")?.part ?? "external",
      core: children.get("core")?.part ?? "stopped",
      flowHost: flowHost?.part ?? "stopped",
      safeMode: flowHost?.safeMode ?? false,
    };
    children.get("core")?.send(parts);
    const pids = Object.fromEntries([
      ["launcher", process.pid],
      ...[...children].map(([part, child]) => [part, child.pid ?? null]),
    ]) as Record<string, number>;
    const tls = settings.http.tls !== undefined;
    const text = JSON.stringify({ http: httpPort, tls, broker: brokerPort, brokerTls: brokerTlsPort, pids });
    if (text === told) return;
    told = text;
    const file = join(dataDir, "run", "pids.json");
    try {
      writeAtomically(file, text);
    } catch {
      // A full disk: the house goes on without the note.
    }
  }

  /** Broker and core are needed; a flow host or a follower that does not start leaves a house that can say so. */
  async function startOne(part: PartName): Promise<void> {
    const child = children.get(part);
    if (!child) return;
    const since = performance.now();
    const needed = part === "broker" || part === "core";
    const gaveUp = new Promise<string>((resolve) => {
      const before = onTrouble;
      onTrouble = () => {
        before();
        const died = deaths.get(part) ?? 0;
        if (failures.has(part) || died >= limits.crashLoopDeaths)
          resolve(failures.get(part) ?? `it ended ${died} times`);
      };
    });
    const failed = await Promise.race([child.start().then(() => undefined), gaveUp]);
    if (stopping) return;
    if (failed !== undefined && needed)
      throw new SkeinError(
        "PART_FAILED",
        `the ${TITLES[part]} does not start: ${failed}${failed.endsWith(".") ? "" : "."}`,
        { hint: `${join(dataDir, "logs", `${part}.log`)} tells more.` },
      );
    if (failed === undefined) console.step(`${TITLES[part]} up`, since);
    else console.line(`! the ${TITLES[part]} does not start: ${failed}`);
    up.add(part);
  }

  return {
    httpUrl,
    otherUrls,
    get setupUrl() {
      return setupUrl;
    },
    busUrl: embedded ? `mqtt://127.0.0.1:${brokerPort}` : (settings.bus.url ?? ""),
    async start() {
      await startOne("broker");
      await Promise.all(PARTS.filter((part) => part !== "broker").map(startOne));
    },
    async stop() {
      stopping = true;
      for (const wave of STOP_ORDER) await Promise.all(wave.map(async (part) => children.get(part)?.stop()));
      dispose();
    },
    async kill() {
      stopping = true;
      await Promise.all([...children.values()].map((child) => child.kill()));
      dispose();
    },
  };

  function dispose(): void {
    clearInterval(holdingBack);
    for (const child of children.values()) child.dispose();
    rmSync(join(dataDir, "run", "pids.json"), { force: true });
    socket.remove();
  }
}

/** Each was free, but for the others. @throws SkeinError OPTION_INVALID */
function checkApart(ports: Readonly<Record<string, number | undefined>>): void {
  const holders = new Map<number, string>();
  for (const [what, port] of Object.entries(ports)) {
    if (port === undefined) continue;
    const other = holders.get(port);
    if (other !== undefined)
      throw new SkeinError("OPTION_INVALID", `${other} and ${what} cannot both have port ${port}.`);
    holders.set(port, what);
  }
}

/** Everybody on the bus whom the launcher starts. */
function peopleOf({ settings, follower, demo }: LeaderOptions): Person[] {
  return [
    { id: "leader", role: "leader" },
    { id: FLOW_HOST_ID, role: "flows" },
    ...(follower ? [{ id: followerId(settings.follower.id), role: "follower" } as const] : []),
    ...(demo ? [VIRTUAL_HOME_ID, ...DEMO_FOLLOWERS.map(({ id }) => id)] : []).map(
      (id) => ({ id, role: "follower" }) as const,
    ),
  ];
}

/** In the data directory, or, when that lies too deep for a socket's name, in a directory of its own that only we may enter. */
function socketPath(dataDir: string): { path: string; remove(): void } {
  const path = join(dataDir, "run", "flow-host.sock");
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return { path, remove: () => rmSync(path, { force: true }) };
  const dir = mkdtempSync(join(tmpdir(), "skein-"));
  return { path: join(dir, "flow-host.sock"), remove: () => rmSync(dir, { recursive: true, force: true }) };
}
