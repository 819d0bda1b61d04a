import { birth } from "@skein/contracts";
import { messageOf } from "@skein/kit";
import { serveCommands } from "./agent-commands";
import type { AgentParts } from "./agent-parts";
import type { Condition } from "./capabilities/capability";
import { startCapability, type StartedCapability } from "./started-capability";

export interface Agent {
  /** Says that it leaves, and closes the bus; at most 2 s. */
  stop(): Promise<void>;
}

/**
 * The heart of a follower: tells who it is, runs its capabilities, does what it is told. Birth is a `state`: the bus sends it
 * again at every connection, so it is published here only when it changes.
 */
export async function startAgent(parts: AgentParts): Promise<Agent> {
  const { settings, host, bus, logger } = parts;
  const running = new Map<string, StartedCapability>();

  const sayBirth = async (): Promise<void> => {
    await bus.publish(
      birth,
      { id: settings.id },
      {
        name: settings.name ?? settings.id,
        virtual: host.virtual !== undefined,
        bootId: host.bootId,
        host: host.describe(),
        versions: { agent: parts.version, node: process.versions.node },
        capabilities: [...running.values()].map(({ name, settings }) => ({ name, settings })),
        ...(settings.via !== undefined && { via: settings.via }),
        ...(host.virtual?.controls && { controls: host.virtual.controls }),
      },
    );
  };
  const conditions = (): Record<string, Condition> =>
    Object.fromEntries([...running].map(([name, started]) => [name, started.condition()]));

  for (const capability of parts.capabilities) {
    const started = startCapability(capability, {
      id: settings.id,
      bus,
      host,
      clock: parts.clock,
      logger: logger.child({ part: capability.name }),
      conditions,
      configured: settings.capabilities[capability.name] ?? {},
      changed: parts.runTimeSettings.changed[capability.name],
    });
    running.set(capability.name, started);
  }
  await sayBirth();
  for (const started of running.values()) started.begin();
  await serveCommands({ ...parts, running, sayBirth });
  logger.info({ id: settings.id, version: parts.version, bootId: host.bootId }, "the agent runs");

  return {
    async stop() {
      for (const started of running.values()) {
        try {
          await started.stop();
        } catch (error) {
          logger.warn({ part: started.name, reason: messageOf(error) }, "did not stop cleanly");
        }
      }
      await bus.close();
    },
  };
}
