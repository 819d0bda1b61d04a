import type { PartState } from "./parts";
import { hasCode, messageOf } from "@skein/kit";
import type { BusAddress } from "@skein/bus";
import type { LeaderSettings } from "../settings";

// The flow host declares its own init message.
export type { FlowHostInit } from "../flow-host/init";

/**
 * What the launcher and its children say to each other over Node's IPC channel. Settings and secrets come this way only,
 * never by the command line or the environment, where every user of the machine can read them.
 */

/** To the broker process. */
export interface BrokerInit {
  readonly type: "init";
  /** Its own directory. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly usersFile: string;
}

/** To core. */
export interface CoreInit {
  readonly type: "init";
  readonly settings: LeaderSettings;
  /** The house's data directory; core keeps its own things in `core/`. */
  readonly dataDir: string;
  readonly version: string;
  readonly demo: boolean;
  readonly bus: BusAddress;
  readonly flowHostSocket: string;
  /** Decided by the launcher, so that a restarted core comes back on the same one. `broker` only when it is embedded. */
  readonly ports: { readonly http: number; readonly broker?: number };
}

/** To core, at every change. */
export interface PartsMessage {
  readonly type: "parts";
  readonly broker: PartState;
  readonly core: PartState;
  readonly flowHost: PartState;
  readonly safeMode: boolean;
}

/** From a child. */
export type ChildMessage =
  | { readonly type: "ready" }
  | { readonly type: "alive" }
  /** It cannot start, and why, for people; it then ends. */
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  /** From core, in the demo only. */
  | { readonly type: "broker"; readonly action: "stop" | "start" }
  /** From the flow host: its owner deployed, so the flows run again. */
  | { readonly type: "safe-mode"; readonly on: boolean };

export interface ChildOptions<Init> {
  /** Does the work of starting; when it resolves the child is ready. */
  start(init: Init): Promise<void>;
  /** Ends cleanly; is given `END_WITHIN_MS` at most. */
  stop(): Promise<void>;
  /** Whatever the launcher says later. */
  onMessage?(message: unknown): void;
}

/** How often a child says that its event loop turns, ms. */
export const ALIVE_MS = 1000;
/** A child that was asked to end is gone by then, with code 1 when it was not done; the launcher waits longer. */
export const END_WITHIN_MS = 2500;

/**
 * The child's end. Takes the init message, starts, says `ready` and then `alive` every second. It ends on SIGTERM, SIGINT,
 * and when the channel closes: a launcher that was killed leaves no orphan.
 */
export function runAsChild<Init extends { type: "init" }>(options: ChildOptions<Init>): void {
  process.umask(0o077);
  if (!process.send) {
    process.stderr.write("This program is a part of the leader and is started by its launcher: npm start\n");
    process.exit(2);
  }
  let begun = false;
  let stopping: Promise<void> | undefined;
  const tell = (message: ChildMessage) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const stop = (): Promise<void> => (stopping ??= end());
  const end = async (): Promise<void> => {
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
    try {
      await options.stop();
      process.exit(0);
    } catch (error) {
      process.stderr.write(`could not end cleanly: ${messageOf(error)}\n`);
      process.exit(1);
    }
  };
  const begin = async (init: Init): Promise<void> => {
    try {
      await options.start(init);
      tell({ type: "ready" });
      setInterval(() => tell({ type: "alive" }), ALIVE_MS);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      tell({
        type: "failed",
        code: "START_FAILED",
        message: messageOf(error),
        ...(hasCode(error) && { code: error.code }),
      });
      setTimeout(() => process.exit(1), 50);
    }
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
  process.on("disconnect", () => void stop());
  process.on("message", (message: { type?: unknown }) => {
    if (message.type !== "init") return options.onMessage?.(message);
    if (begun) return;
    begun = true;
    void begin(message as Init);
  });
}
