import type { Bus } from "@skein/bus";
import type { Clock, Logger, LogLevel, Random } from "@skein/kit";
import type { Capability, Members } from "./capabilities/capability";
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
  /** For boards behind this host; one of them has none itself. */
  readonly members?: Members | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  setLogLevel(level: LogLevel): void;
  /** Somebody asked for a restart; it has been answered, or will be when the agent stops. */
  onRestart(): void;
}
