/** A set of emulated devices from one YAML file, as `npm run kasa-emulator -- --config home.yaml` starts them. */
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { PROTOCOLS } from "../protocol";
import { startDeviceEmulator } from "./device-emulator";
import { SPEAKS, type DeviceEmulator, type EmulatorParts } from "./emulator";

const port = z.int().min(0).max(65_535).optional();

export const homeSettings = z.strictObject({
  devices: z
    .array(
      z
        .strictObject({
          alias: z.string().min(1).max(31),
          kind: z.enum(["bulb", "strip", "dimmer", "plug", "power-strip"]),
          /** Older Kasa JSON or the newer one of Tapo. Default iot. */
          family: z.enum(["iot", "smart"]).default("iot"),
          /** Default xor. */
          protocol: z.enum(PROTOCOLS).default("xor"),
          mac: z.string().regex(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/, "must be like 50:C7:BF:00:00:01"),
          /** An address of its own, as on a LAN: all of 127.0.0.0/8 is this machine. */
          host: z.string().min(1),
          model: z.string().max(40).optional(),
          color: z.boolean().optional(),
          /** The whites that it takes, K; false: none. */
          kelvin: z.union([z.strictObject({ min: z.int(), max: z.int() }), z.literal(false)]).optional(),
          energy: z.boolean().optional(),
          /** Of a power strip. 1-6. */
          outlets: z.int().min(1).max(6).optional(),
          /** Default 9999, 80, 20002, 20004; 0 takes a free one. */
          ports: z.strictObject({ xor: port, http: port, klap: port, tpap: port }).optional(),
          /** How long a KLAP or AES session lives, s. Default 86400. */
          sessionS: z.int().min(1).max(86_400).optional(),
          credentials: z.strictObject({ username: z.string(), password: z.string() }).optional(),
        })
        .refine(({ family, protocol }) => SPEAKS[family].includes(protocol), {
          path: ["protocol"],
          error: `must be ${SPEAKS.smart.join(", ")} where family is smart`,
        }),
    )
    .min(1)
    .max(100),
});
export type HomeSettings = z.output<typeof homeSettings>;

/**
 * Starts all of them, or none.
 * @throws SkeinError EMULATOR_UNUSABLE when an address or port cannot be taken, or two devices have the same MAC
 */
export async function startHomeEmulator({ devices }: HomeSettings, parts: EmulatorParts): Promise<DeviceEmulator[]> {
  const started: DeviceEmulator[] = [];
  try {
    for (const device of devices) {
      if (devices.some((other) => other !== device && other.mac === device.mac))
        throw new SkeinError("EMULATOR_UNUSABLE", `two devices have the MAC ${device.mac}.`, {
          hint: "Give each its own.",
        });
      started.push(await startDeviceEmulator(device, parts).catch((error: unknown) => unusable(device.alias, error)));
    }
    return started;
  } catch (error) {
    await Promise.all(started.map((each) => each.close()));
    throw error;
  }
}

function unusable(alias: string, error: unknown): never {
  const { message } = error as Error;
  throw new SkeinError("EMULATOR_UNUSABLE", `"${alias}" cannot listen: ${message}.`, {
    hint: "Give it another host, or other ports (0 takes a free one).",
    cause: error,
  });
}
