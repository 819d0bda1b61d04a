/** Commands one after the other to one emulated lamp: by our client, by tplink-smarthome-api, and by a bare socket that only frames and waits. */
import { once } from "node:events";
import { connect } from "node:net";
import { createKasaClient, type Protocol } from "@skein/kasa";
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import { Client, type Bulb } from "tplink-smarthome-api";
import { OWNER, type Lamp } from "./kasa.lamps";
import { percentile } from "./shared.process";

export interface Rate {
  readonly perS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** As fast as the answers come, for so long. */
export async function rateOf(seconds: number, command: (brightness: number) => Promise<unknown>): Promise<Rate> {
  for (let n = 0; n < 200; n++) await command(1 + (n % 100));
  const times: number[] = [];
  const start = performance.now();
  for (let n = 0; performance.now() - start < seconds * 1000; n++) {
    const before = performance.now();
    await command(1 + (n % 100));
    times.push(performance.now() - before);
  }
  const took = (performance.now() - start) / 1000;
  return {
    perS: Math.round(times.length / took),
    p50Ms: ms(percentile(times, 0.5)),
    p99Ms: ms(percentile(times, 0.99)),
  };
}

export const ms = (value: number | undefined): number => Number((value ?? NaN).toFixed(3));

export async function ours(lamp: Lamp, protocol: Protocol, seconds: number): Promise<Rate> {
  const client = createKasaClient({
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    credentials: OWNER,
    askAt: [],
  });
  const port = (protocol === "xor" ? lamp.xor : lamp.http) ?? 0;
  client.hold({ id: lamp.id, endpoint: { host: lamp.host, port }, protocol });
  const rate = await rateOf(seconds, (brightness) => client.set(lamp.id, { brightness }));
  await client.close();
  return rate;
}

export async function smarthomeApi(lamp: Lamp, seconds: number): Promise<Rate> {
  const bulb = (await new Client().getDevice({ host: lamp.host, port: lamp.xor ?? 9999 })) as Bulb;
  return rateOf(seconds, (brightness) => bulb.lighting.setLightState({ on_off: 1, ignore_default: 1, brightness }));
}

/** The same command and nothing around it: no queue, no parsing beyond the length, no state. */
export async function bareSocket(lamp: Lamp, seconds: number): Promise<Rate> {
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
  const rate = await rateOf(seconds, (brightness) => {
    const command = { transition_light_state: { on_off: 1, ignore_default: 1, brightness } };
    const body = autokey(Buffer.from(JSON.stringify({ "smartlife.iot.smartbulb.lightingservice": command })), true);
    const frame = Buffer.allocUnsafe(body.length + 4);
    frame.writeUInt32BE(body.length);
    body.copy(frame, 4);
    socket.write(frame);
    return new Promise<void>((resolve) => (done = resolve));
  });
  socket.destroy();
  return rate;
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
