/** What the leader that works in a data directory notes of itself while it runs (`run/pids.json`). */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { leaderOf } from "../launcher/leader-lock";

/** Its ports, which may be others than those that stand in the settings, as the settings may be others than those it was started with. */
export interface RunningHouse {
  readonly http: number;
  /** Whether the page is there by https alone. */
  readonly tls?: boolean;
  readonly broker: number;
  /** Where the embedded broker speaks TLS. */
  readonly brokerTls?: number;
}

/** Undefined when none runs (what one that was killed left behind says nothing), or it has noted nothing yet. */
export function runningHouse(dataDir: string): RunningHouse | undefined {
  const file = join(dataDir, "run", "pids.json");
  if (leaderOf(dataDir) === undefined || !existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as RunningHouse;
}

/** Where a browser on this machine finds it: every leader listens on loopback. A slash at the end. */
export const localUrl = (port: number, tls: boolean): string => `${tls ? "https" : "http"}://127.0.0.1:${port}/`;
