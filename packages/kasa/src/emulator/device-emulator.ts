/** One emulated device: a body, the firmware that it speaks with, and what can happen to it. */
import { sleep } from "@skein/kit";
import type { Protocol } from "../protocol";
import { createAes } from "./aes-server";
import { createBody } from "./body";
import type { DeviceEmulator, EmulatedDevice, EmulatorParts, Faults } from "./emulator";
import { listenHttp } from "./http-server";
import { createIot } from "./iot";
import { createKlap } from "./klap-server";
import { createSmart } from "./smart";
import { listenTdp } from "./tdp-server";
import { listenXor, type ServerParts } from "./xor-server";

/** What devices that were never tied to an account ask for. */
const MAKERS = { username: "test@tp-link.net", password: "test" } as const;
const SESSION_S = 86_400;
const KEPT_REQUESTS = 1000;
/** How long a device takes to come up again. */
const BOOT_MS = 50;

type Ports = DeviceEmulator["ports"];
interface Open {
  readonly ports: Ports;
  close(): Promise<void>;
}

/** Resolves when it listens. */
export async function startDeviceEmulator(device: EmulatedDevice, parts: EmulatorParts): Promise<DeviceEmulator> {
  const { clock, random } = parts;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const body = createBody(device, clock, changed);
  const handler = device.family === "iot" ? createIot(body) : createSmart(body);
  const requests: { at: number; request: object }[] = [];
  let faults: Faults = {};
  let refusals = 0;
  let { protocol, host } = device;
  let wanted: Ports = device.ports ?? {};
  let open: Open | undefined;

  const wire: ServerParts = {
    clock,
    random,
    faults: () => faults,
    answer(request) {
      requests.push({ at: clock.now(), request: request as object });
      if (requests.length > KEPT_REQUESTS) requests.shift();
      return handler(request);
    },
  };
  const up = async (): Promise<void> => {
    open ??= await openPorts();
    // What was free at first stays this device's: one that reboots is where it was.
    wanted = { ...wanted, ...open.ports };
  };
  const down = async (): Promise<void> => {
    await open?.close();
    open = undefined;
  };
  const openPorts = async (): Promise<Open> => {
    if (protocol === "xor") {
      const xor = await listenXor(host, wanted.xor ?? 9999, wire);
      return { ports: { xor: xor.port }, close: () => xor.close() };
    }
    const owner = { ...(device.credentials ?? MAKERS), timeoutS: SESSION_S };
    const takesKlap = protocol !== "aes" && (protocol !== "tpap" || faults.tpapTakesKlap);
    const speaks =
      protocol === "aes"
        ? createAes(owner, wire)
        : createKlap({ ...owner, version: protocol === "klap-v1" ? 1 : 2 }, wire);
    const none = { forget() {}, handle: () => undefined };
    const refuseOnce = () => refusals > 0 && refusals-- > 0;
    const http = await listenHttp(
      host,
      wanted.http ?? 80,
      protocol === "aes" || takesKlap ? speaks : none,
      protocol === "tpap" || protocol === "aes"
        ? { status: 404 }
        : { status: 200, body: Buffer.from('{"error_code":1003}') },
      { clock, random, faults: () => ({ ...faults, refuseOnce }) },
    );
    const tdp = await listenTdp(host, wanted.klap ?? 20_002, body, protocol, http.port, wire);
    const tpap =
      protocol === "tpap" ? await listenTdp(host, wanted.tpap ?? 20_004, body, protocol, http.port, wire) : undefined;
    return {
      ports: { http: http.port, klap: tdp.port, ...(tpap && { tpap: tpap.port }) },
      close: async () => void (await Promise.all([http.close(), tdp.close(), tpap?.close()])),
    };
  };

  const powerUp = async (): Promise<void> => {
    // Bulbs and strips come back lit; a relay comes back as it was.
    if (device.kind === "bulb" || device.kind === "strip") for (const lamp of body.lamps) lamp.set({ on: true });
    await up();
    changed();
  };

  await up();
  return {
    device,
    id: body.id,
    get protocol() {
      return protocol;
    },
    get ports() {
      return open?.ports ?? {};
    },
    requests,
    look: () => body.look(open !== undefined),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    fault(next) {
      faults = next;
      refusals = next.refuse ?? 0;
    },
    wallSwitch(outlet = 0) {
      const lamp = body.lamps[outlet];
      lamp?.set({ on: !lamp.now().on });
    },
    async powerCut(forMs) {
      await down();
      changed();
      if (forMs === undefined) return;
      await sleep(clock, forMs);
      await powerUp();
    },
    powerUp,
    async updateFirmware(to: Protocol) {
      await down();
      changed();
      protocol = to;
      await sleep(clock, BOOT_MS);
      await up();
      changed();
    },
    async moveTo(next) {
      await down();
      host = next;
      await up();
    },
    setEnergy(energy) {
      body.energy = { ...body.energy, ...energy };
    },
    async close() {
      listeners.clear();
      await down();
    },
  };
}
