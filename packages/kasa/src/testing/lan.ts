/** For the tests: an address for each device, a client that asks there, and both ended at the end. */
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import { createKasaClient } from "../kasa-client";
import type { AskAt, KasaClient, KasaEvent, KasaOptions } from "../client";
import { startDeviceEmulator, type DeviceEmulator, type EmulatedDevice } from "../emulator";

let next = 0;
/** Nobody else's: test files run side by side, in processes of their own. */
export const freshHost = (): string => {
  next += 1;
  return `127.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}.${next}`;
};
const freshMac = (): string => `50:C7:BF:00:${hex(next >> 8)}:${hex(next & 255)}`;
const hex = (value: number): string => value.toString(16).padStart(2, "0").toUpperCase();

export const OWNER = { username: "user@example.com", password: "Passw0rd!" } as const;

export interface Lan {
  device(wish?: Partial<EmulatedDevice>): Promise<DeviceEmulator>;
  client(options?: Partial<KasaOptions>): KasaClient & { readonly events: KasaEvent[] };
  /** Where to ask for all devices so far, and at `more` besides. */
  askAt(...more: string[]): AskAt[];
  close(): Promise<void>;
}

/** Devices listen on a free HTTP port, since 80 may be taken, and on the real ones otherwise: each has an address of its own. */
export function createLan(): Lan {
  const devices: DeviceEmulator[] = [];
  const clients: KasaClient[] = [];
  const lan: Lan = {
    async device(wish = {}) {
      const host = wish.host ?? freshHost();
      const device = await startDeviceEmulator(
        {
          kind: "bulb",
          family: wish.protocol === "klap-v2" || wish.protocol === "aes" || wish.protocol === "tpap" ? "smart" : "iot",
          protocol: "xor",
          alias: "Lamp",
          mac: freshMac(),
          credentials: OWNER,
          ports: { http: 0 },
          ...wish,
          host,
        },
        { clock: systemClock, random: systemRandom },
      );
      devices.push(device);
      return device;
    },
    client(options = {}) {
      const client = createKasaClient({
        clock: systemClock,
        random: systemRandom,
        logger: silentLogger,
        credentials: OWNER,
        aesPassthrough: true,
        askAt: lan.askAt(),
        pollMs: 200,
        answerMs: 1000,
        settleMs: 50,
        energyMs: 500,
        ...options,
      });
      clients.push(client);
      const events: KasaEvent[] = [];
      client.on((event) => events.push(event));
      return Object.assign(client, { events });
    },
    askAt: (...more) => [...devices.map(({ device }) => device.host), ...more].map((host) => ({ host })),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all(devices.map((device) => device.close()));
    },
  };
  return lan;
}
