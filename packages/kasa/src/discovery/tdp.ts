/**
 * Discovery on UDP 20002 and 20004: a 16-byte header, big-endian (version, type, operation, payload length, flags, pad, serial, CRC32
 * over all of it with the CRC field preset to 0x5A6B7C8D), then JSON (reference/kasa.md, "Discovery on UDP 20002").
 */
import { constants, createDecipheriv, privateDecrypt, type KeyObject } from "node:crypto";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { idOfMac, macOf } from "../device-id";
import type { Protocol } from "../protocol";
import type { Sighting } from "./sighting";
import { jsonIn } from "./xor-answer";

const HEADER_BYTES = 16;
const LENGTH_AT = 4;
const CRC_AT = 12;
/** Stands where the sum goes while that is made. */
const CRC_PRESET = Buffer.from("5a6b7c8d", "hex");

/** @param serial any; the answer bears it */
export function tdpPacket(payload: string, serial: number): Buffer {
  const body = Buffer.from(payload);
  const packet = Buffer.concat([Buffer.alloc(HEADER_BYTES), body]);
  packet.writeUInt8(2, 0);
  packet.writeUInt8(0, 1);
  packet.writeUInt16BE(1, 2);
  packet.writeUInt16BE(body.length, LENGTH_AT);
  packet.writeUInt8(17, 6);
  packet.writeUInt8(0, 7);
  packet.writeUInt32BE(serial, 8);
  packet.writeUInt32BE(sumOver(packet), CRC_AT);
  return packet;
}

const sumOver = (packet: Buffer): number =>
  crc32(packet.subarray(HEADER_BYTES), crc32(CRC_PRESET, crc32(packet.subarray(0, CRC_AT))));

/**
 * Whatever else comes to this port, and what was damaged on its way, is not worth a look inside. That a real answer has the payload's length and a
 * sum where the question has them was seen in a capture (softScheck/tplink-smartplug issue 81).
 */
const isWhole = (packet: Buffer): boolean =>
  packet.length > HEADER_BYTES &&
  packet.readUInt16BE(LENGTH_AT) === packet.length - HEADER_BYTES &&
  packet.readUInt32BE(CRC_AT) === sumOver(packet);

export const tdpProbe = (publicKey: KeyObject, serial: number): Buffer =>
  tdpPacket(JSON.stringify({ params: { rsa_key: publicKey.export({ type: "spki", format: "pem" }) } }), serial);

/** Without a key, for whoever does not want the encrypted part: the fixed probe of the reference. */
export const BARE_PROBE = Buffer.from("020000010000000000000000463cb5d3", "hex");

const text = z.string().max(300);
const result = z.object({
  device_id: text.optional(),
  device_type: text,
  device_model: text,
  mac: text,
  mgt_encrypt_schm: z.object({
    encrypt_type: text.optional(),
    http_port: z.int().min(0).max(65_535).optional(),
    new_klap: z.int().optional(),
    is_support_https: z.boolean().optional().catch(undefined),
  }),
  encrypt_info: z.object({ sym_schm: text, key: z.string().max(4096), data: z.string().max(16_384) }).optional(),
});
type Result = z.output<typeof result>;

/** Undefined for what is no answer of a device. */
export function readTdpAnswer(packet: Buffer, host: string, key?: KeyObject): Sighting | undefined {
  if (!isWhole(packet)) return undefined;
  const json = jsonIn(packet.subarray(HEADER_BYTES).toString());
  const parsed = z.object({ result }).safeParse(json);
  if (!parsed.success) return undefined;
  const { device_model: model, mac, mgt_encrypt_schm: scheme } = parsed.data.result;
  const address = macOf(mac);
  const protocol = protocolOf(parsed.data.result);
  if (address === undefined || protocol === undefined) return undefined;
  const alias = key && aliasIn(parsed.data.result, key);
  return { id: idOfMac(address), mac: address, model, alias, endpoint: { host, port: portOf(scheme) }, protocol };
}

/** The port of one that wants HTTPS is for TPAP, which we do not speak; what it takes of KLAP besides it takes without TLS, on the usual one. */
const portOf = ({ http_port, is_support_https }: Result["mgt_encrypt_schm"]): number =>
  is_support_https || !http_port ? 80 : http_port;

/** An empty `encrypt_type` means what `sym_schm` says. `IOT.*` speaks KLAP v1 unless `new_klap`, `SMART.*` v2. */
function protocolOf({ device_type, mgt_encrypt_schm: scheme, encrypt_info }: Result): Protocol | undefined {
  switch (scheme.encrypt_type || (encrypt_info?.sym_schm ?? "")) {
    case "KLAP":
      return device_type.startsWith("IOT.") && scheme.new_klap !== 1 ? "klap-v1" : "klap-v2";
    case "AES":
      return "aes";
    case "TPAP":
      return "tpap";
    default:
      return undefined;
  }
}

/** What the device tells to whoever's key it was asked with: key = RSA-OAEP(key16 ‖ iv16), data = AES-128-CBC of JSON. */
function aliasIn({ encrypt_info }: Result, key: KeyObject): string | undefined {
  if (!encrypt_info?.data) return undefined;
  try {
    const secret = privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
      Buffer.from(encrypt_info.key, "base64"),
    );
    const decipher = createDecipheriv("aes-128-cbc", secret.subarray(0, 16), secret.subarray(16, 32));
    const plain = Buffer.concat([decipher.update(Buffer.from(encrypt_info.data, "base64")), decipher.final()]);
    const inner = z.object({ device_name: z.string().max(200) }).safeParse(jsonIn(plain.toString()));
    return inner.success ? inner.data.device_name : undefined;
  } catch {
    // It is a courtesy: who the device is stands outside of it.
    return undefined;
  }
}
