/** A connection of a config node's own: to any broker or Redis, for a Node-RED that is not the leader's. */
import { createHash } from "node:crypto";
import { createBus, createTransport, type Bus, type BusAddress } from "@skein/bus";
import { createIds, SkeinError, systemRandom, type Clock, type Logger } from "@skein/kit";
import { isIdentity } from "@skein/palette";
import type { SkeinBusConfig, SkeinBusCredentials } from "./config";

/**
 * Who we are there. A broker that guards topics by user name lets a flow host write only under its own, so a user name that
 * can be an id is one; without any, the node's id makes one that stays the same over restarts.
 * @throws SkeinError ID_INVALID when what the owner set is none
 */
export function identityOf(
  config: Pick<SkeinBusConfig, "identity">,
  credentials: SkeinBusCredentials,
  nodeId: string,
): string {
  const wished = config.identity.trim();
  if (wished !== "" && !isIdentity(wished)) {
    throw new SkeinError("ID_INVALID", `the Skein bus cannot be called "${wished}".`, {
      hint: "Its identity is made of a-z, 0-9 and -, 63 at most, and neither leader nor flows. Left empty it is the user name.",
    });
  }
  if (wished !== "") return wished;
  const { username = "" } = credentials;
  return isIdentity(username) ? username : `node-red-${createHash("sha256").update(nodeId).digest("hex").slice(0, 12)}`;
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

/** @throws SkeinError ID_INVALID, BUS_NOT_CONFIGURED, BUS_ADDRESS_INVALID */
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
