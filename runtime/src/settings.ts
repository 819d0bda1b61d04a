import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SkeinError, loadSettings, readCommandLine } from "@skein/kit";
import { limitsOf } from "@skein/liveness";
import { z } from "zod";

/**
 * What the owner may set for a leader: `skein.yaml`, the command line and the environment. The command line beats the
 * environment, which beats the file, which beats the defaults. A relative path starts from the current directory, one in the
 * file from the folder in which the file lies.
 */

/** TCP port; 0 takes a free one at every start. */
const port = z.int().min(0).max(65_535);
const ms = z.int().min(1).max(3_600_000);
const userName = z.string().min(1).max(100);
const password = z.string().min(1).max(1000);

const LOOPBACK = ["127.0.0.1", "localhost"];
const LOOPBACK_ONLY = "would open the house to the network; accounts come later, until then only 127.0.0.1 is allowed";
/** Of `bus`: what our own broker would take no notice of. */
const EXTERNAL_ONLY = ["url", "username", "password", "flowHost", "tls"] as const;

export const leaderSettings = z.strictObject({
  house: z.strictObject({ name: z.string().min(1).max(100).default("Home") }).prefault({}),
  http: z
    .strictObject({
      /** The address to listen on. Only the loopback one for now: what is reachable from the network needs accounts. */
      host: z
        .string()
        .default("127.0.0.1")
        .refine((host) => LOOPBACK.includes(host), {
          error: (issue) => `"${String(issue.input)}" ${LOOPBACK_ONLY}`,
        })
        .transform(() => "127.0.0.1"),
      /** Default 1880, in the demo 1890. */
      port: port.optional(),
      /** Further names under which a browser may reach this leader (through a proxy on this machine): `name` or `name:port`. */
      allowedHosts: z
        .array(z.string().regex(/^[a-z0-9.-]+(:\d+)?$/i, "a host name, or name:port"))
        .max(32)
        .default([]),
    })
    .prefault({}),
  bus: z
    .strictObject({
      /** `embedded`: the leader brings its own broker; `mqtt`, `redis`: it uses yours, at `url`. */
      kind: z.enum(["embedded", "mqtt", "redis"]).default("embedded"),
      /** Embedded only. Default 1883, in the demo 1893. */
      port: port.optional(),
      url: z
        .url({
          protocol: /^(mqtts?|wss?|rediss?)$/,
          error: "must be an address: mqtt://, mqtts://, ws://, wss://, redis:// or rediss://, then host and port",
        })
        .optional(),
      /** What the leader says it is to your broker. Secrets belong in the environment: `${NAME}`. */
      username: userName.optional(),
      password: password.optional(),
      /** The flow host's own name there; needed with `username`: a broker that ties client ids to names has each throw the other off. */
      flowHost: z.strictObject({ username: userName, password }).optional(),
      /** Paths of PEM files. */
      tls: z
        .strictObject({
          ca: z.string().optional(),
          cert: z.string().optional(),
          key: z.string().optional(),
          rejectUnauthorized: z.boolean().default(true),
        })
        .optional(),
    })
    .superRefine((bus, context) => {
      if (bus.kind !== "embedded" && bus.url === undefined)
        context.addIssue({ code: "custom", path: ["url"], message: `"kind: ${bus.kind}" needs one` });
      for (const key of EXTERNAL_ONLY)
        if (bus.kind === "embedded" && bus[key] !== undefined)
          context.addIssue({ code: "custom", path: [key], message: `goes with "kind: mqtt" or "kind: redis"` });
      if (bus.kind !== "embedded" && bus.port !== undefined)
        context.addIssue({
          code: "custom",
          path: ["port"],
          message: `goes with "kind: embedded"; yours is in the url`,
        });
      if (bus.kind === "redis" && bus.url !== undefined && !bus.url.startsWith("redis"))
        context.addIssue({ code: "custom", path: ["url"], message: "redis:// or rediss://" });
      if (bus.kind === "mqtt" && bus.url?.startsWith("redis"))
        context.addIssue({ code: "custom", path: ["url"], message: "mqtt://, mqtts://, ws:// or wss://" });
      if (bus.kind !== "embedded" && bus.username !== undefined && bus.flowHost?.username === undefined)
        context.addIssue({
          code: "custom",
          path: ["flowHost"],
          message: `needed with bus.username, since two programs under one name throw each other off; write flowHost: { username: flow-host, password: ... }`,
        });
    })
    .prefault({}),
  /** Hard limits of the failure detector (packages/liveness has the defaults and says why). */
  fleet: z
    .strictObject({
      /** In beats of silence. */
      minBeats: z.number().min(1).max(10).optional(),
      maxBeats: z.number().min(1).max(10).optional(),
      deadBeats: z.number().min(2.2).max(10).optional(),
      willHoldMs: ms.optional(),
      willGraceMs: ms.optional(),
      reconnectGraceMs: ms.optional(),
      observerLateMs: ms.optional(),
      clockSkewMs: ms.optional(),
      /** How often `leader/clock` ticks. */
      clockMs: z.int().min(100).max(60_000).default(10_000),
      /** Losses this close together are one mass loss. */
      massLossWindowMs: ms.default(20_000),
    })
    .superRefine((fleet, context) => {
      // What is left out is what packages/liveness takes.
      const { minBeats, maxBeats, deadBeats } = limitsOf(fleet);
      const contradicts = (path: keyof typeof fleet, message: string) =>
        context.addIssue({ code: "custom", path: [path], message });
      if (minBeats > maxBeats) contradicts("minBeats", `${minBeats} is more than maxBeats, ${maxBeats}`);
      if (maxBeats >= deadBeats) contradicts("maxBeats", `${maxBeats} is not less than deadBeats, ${deadBeats}`);
    })
    .prefault({}),
  launcher: z
    .strictObject({
      /** A part that says nothing for so long is killed and restarted. */
      stallMs: ms.default(10_000),
      /**
       * The same for core and the broker, which the whole house waits for: a laptop's disk or a debugger may hold them up for 20 s, and
       * then a leader that doubts itself (observer-late) does less harm than one that is killed.
       */
      coreStallMs: ms.default(45_000),
      /** A part that is not ready by then is killed and restarted. */
      startMs: ms.default(60_000),
      /** First wait before a restart, and the longest. */
      restartMs: ms.default(250),
      restartMaxMs: ms.default(10_000),
      /** So many deaths, each this soon after its start, are a crash loop: the flow host then starts with its flows stopped. */
      crashLoopDeaths: z.int().min(1).max(100).default(3),
      crashLoopMs: ms.default(60_000),
    })
    .prefault({}),
  /** The follower agent for this very machine. */
  follower: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Default: this machine's host name made into an id. */
      id: z.string().min(1).max(63).optional(),
      name: z.string().min(1).max(100).optional(),
      heartbeatMs: z.int().min(100).max(60_000).default(5_000),
      metricsMs: z.int().min(100).max(600_000).default(10_000),
      /** Its name at your broker, which is its id; needed with `bus.username`. */
      username: userName.optional(),
      password: password.optional(),
    })
    .prefault({}),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
});
export type LeaderSettings = z.output<typeof leaderSettings>;

