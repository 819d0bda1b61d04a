import type { Bus } from "@skein/bus";
import type { Clock, Logger, LogLevel } from "@skein/kit";
import type { Capability } from "./capabilities/capability";
import type { AgentSettings } from "./config";
import type { Host } from "./host/host";
import type { PrivacyGuard } from "./privacy-guard";
import type { RunTimeSettings } from "./run-time-settings";

/** What main.ts builds and hands to the agent. */
export interface AgentParts {
  readonly settings: AgentSettings;
  readonly version: string;
  readonly host: Host;
  /** With the presence of a follower; it connects and retries for ever by itself. */
  readonly bus: Bus;
  readonly capabilities: readonly Capability[];
  readonly runTimeSettings: RunTimeSettings;
  readonly privacy: PrivacyGuard;
  readonly clock: Clock;
  readonly logger: Logger;
  setLogLevel(level: LogLevel): void;
  /** Somebody asked for a restart; it has been answered, or will be when the agent stops. */
  onRestart(): void;
}
