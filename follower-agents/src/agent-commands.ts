import { agentCommand } from "@skein/contracts";
import { messageOf, SkeinError } from "@skein/kit";
import type { AgentParts } from "./agent-parts";
import type { StartedCapability } from "./started-capability";

/** So long after a restart was asked for the agent goes: its answer is written down and on its way by then, ms. */
const RESTART_AFTER_MS = 100;

export interface CommandParts extends AgentParts {
  readonly running: ReadonlyMap<string, StartedCapability>;
  sayBirth(): Promise<void>;
}

/**
 * `commands/{id}/agent/{issuer}`. The bus has refused what is expired, stale or of an old epoch before, and answers a
 * redelivered command from the journal on disk: a restart that comes again after the restart is not done again.
 */
export async function serveCommands(parts: CommandParts): Promise<void> {
  const { bus, clock, logger, running, runTimeSettings, host } = parts;
  await bus.serve(
    agentCommand,
    {},
    async ({ data, envelope }) => {
      // A ping is asked of whoever is in doubt, at a time when its disk may be what is slow: it waits for nothing.
      if (data.action === "ping") return { bootId: host.bootId };
      logger.info({ command: data.action, by: envelope.from }, "told to");
      switch (data.action) {
        case "restart":
          clock.setTimer(() => parts.onRestart(), RESTART_AFTER_MS);
          return { restarting: true };
        case "log-level":
          parts.setLogLevel(data.level);
          return { level: data.level };
        case "settings": {
          const capability = running.get(data.capability);
          if (!capability) {
            throw new SkeinError("CAPABILITY_UNKNOWN", `this follower has no capability "${data.capability}".`, {
              hint: `It has: ${[...running.keys()].join(", ")}.`,
            });
          }
          const before = capability.check({});
          const checked = capability.check(data.settings);
          // First on disk, then in force: a refusal leaves both as they were.
          runTimeSettings.keep(data.capability, checked.changed);
          try {
            capability.apply(checked);
          } catch (error) {
            runTimeSettings.keep(data.capability, before.changed);
            capability.apply(before);
            throw error;
          }
          // Done, whether or not the broker lets us tell everybody.
          parts.sayBirth().catch((error: unknown) => logger.warn({ reason: messageOf(error) }, "birth was not sent"));
          return { settings: checked.settings };
        }
      }
    },
    { idempotent: ({ data }) => data.action === "ping" || data.action === "log-level" },
  );
}
