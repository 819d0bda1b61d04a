/** The bench's lamps, in a process of their own: whoever speaks to them shall not share their event loop. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { startDeviceEmulator, type EmulatedDevice } from "@skein/kasa/emulator";
import { systemClock, systemRandom } from "@skein/kit";

export const OWNER = { username: "user@example.com", password: "Passw0rd!" } as const;

export interface Lamp {
  readonly id: string;
  readonly host: string;
  readonly xor?: number;
  readonly http?: number;
}

/** One in the child: `kasa.cjs --lamps [...]`. */
export async function lampsMain(specs: readonly Partial<EmulatedDevice>[]): Promise<void> {
  const lamps: Lamp[] = [];
  for (const [index, spec] of specs.entries()) {
    const lamp = await startDeviceEmulator(
      {
        kind: "bulb",
        family: "iot",
        protocol: "xor",
        alias: `Lamp ${index + 1}`,
        mac: `50:C7:BF:BE:00:${index.toString(16).padStart(2, "0").toUpperCase()}`,
        host: `127.${process.pid % 100}.9.${index + 1}`,
        ports: { http: 0 },
        credentials: OWNER,
        ...spec,
      },
      { clock: systemClock, random: systemRandom },
    );
    lamps.push({ id: lamp.id, host: lamp.device.host, ...lamp.ports });
  }
  process.send?.(lamps);
  process.on("disconnect", () => process.exit(0));
}

export async function startLamps(
  specs: readonly Partial<EmulatedDevice>[],
): Promise<{ readonly lamps: readonly Lamp[]; readonly stop: () => void }> {
  const child: ChildProcess = fork(process.argv[1] ?? "", ["--lamps", JSON.stringify(specs)]);
  const [lamps] = (await once(child, "message")) as [Lamp[]];
  return { lamps, stop: () => child.disconnect() };
}
