import { birth } from "@skein/contracts";
import { messageOf } from "@skein/kit";
import { serveCommands } from "./agent-commands";
import type { AgentParts } from "./agent-parts";
import type { Condition } from "./capabilities/capability";
import { startCapability, type StartedCapability } from "./started-capability";

export interface Agent {
  /** Says that it leaves, and closes the bus; at most 2 s. */
  stop(): Promise<void>;
  /** Ends its capabilities and says nothing: its bus is gone. */
  abandon(): Promise<void>;
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
        capabilities: [...running.values()].map(({ name, sense, settings }) => ({
          name,
          settings,
          ...(sense && { sense }),
        })),
        ...(settings.via !== undefined && { via: settings.via }),
        ...(host.virtual?.controls && { controls: host.virtual.controls }),
      },
    );
  };
  const conditions = (): Record<string, Condition> =>
    Object.fromEntries([...running].map(([name, started]) => [name, started.condition()]));

  const switched = new Set<() => void>();
  for (const capability of parts.capabilities) {
    if (capability.optional && !settings.capabilities[capability.name]) continue;
    const started = startCapability(capability, {
      id: settings.id,
      bus,
      host,
      clock: parts.clock,
      random: parts.random,
      logger: logger.child({ part: capability.name }),
      conditions,
      members: parts.members,
      onSwitched(listener) {
        switched.add(listener);
        return () => void switched.delete(listener);
      },
      on: !capability.sense || parts.privacy.allowed,
      configured: settings.capabilities[capability.name] ?? {},
      changed: parts.runTimeSettings.changed[capability.name],
    });
    running.set(capability.name, started);
  }
  await sayBirth();
  const senses = [...running.values()].filter(({ sense }) => sense);
  const tellSenses = (): void => {
    if (senses.length > 0) for (const listener of switched) listener();
  };
  const obey = async (allowed: boolean): Promise<void> => {
    await Promise.all(senses.map((started) => started.setOn(allowed)));
    tellSenses();
  };
  for (const started of running.values()) started.begin();
  // The first beat may have gone out before the last of them was begun.
  tellSenses();
  parts.privacy.onChange((allowed) => void obey(allowed));
  parts.privacy
    .follow(bus)
    .catch((error: unknown) =>
      logger.error({ reason: messageOf(error) }, "cannot hear the privacy switch; senses stay as they are"),
    );
  await serveCommands({ ...parts, running, sayBirth });
  logger.info({ id: settings.id, version: parts.version, bootId: host.bootId }, "the agent runs");

  const abandon = async (): Promise<void> => {
    for (const started of running.values()) {
      try {
        await started.stop();
      } catch (error) {
        logger.warn({ part: started.name, reason: messageOf(error) }, "did not stop cleanly");
      }
    }
  };
  return {
    abandon,
    async stop() {
      await abandon();
      await bus.close();
    },
  };
}
