/** One emulated device: a body, the firmware that it speaks with, and what can happen to it. */
import { sleep } from "@skein/kit";
import type { Protocol } from "../protocol";
import { createBody } from "./body";
import type { DeviceEmulator, EmulatedDevice, EmulatorParts, Faults } from "./emulator";
import { createIot } from "./iot";
import { createSmart } from "./smart";
import { openPorts, type OpenPorts } from "./ports";
import type { ServerParts } from "./xor-server";

const KEPT_REQUESTS = 1000;
/** How long a device takes to come up again. */
const BOOT_MS = 50;

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
  let wanted: DeviceEmulator["ports"] = device.ports ?? {};
  let open: OpenPorts | undefined;
  let closed = false;

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
    if (closed) return;
    const refuseOnce = () => refusals > 0 && refusals-- > 0;
    open ??= await openPorts({ host, wanted, protocol, body, wire, refuseOnce });
    // What was free at first stays this device's: one that reboots is where it was.
    wanted = { ...wanted, ...open.ports };
  };
  const down = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    await closing?.close();
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
      const before = protocol;
      await down();
      changed();
      protocol = to;
      await sleep(clock, BOOT_MS);
      try {
        await up();
      } catch (error) {
        // A port of the new one cannot be had (80, for any user but root): it stays what it was, and has current.
        protocol = before;
        await up();
        throw error;
      } finally {
        changed();
      }
    },
    get host() {
      return host;
    },
    async moveTo(next) {
      const before = host;
      await down();
      host = next;
      try {
        await up();
      } catch (error) {
        host = before;
        await up();
        throw error;
      } finally {
        changed();
      }
    },
    setEnergy(energy) {
      body.energy = { ...body.energy, ...energy };
    },
    async close() {
      closed = true;
      listeners.clear();
      await down();
    },
  };
}
