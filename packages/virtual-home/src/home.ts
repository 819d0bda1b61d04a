import { join } from "node:path";
import { createBus, createFileJournal, createTransport } from "@skein/bus";
import { hostCommand, lampCommand, VIRTUAL_HOME_ID, virtualHome } from "@skein/contracts";
import { createIds, messageOf, SkeinError, type Clock, type Logger, type Random } from "@skein/kit";
import type { VirtualHomeInit } from "./init";
import { startLamps, type Lamps } from "./lamps";
import { createMadeUpHost, type MadeUpHost } from "./made-up-host";
import { createRandomFaults } from "./random-faults";

export interface HomeParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface VirtualHome {
  readonly hosts: readonly MadeUpHost[];
  /** Ends every agent cleanly, then the home's own place on the bus. */
  stop(): Promise<void>;
}

/**
 * The demo's house: real agents on made-up hosts, and the hand that pulls their plugs. It is told what to do over the bus like
 * everything else (`commands/virtual-home/host/{issuer}`); the page offers it because each follower's birth names it.
 */
export async function startVirtualHome(init: VirtualHomeInit, parts: HomeParts): Promise<VirtualHome> {
  const { clock, random, logger } = parts;
  const ids = createIds(clock, random);
  const hosts = await Promise.all(
    init.followers.map((follower, index) =>
      createMadeUpHost(follower, index + 1, init, { clock, random, ids, logger: logger.child({ part: "host" }) }),
    ),
  );
  const faults = createRandomFaults(hosts, { clock, random, logger });
  const bus = createBus({
    id: VIRTUAL_HOME_ID,
    transport: createTransport(init.bus, { clock, random, logger }),
    clock,
    random,
    ids,
    logger: logger.child({ part: "bus" }),
    presence: { as: "none" },
    journal: createFileJournal(join(init.dataDir, "commands.jsonl")),
  });
  // A new home breaks nothing, whatever the one before it did: its own word replaces that one's on the bus.
  let randomFaults = false;
  const say = () =>
    void bus
      .publish(virtualHome, { id: VIRTUAL_HOME_ID }, { randomFaults, lamps: lamps?.views() ?? [] })
      .catch((error: unknown) => logger.warn({ reason: messageOf(error) }, "could not say how the home is set"));
  let lamps: Lamps | undefined;
  lamps = await startLamps(init.lamps ?? [], { clock, random, logger: logger.child({ part: "lamps" }) }, say);
  say();
  await bus.serve(lampCommand, {}, async ({ data, envelope }) => {
    logger.info({ ...data, by: envelope.from }, "told to");
    await lamps.do(data.lamp, data.action);
    return { lamp: data.lamp };
  });
  await bus.serve(hostCommand, {}, async ({ data, envelope }) => {
    logger.info({ ...data, by: envelope.from }, "told to");
    if (data.action === "random-faults") {
      if (data.on) faults.on(data.meanMs);
      else await faults.off();
      randomFaults = data.on;
      say();
      return { on: data.on };
    }
    const host = hosts.find(({ id }) => id === data.follower);
    if (!host) {
      throw new SkeinError("HOST_UNKNOWN", `the virtual home has no host "${data.follower}".`, {
        hint: `It has: ${hosts.map(({ id }) => id).join(", ")}.`,
      });
    }
    await host.do(data.action);
    return { follower: host.id, suffering: host.suffering ?? null };
  });
  for (const host of hosts) host.start();
  return {
    hosts,
    async stop() {
      faults.close();
      randomFaults = false;
      say();
      await Promise.all([...hosts.map((host) => host.stop()), lamps.close(), bus.close(1500)]);
    },
  };
}
