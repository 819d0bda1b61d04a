/** Discovery on UDP 9999: the question is XOR's `get_sysinfo` without a length, the answer is the sysinfo. */
import { z } from "zod";
import { idOfMac, macOf } from "../device-id";
import type { Sighting } from "./sighting";
import { decrypt, encrypt } from "../xor/cipher";

export const XOR_PROBE = encrypt(Buffer.from('{"system":{"get_sysinfo":{}}}'));

const answer = z.object({
  system: z.object({
    get_sysinfo: z.object({
      model: z.string().max(100),
      alias: z.string().max(200).optional(),
      mac: z.string().optional(),
      mic_mac: z.string().optional(),
    }),
  }),
});

/** Undefined for what is no answer of a device. */
export function readXorAnswer(packet: Buffer, host: string, port: number): Sighting | undefined {
  const parsed = answer.safeParse(jsonIn(decrypt(packet).toString()));
  if (!parsed.success) return undefined;
  const { model, alias, mac, mic_mac } = parsed.data.system.get_sysinfo;
  const address = macOf(mac ?? mic_mac);
  if (address === undefined) return undefined;
  return { id: idOfMac(address), mac: address, model, alias, endpoint: { host, port }, protocol: "xor" };
}

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