/** Everything decided: what the launcher works with. */
export interface LeaderOptions {
  readonly settings: LeaderSettings;
  /** The file that was read, if any. */
  readonly configFile: string | undefined;
  /** What the file took from the environment (`${NAME}`): secrets, which no child shall find in its own. */
  readonly secretVariables: readonly string[];
  readonly dataDir: string;
  /** 0: a free one. */
  readonly httpPort: number;
  readonly brokerPort: number;
  readonly follower: boolean;
  readonly demo: boolean;
}

const FLAGS = {
  config: { type: "string" },
  "data-dir": { type: "string" },
  port: { type: "string" },
  "broker-port": { type: "string" },
  "no-follower": { type: "boolean" },
  demo: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Variables that a path in the file may be made with, and that every program needs. */
const NO_SECRETS = ["HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "PWD"];

/** What a child process finds in its environment: all but the owner's secrets, which a function node could read there. */
export function childEnv({ settings, secretVariables }: LeaderOptions, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !secretVariables.includes(name));
  return { ...Object.fromEntries(others), SKEIN_LOG_LEVEL: settings.logLevel };
}

/** Whether only help is wanted: whoever asks for it may have a broken file. @throws SkeinError OPTION_INVALID */
export const asksForHelp = (argv: readonly string[]): boolean => parseFlags(argv).help ?? false;

/**
 * Decides everything from the command line, the environment and the file.
 * @throws SkeinError OPTION_INVALID, CONFIG_UNREADABLE, CONFIG_INVALID
 */
export function leaderOptions(argv: readonly string[], env: NodeJS.ProcessEnv): LeaderOptions {
  const flags = parseFlags(argv);
  const demo = flags.demo ?? false;
  const named = flags.config ?? nonEmpty(env["SKEIN_CONFIG"]);
  // The demo is a house of its own: it does not take over the real one's broker or ports.
  const configFile = named ?? (!demo && existsSync("skein.yaml") ? "skein.yaml" : undefined);
  const taken = new Set<string>();
  const noted = new Proxy(env, {
    get(variables, name) {
      if (typeof name === "string" && !NO_SECRETS.includes(name)) taken.add(name);
      return Reflect.get(variables, name) as unknown;
    },
  });
  const settings =
    configFile === undefined
      ? leaderSettings.parse({})
      : withPathsFrom(dirname(configFile), loadSettings(leaderSettings, configFile, noted));
  const follower = !demo && settings.follower.enabled && !flags["no-follower"];
  if (follower) checkFollowerLogin(settings, configFile ?? "the settings");
  return {
    settings,
    configFile,
    secretVariables: [...taken],
    demo,
    dataDir: folderOf(flags["data-dir"]) ?? nonEmpty(env["SKEIN_DATA_DIR"]) ?? (demo ? "var-demo" : "var"),
    httpPort:
      portOf("--port", flags.port) ??
      portOf("SKEIN_PORT", nonEmpty(env["SKEIN_PORT"])) ??
      settings.http.port ??
      (demo ? 1890 : 1880),
    brokerPort:
      portOf("--broker-port", flags["broker-port"]) ??
      portOf("SKEIN_BROKER_PORT", nonEmpty(env["SKEIN_BROKER_PORT"])) ??
      settings.bus.port ??
      (demo ? 1893 : 1883),
    follower,
  };
}

function withPathsFrom(folder: string, settings: LeaderSettings): LeaderSettings {
  const { tls, ...bus } = settings.bus;
  if (!tls) return settings;
  const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  const { ca, cert, key, rejectUnauthorized } = tls;
  return {
    ...settings,
    bus: { ...bus, tls: { ca: absolute(ca), cert: absolute(cert), key: absolute(key), rejectUnauthorized } },
  };
}

/**
 * With the leader's name the follower would be thrown off by core, and core by it, for ever; and the access rules of docs/broker.md
 * let nobody but itself write what it says.
 */
function checkFollowerLogin({ bus, follower }: LeaderSettings, source: string): void {
  if (bus.kind === "embedded" || bus.username === undefined || follower.username !== undefined) return;
  const id = follower.id ?? "laptop";
  throw new SkeinError(
    "CONFIG_INVALID",
    `${source}: follower.username: needed with bus.username, since two programs under one name throw each other off.`,
    {
      hint: `Write follower: { id: ${id}, username: ${id}, password: ... } with a user of your broker, or follower: { enabled: false }.`,
    },
  );
}

function parseFlags(argv: readonly string[]) {
  // What most servers have and many will try.
  if (argv.some((arg) => /^--host(=|$)/.test(arg)))
    throw new SkeinError("OPTION_INVALID", `there is no option --host: it ${LOOPBACK_ONLY}.`);
  return readCommandLine(argv, FLAGS).values;
}

function portOf(source: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 65_535))
    throw new SkeinError("OPTION_INVALID", `${source} "${text}" is no port: a number from 0 to 65535.`);
  return value;
}

/** An empty one would be the current folder. */
function folderOf(text: string | undefined): string | undefined {
  if (text?.trim() === "") throw new SkeinError("OPTION_INVALID", "--data-dir names no directory: it is empty.");
  return text;
}

const nonEmpty = (text: string | undefined): string | undefined =>
  text === undefined || text === "" ? undefined : text;
