/** A follower's connection to the house's bus, from its settings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createBus, createFileJournal, createTransport, type Bus, type BusAddress } from "@skein/bus";
import { createIds, messageOf, SkeinError, type Clock, type Logger, type Random } from "@skein/kit";
import type { AgentSettings } from "./config";

/** @throws SkeinError CONFIG_INVALID, BUS_ADDRESS_INVALID */
export function createFollowerBus(
  settings: AgentSettings,
  { clock, random, logger }: { clock: Clock; random: Random; logger: Logger },
): Bus {
  return createBus({
    id: settings.id,
    transport: createTransport(addressOf(settings), { clock, random, logger }),
    clock,
    random,
    ids: createIds(clock, random),
    logger,
    presence: { as: "follower" },
    journal: createFileJournal(join(settings.stateDir, "commands.jsonl")),
  });
}

function addressOf({ id, bus }: AgentSettings): BusAddress {
  const { caFile, certFile, keyFile, rejectUnauthorized } = bus.tls ?? {};
  return {
    url: bus.url,
    clientId: `skein-${id}`,
    keepAliveS: bus.keepAliveS,
    ...(bus.username !== undefined && { username: bus.username }),
    ...(bus.password !== undefined && { password: bus.password }),
    ...(bus.tls && {
      tls: {
        ...(caFile !== undefined && { ca: pem(caFile) }),
        ...(certFile !== undefined && { cert: pem(certFile) }),
        ...(keyFile !== undefined && { key: pem(keyFile) }),
        ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      },
    }),
  };
}

function pem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new SkeinError("CONFIG_INVALID", `cannot read the PEM file ${file}: ${messageOf(error)}.`, {
      hint: "It is named under bus.tls.",
    });
  }
}
