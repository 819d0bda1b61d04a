/** Lights, plugs and strips on the LAN: where they are looked for, and how often they are looked at. */
import { z } from "zod";
import { ms } from "./fields";

const host = z.string().min(1).max(253);
const udpPort = z.int().min(1).max(65_535);

/** An address, or one with other ports than the real devices have (an emulator's). */
const askAt = z.union([
  host.transform((text) => ({ host: text })),
  z.strictObject({
    host,
    ports: z.strictObject({ xor: udpPort.optional(), klap: udpPort.optional(), tpap: udpPort.optional() }).optional(),
  }),
]);

export const deviceSettings = z
  .strictObject({
    kasa: z
      .strictObject({
        /** Broadcast addresses or single hosts. Default: the broadcast address of every network of this machine; none: nobody is asked. */
        askAt: z.array(askAt).max(300).optional(),
        /** Between two looks at a device, ± 10 %. */
        pollMs: z.int().min(500).max(3_600_000).default(5_000),
        /** Between two readings of an energy meter. */
        energyMs: z.int().min(1_000).max(3_600_000).default(10_000),
        /** A device may take so long to answer. */
        answerMs: z.int().min(100).max(60_000).default(5_000),
        /** Older Tapo firmware is sent the account's password itself, which anybody in the network could ask for in its name. */
        aesPassthrough: z.boolean().default(false),
        /** New devices are looked for at the start and this often. */
        discoverEveryMs: z.int().min(1_000).max(86_400_000).default(300_000),
        /** A device that is away for so long is told as an event: less is a hiccup of the radio. */
        awayMs: ms.default(60_000),
      })
      .prefault({}),
  })
  .prefault({});
export type DeviceSettings = z.output<typeof deviceSettings>;
