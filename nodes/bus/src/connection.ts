/** A connection of a config node's own: to any broker or Redis, for a Node-RED that is not the leader's. */
import { createHash } from "node:crypto";
import { createBus, createTransport, type Bus, type BusAddress } from "@skein/bus";
import { isId, RESERVED_IDS } from "@skein/contracts";
import { createIds, SkeinError, systemRandom, type Clock, type Logger } from "@skein/kit";
import type { SkeinBusConfig, SkeinBusCredentials } from "./config";

/**
 * Who we are there. A broker that guards topics by user name lets a flow host write only under its own, so a user name that
 * can be an id is one; without any, the node's id makes one that stays the same over restarts.
 */
export function identityOf(
  config: Pick<SkeinBusConfig, "identity">,
  credentials: SkeinBusCredentials,
  nodeId: string,
): string {
  const wished = [config.identity.trim(), credentials.username ?? ""].find(
    (id) => isId(id) && !RESERVED_IDS.includes(id),
  );
  return wished ?? `node-red-${createHash("sha256").update(nodeId).digest("hex").slice(0, 12)}`;
}

export function addressOf(config: SkeinBusConfig, credentials: SkeinBusCredentials, id: string): BusAddress {
  if (config.url.trim() === "") {
    throw new SkeinError("BUS_NOT_CONFIGURED", "the Skein bus has no address.", {
      hint: "Open it and enter one, such as mqtt://192.168.1.10:1883, or ${SKEIN_BUS} from the environment.",
    });
  }
  const { username, password, ca, cert, key } = credentials;
  const tls = {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    rejectUnauthorized: config.verify,
  };
  return {
    url: config.url.trim(),
    clientId: `skein-${id}`,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    tls,
  };
}

/** @throws SkeinError BUS_NOT_CONFIGURED, BUS_ADDRESS_INVALID */
export function openBus(
  config: SkeinBusConfig,
  credentials: SkeinBusCredentials,
  nodeId: string,
  parts: { clock: Clock; logger: Logger },
): Bus {
  const id = identityOf(config, credentials, nodeId);
  const all = { ...parts, random: systemRandom };
  return createBus({
    id,
    transport: createTransport(addressOf(config, credentials, id), all),
    ...all,
    ids: createIds(parts.clock, systemRandom),
    presence: { as: "none" },
  });
}
