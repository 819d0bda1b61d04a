/** Answers the newer discovery (UDP 20002, and 20004 for TPAP): who the device is, and what it speaks; its name for whoever sent a key. */
import { constants, createCipheriv, createHash, publicEncrypt } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Protocol } from "../protocol";
import { modelOf, smartTypeOf, type Body } from "./body";
import { beforeAnswer } from "./wire-faults";
import { bindUdp, parse, type ServerParts } from "./xor-server";

export async function listenTdp(
  host: string,
  port: number,
  body: Body,
  protocol: Exclude<Protocol, "xor">,
  httpPort: number,
  { clock, faults, random }: ServerParts,
) {
  const socket = await bindUdp(host, port, async (packet, reply) => {
    if (packet.length < 16 || packet[0] !== 2) return;
    if (random.next() < (faults().loss ?? 0) || !(await beforeAnswer(faults(), clock))) return;
    const asked = parse(packet.subarray(16).toString()) as { params?: { rsa_key?: unknown } } | undefined;
    const key = asked?.params?.rsa_key;
    const result = describe(
      body,
      host,
      protocol,
      httpPort,
      typeof key === "string" ? key : undefined,
      random.bytes(32),
    );
    const json = Buffer.from(JSON.stringify({ result, error_code: 0 }));
    const header = Buffer.from(packet.subarray(0, 16));
    header.writeUInt16BE(json.length, 4);
    header.writeUInt32BE(0x5a6b7c8d, 12);
    const whole = Buffer.concat([header, json]);
    whole.writeUInt32BE(crc32(whole), 12);
    reply(faults().garbage ? Buffer.from(random.bytes(whole.length)) : whole);
  });
  return {
    port: socket.address().port,
    close: () => new Promise<void>((resolve) => socket.close(resolve)),
  };
}

const SCHEMES = { "klap-v1": "KLAP", "klap-v2": "KLAP", aes: "AES", tpap: "TPAP" } as const;

function describe(
  { device, id }: Body,
  ip: string,
  protocol: Exclude<Protocol, "xor">,
  http_port: number,
  key: string | undefined,
  secret: Uint8Array,
): object {
  const lit = device.kind === "bulb" || device.kind === "strip";
  const iot = device.family === "iot";
  const type = !iot ? smartTypeOf(device.kind) : lit ? "IOT.SMARTBULB" : "IOT.SMARTPLUGSWITCH";
  return {
    device_id: createHash("md5").update(id).digest("hex"),
    owner: createHash("md5")
      .update(device.credentials?.username ?? "")
      .digest("hex")
      .toUpperCase(),
    device_type: type,
    device_model: modelOf(device),
    ip,
    mac: device.mac.replaceAll(":", "-"),
    factory_default: false,
    mgt_encrypt_schm: {
      is_support_https: false,
      encrypt_type: SCHEMES[protocol],
      http_port,
      lv: 2,
      ...(iot && protocol === "klap-v2" && { new_klap: 1 }),
    },
    ...(key !== undefined && { encrypt_info: sealed(key, Buffer.from(secret), { device_name: device.alias }) }),
  };
}

function sealed(key: string, secret: Buffer, what: object): object | undefined {
  try {
    const cipher = createCipheriv("aes-128-cbc", secret.subarray(0, 16), secret.subarray(16));
    const data = Buffer.concat([cipher.update(JSON.stringify(what)), cipher.final()]);
    return {
      sym_schm: "AES",
      key: publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" }, secret).toString(
        "base64",
      ),
      data: data.toString("base64"),
    };
  } catch {
    return undefined;
  }
}
