/** Where a device listens, by what its firmware speaks: all of its ports, or none. */
import type { Protocol } from "../protocol";
import { createAes } from "./aes-server";
import type { Body } from "./body";
import type { DeviceEmulator } from "./emulator";
import { listenHttp, type HttpDevice } from "./http-server";
import { createKlap } from "./klap-server";
import { listenTdp } from "./tdp-server";
import { listenXor, type ServerParts } from "./xor-server";

export interface OpenPorts {
  readonly ports: DeviceEmulator["ports"];
  close(): Promise<void>;
}

export interface PortParts {
  readonly host: string;
  readonly wanted: DeviceEmulator["ports"];
  readonly protocol: Protocol;
  readonly body: Body;
  readonly wire: ServerParts;
  /** Whether the next request is to be answered with 403. */
  readonly refuseOnce: () => boolean;
}

/** What devices that were never tied to an account ask for. */
const MAKERS = { username: "test@tp-link.net", password: "test" } as const;
const SESSION_S = 86_400;

export async function openPorts(parts: PortParts): Promise<OpenPorts> {
  const { host, wanted, protocol, body, wire } = parts;
  if (protocol === "xor") {
    const xor = await listenXor(host, wanted.xor ?? 9999, wire);
    return { ports: { xor: xor.port }, close: () => xor.close() };
  }
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => void (await Promise.all(opened.map((each) => each.close())));
  const keep = <T extends { close(): Promise<void> }>(each: T): T => {
    opened.push(each);
    return each;
  };
  try {
    const http = keep(await openHttp(parts, protocol));
    const tdp = keep(await listenTdp(host, wanted.klap ?? 20_002, body, protocol, http.port, wire));
    const ports = { http: http.port, klap: tdp.port };
    if (protocol !== "tpap") return { ports, close };
    const tpap = keep(await listenTdp(host, wanted.tpap ?? 20_004, body, protocol, http.port, wire));
    return { ports: { ...ports, tpap: tpap.port }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openHttp({ host, wanted, body, wire, refuseOnce }: PortParts, protocol: Exclude<Protocol, "xor">) {
  const { device } = body;
  const owner = { ...(device.credentials ?? MAKERS), timeoutS: device.sessionS ?? SESSION_S };
  const klap = () => createKlap({ ...owner, version: protocol === "klap-v1" ? 1 : 2 }, wire);
  const speaks: HttpDevice = protocol === "aes" ? createAes(owner, wire) : klap();
  const http: HttpDevice =
    protocol === "tpap"
      ? {
          forget: () => speaks.forget(),
          // Some firmware announces TPAP and takes KLAP v2 all the same.
          handle: (...request) => (wire.faults().tpapTakesKlap ? speaks.handle(...request) : undefined),
        }
      : speaks;
  const speaksKlap = { status: 200, body: Buffer.from('{"error_code":1003}') };
  const other = protocol === "tpap" || protocol === "aes" ? { status: 404 } : speaksKlap;
  const faults = () => ({ ...wire.faults(), refuseOnce });
  return listenHttp(host, wanted.http ?? 80, http, other, { clock: wire.clock, random: wire.random, faults });
}
