/** Starts followers within this process (capabilities/capability.ts says what for). */
import { isAbsolute, resolve } from "node:path";
import type { Bus } from "@skein/bus";
import { hasCode, messageOf, type Clock, type Logger, type Random } from "@skein/kit";
import { startAgent } from "./agent";
import type { Member, MemberLife, Members } from "./capabilities/capability";
import { loadAgentSettings, type AgentSettings } from "./config";
import { createFollowerBus } from "./follower-bus";
import { openPrivacyGuard } from "./privacy-guard";
import { tellRefusedLogin } from "./refused-login";
import { openRunTimeSettings } from "./run-time-settings";

export interface MembersParts {
  /** The folder of the agent's own follower.yaml. */
  readonly dir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Default: over the network, as its settings say. */
  readonly busOf?: (settings: AgentSettings) => Bus;
}

export function createMembers(parts: MembersParts): Members {
  return {
    load(file) {
      const settings = loadAgentSettings(isAbsolute(file) ? file : resolve(parts.dir, file));
      return {
        id: settings.id,
        start: (life) =>
          startMember({ ...settings, via: life.via, capabilities: settingsOf(settings, life) }, life, parts),
      };
    },
  };
}

/** With their defaults. */
const settingsOf = (
  { capabilities: given }: AgentSettings,
  { capabilities }: MemberLife,
): AgentSettings["capabilities"] =>
  Object.fromEntries(capabilities.map(({ name, settings }) => [name, settings.parse(given[name] ?? {})]));

function startMember(
  settings: AgentSettings,
  { host, version, capabilities, onRestart }: MemberLife,
  { clock, random, logger: parent, busOf }: MembersParts,
): Member {
  const logger = parent.child({ member: settings.id });
  const busLogger = logger.child({ part: "bus" });
  const bus = busOf?.(settings) ?? createFollowerBus(settings, { clock, random, logger: busLogger });
  tellRefusedLogin(bus, busLogger);
  const agent = startAgent({
    settings,
    version,
    host,
    bus,
    capabilities,
    runTimeSettings: openRunTimeSettings(settings.stateDir, logger),
    privacy: openPrivacyGuard(settings.stateDir, logger.child({ part: "privacy" })),
    clock,
    random,
    logger,
    setLogLevel: (level) => (logger.level = level),
    onRestart,
  }).catch((error: unknown) => {
    if (!hasCode(error, "BUS_CLOSED")) logger.error({ reason: messageOf(error) }, "it cannot be told of on the bus");
    return undefined;
  });
  return {
    async stop() {
      await ((await agent)?.stop() ?? bus.close());
    },
    kill() {
      bus.kill();
      void agent.then((running) => running?.abandon());
    },
  };
}
