/** Who sends commands to one emulated lamp: our client, tplink-smarthome-api, and a bare socket that only frames and waits; and how fast they are. */
import { once } from "node:events";
import { connect } from "node:net";
import { createKasaClient, type Change, type Protocol } from "@skein/kasa";
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import { Client, type Bulb } from "tplink-smarthome-api";
import { OWNER, type Lamp } from "./kasa.lamps";
import { percentile } from "./shared.process";

/** Sends the n-th command of the mix, and resolves with the lamp's yes. */
export interface Sender {
  send(n: number): Promise<unknown>;
  close(): Promise<void> | void;
}

export interface Rate {
  /** The middle one of the rounds. */
  readonly perS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What people do with a bulb, as our client takes it and as the lamp does. */
const MIX: readonly ((n: number) => { readonly change: Change; readonly state: object })[] = [
  (n) => ({ change: { brightness: 1 + (n % 100) }, state: { brightness: 1 + (n % 100) } }),
  (n) => ({
    change: { hue: n % 360, saturation: 80 },
    state: { hue: n % 360, saturation: 80, color_temp: 0 },
  }),
  (n) => ({ change: { kelvin: 2700 + (n % 3000) }, state: { color_temp: 2700 + (n % 3000) } }),
  (n) => ({ change: { on: true, brightness: 1 + (n % 50) }, state: { brightness: 1 + (n % 50) } }),
];
const mixed = (n: number) => (MIX[n % MIX.length] as (typeof MIX)[number])(n);
const raw = (n: number) => ({ on_off: 1 as const, ignore_default: 1 as const, ...mixed(n).state });

/**
 * All of them in turn, a short round each and each time another one first, so that what else the machine does hits all alike.
 * @returns for each its rate, and its rate as a multiple of the first one's: the middle one of all rounds
 */
export async function race(
  senders: Readonly<Record<string, Sender>>,
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<Record<string, Rate & { readonly ofFirst: number }>> {
  const names = Object.keys(senders);
  const first = names[0] ?? "";
  const times = new Map(names.map((name) => [name, [] as number[]]));
  const rates = new Map(names.map((name) => [name, [] as number[]]));
  for (const sender of Object.values(senders)) for (let n = 0; n < 400; n++) await sender.send(n);
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length] ?? first;
      const took: number[] = [];
      const start = performance.now();
      for (let n = 0; performance.now() - start < roundMs; n++) {
        const before = performance.now();
        await senders[name]?.send(n);
        took.push(performance.now() - before);
      }
      rates.get(name)?.push((took.length * 1000) / (performance.now() - start));
      times.get(name)?.push(...took);
    }
  const middle = (values: readonly number[]) => percentile([...values], 0.5) ?? NaN;
  const ofFirst = (name: string) =>
    middle((rates.get(name) ?? []).map((rate, round) => rate / (rates.get(first)?.[round] ?? NaN)));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        perS: Math.round(middle(rates.get(name) ?? [])),
        p50Ms: ms(percentile(times.get(name) ?? [], 0.5)),
        p99Ms: ms(percentile(times.get(name) ?? [], 0.99)),
        ofFirst: ms(ofFirst(name)),
      },
    ]),
  );
}

export const ms = (value: number | undefined): number => Number((value ?? NaN).toFixed(3));

export function ours(lamp: Lamp, protocol: Protocol): Sender {
  const client = createKasaClient({
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    credentials: OWNER,
    askAt: [],
  });
  const port = (protocol === "xor" ? lamp.xor : lamp.http) ?? 0;
  client.hold({ id: lamp.id, endpoint: { host: lamp.host, port }, protocol });
  return { send: (n) => client.set(lamp.id, mixed(n).change), close: () => client.close() };
}

export async function smarthomeApi(lamp: Lamp): Promise<Sender> {
  const bulb = (await new Client().getDevice({ host: lamp.host, port: lamp.xor ?? 9999 })) as Bulb;
  return { send: (n) => bulb.lighting.setLightState(raw(n)), close: () => undefined };
}

/** The same command and nothing around it: no queue, no parsing beyond the length, no state. */
export async function bareSocket(lamp: Lamp): Promise<Sender> {
  const socket = connect({ host: lamp.host, port: lamp.xor ?? 9999, noDelay: true });
  await once(socket, "connect");
  let held = Buffer.alloc(0);
  let done: (() => void) | undefined;
  socket.on("data", (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (held.length < 4 || held.length < held.readUInt32BE() + 4) return;
    JSON.parse(autokey(held.subarray(4), false).toString());
    held = Buffer.alloc(0);
    done?.();
  });
  return {
    send(n) {
      const command = { "smartlife.iot.smartbulb.lightingservice": { transition_light_state: raw(n) } };
      const body = autokey(Buffer.from(JSON.stringify(command)), true);
      const frame = Buffer.allocUnsafe(body.length + 4);
      frame.writeUInt32BE(body.length);
      body.copy(frame, 4);
      socket.write(frame);
      return new Promise<void>((resolve) => (done = resolve));
    },
    close: () => void socket.destroy(),
  };
}

function autokey(bytes: Buffer, encrypt: boolean): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let key = 0xab;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    out[index] = byte ^ key;
    key = encrypt ? (out[index] ?? 0) : byte;
  }
  return out;
}
