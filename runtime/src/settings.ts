import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SkeinError, loadSettings, readCommandLine } from "@skein/kit";
import { z } from "zod";
import { noticeSettings } from "./core/notices/settings";
import { busSettings } from "./settings/bus";
import { deviceSettings } from "./settings/devices";
import { fleetSettings } from "./settings/fleet";
import { httpSettings } from "./settings/http";
import { backupSettings, historySettings } from "./settings/keeping";
import { followerSettings, launcherSettings } from "./settings/parts";

/**
 * What the owner may set for a leader: `skein.yaml`, the command line and the environment. The command line beats the
 * environment, which beats the file, which beats the defaults. A relative path starts from the current directory, one in the
 * file from the folder in which the file lies.
 */

const NO_HOST_OPTION =
  "there is no option --host: to open the house to your network, log in and choose a password first, then set http.host in skein.yaml.";

/** Its sections lie in settings/, those of notices beside the channels. */
export const leaderSettings = z.strictObject({
  house: z.strictObject({ name: z.string().min(1).max(100).default("Home") }).prefault({}),
  http: httpSettings,
  bus: busSettings,
  fleet: fleetSettings,
  devices: deviceSettings,
  history: historySettings,
  backup: backupSettings,
  launcher: launcherSettings,
  follower: followerSettings,
  /** Where notices go besides the page. */
  notices: noticeSettings,
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
  /** Those of `keys` that a part of the settings has. */
  const absolute = <T extends object>(part: T | undefined, keys: readonly (keyof T)[]): T | undefined =>
    part && {
      ...part,
      ...Object.fromEntries(
        keys.flatMap((key) => (typeof part[key] === "string" ? [[key, resolve(folder, part[key])]] : [])),
      ),
    };
  const { tls, listenTls, mosquitto } = settings.bus;
  return {
    ...settings,
    http: { ...settings.http, tls: absolute(settings.http.tls, ["cert", "key"]) },
    bus: {
      ...settings.bus,
      tls: absolute(tls, ["ca", "cert", "key"]),
      listenTls: absolute(listenTls, ["ca", "cert", "key"]),
      mosquitto: absolute(mosquitto, ["dir", "pidFile"]),
    },
  };
}

/**
 * With the leader's name the follower would be thrown off by core, and core by it, for ever; and the access rules of docs/broker.md
 * let nobody but itself write what it says.
 */
function checkFollowerLogin({ bus, follower }: LeaderSettings, source: string): void {
  if (bus.kind === "embedded" || bus.mosquitto || bus.username === undefined || follower.username !== undefined) return;
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
  if (argv.some((arg) => /^--host(=|$)/.test(arg))) throw new SkeinError("OPTION_INVALID", NO_HOST_OPTION);
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
