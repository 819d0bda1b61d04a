/** The demo's lamps: emulated Kasa devices on real sockets, and the hand at the wall, the fuse and the maker's update. */
import type { LampAction, LampView } from "@skein/contracts";
import { startHomeEmulator, type DeviceEmulator } from "@skein/kasa/emulator";
import { messageOf, SkeinError, type Clock, type Logger, type Random } from "@skein/kit";
import type { VirtualLamp } from "./init";

export interface Lamps {
  views(): LampView[];
  /** @throws SkeinError LAMP_UNKNOWN */
  do(lamp: string, action: LampAction): Promise<void>;
  close(): Promise<void>;
}

/** Long enough to be noticed, short enough to be waited for, ms. */
const CUT_MS = 8000;
/** The way that the maker's updates went, and round again so that the button always does something. */
const NEXT = {
  iot: { xor: "klap-v1", "klap-v1": "klap-v2", "klap-v2": "xor", aes: "xor", tpap: "xor" },
  smart: { "klap-v2": "aes", aes: "klap-v2", xor: "klap-v2", "klap-v1": "klap-v2", tpap: "klap-v2" },
} as const;

/** A house whose lamps cannot listen (their ports are taken) is a house without lamps: the rest of the demo goes on. */
export async function startLamps(
  lamps: readonly VirtualLamp[],
  parts: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
  onChange: () => void,
): Promise<Lamps> {
  const devices = lamps.map(({ name, ...rest }) => ({ ...rest, alias: name, ports: { http: 0 } }));
  let emulators: DeviceEmulator[] = [];
  try {
    emulators = devices.length === 0 ? [] : await startHomeEmulator({ devices }, parts);
  } catch (error) {
    parts.logger.warn({ reason: messageOf(error) }, "the house has no lamps");
  }
  for (const emulator of emulators) emulator.onChange(onChange);
  const cuts = new Map<string, () => void>();
  const cut = async (emulator: DeviceEmulator): Promise<void> => {
    await emulator.powerCut();
    cuts.get(emulator.id)?.();
    cuts.set(
      emulator.id,
      parts.clock.setTimer(
        () =>
          void emulator
            .powerUp()
            .catch((error: unknown) => parts.logger.warn({ reason: messageOf(error) }, "a lamp stays dark")),
        CUT_MS,
      ),
    );
  };
  return {
    views: () => emulators.flatMap(viewsOf),
    async do(id, action) {
      const emulator = emulators.find((each) => each.id === id);
      if (!emulator)
        throw new SkeinError("LAMP_UNKNOWN", `the virtual home has no lamp "${id}".`, {
          hint: `It has: ${emulators.map((each) => each.id).join(", ")}.`,
        });
      if (action === "wall-switch") return emulator.wallSwitch();
      if (action === "power-cut") return cut(emulator);
      return emulator.updateFirmware(NEXT[emulator.device.family][emulator.protocol]);
    },
    async close() {
      for (const cancel of cuts.values()) cancel();
      await Promise.all(emulators.map((emulator) => emulator.close()));
    },
  };
}

const viewsOf = (emulator: DeviceEmulator): LampView[] =>
  emulator.look().map(({ id, alias, powered, state, css }) => ({
    id,
    name: alias,
    kind: emulator.device.kind as VirtualLamp["kind"],
    protocol: emulator.protocol,
    powered,
    on: powered && state.on,
    css,
    ...(state.effect !== undefined && { effect: state.effect }),
  }));
