/** Which house a command is for, as `npm start` would decide it. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Random } from "@skein/kit";
import { leaderOptions, type LeaderOptions } from "../settings";

export interface HouseFlags {
  readonly config?: string | undefined;
  readonly "data-dir"?: string | undefined;
}

export interface CliParts {
  readonly env: NodeJS.ProcessEnv;
  readonly random: Random;
  /** For what a program may read: stdout. */
  readonly print: (text: string) => void;
  /** For people: stderr. */
  readonly say: (line: string) => void;
}

/** Of this Skein. */
export const versionOfSkein = (): string =>
  (JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")) as { version: string }).version;

/** `dataDir` is absolute. @throws SkeinError OPTION_INVALID, CONFIG_UNREADABLE, CONFIG_INVALID */
export function houseOptions(flags: HouseFlags, env: NodeJS.ProcessEnv): LeaderOptions {
  const named = (["config", "data-dir"] as const).flatMap((name) => {
    const value = flags[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  // Whether this machine's own follower can log in is the leader's concern.
  const options = leaderOptions(["--no-follower", ...named], env);
  return { ...options, dataDir: resolve(options.dataDir) };
}
