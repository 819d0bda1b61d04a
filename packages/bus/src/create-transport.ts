import { SkeinError } from "@skein/kit";
import type { BusAddress, TransportParts } from "./bus-address";
import { createMemoryTransport } from "./memory";
import type { Transport } from "./transport";

/** The transport for an address. @throws SkeinError BUS_ADDRESS_INVALID */
export function createTransport(address: BusAddress, parts: TransportParts): Transport {
  const scheme = /^([a-z]+):/.exec(address.url)?.[1] ?? "";
  if (address.clientId === "")
    throw new SkeinError("BUS_ADDRESS_INVALID", "the bus needs a client id.", {
      hint: "It stays the same over restarts: skein-{id}.",
    });
  switch (scheme) {
    case "memory":
      return createMemoryTransport(address.url.slice("memory:".length), address.clientId, parts);
    case "mqtt":
    case "mqtts":
    case "ws":
    case "wss":
      return mqtt().createMqttTransport(checkUrl(address), parts);
    case "redis":
    case "rediss":
      return redis().createRedisTransport(checkUrl(address), parts);
    default:
      throw new SkeinError("BUS_ADDRESS_INVALID", `"${address.url.slice(0, 200)}" is no address of a bus.`, {
        hint: "It begins with mqtt://, mqtts://, ws://, wss://, redis:// or rediss://.",
      });
  }
}

// A library is loaded when an address asks for it: an agent on MQTT must not carry ioredis as well (13 MB).
// eslint-disable-next-line typescript/no-require-imports -- an import would load it always, import() would make this asynchronous
const mqtt = (): typeof import("./mqtt") => require("./mqtt") as typeof import("./mqtt");
// eslint-disable-next-line typescript/no-require-imports -- as above
const redis = (): typeof import("./redis") => require("./redis") as typeof import("./redis");

/** mqtt.js would take any string for an address and fail much later. */
function checkUrl(address: BusAddress): BusAddress {
  let url: URL;
  try {
    url = new URL(address.url);
  } catch (error) {
    throw new SkeinError("BUS_ADDRESS_INVALID", `"${address.url.slice(0, 200)}" is no URL.`, { cause: error });
  }
  if (!url.hostname) throw new SkeinError("BUS_ADDRESS_INVALID", `"${address.url}" names no host.`);
  if (url.username || url.password) {
    throw new SkeinError("BUS_ADDRESS_INVALID", "a user name or password does not belong into the address of a bus.", {
      hint: "Give them as username and password: addresses are logged.",
    });
  }
  return address;
}
