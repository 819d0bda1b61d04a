import { generateKeyPairSync, type KeyObject } from "node:crypto";
import * as fc from "fast-check";
import { broadcastOf } from "./broadcast";
import { BARE_PROBE, readTdpAnswer, tdpPacket, tdpProbe } from "./tdp";
import { readXorAnswer } from "./xor-answer";
import { encrypt } from "../xor/cipher";
import { crc32 } from "node:zlib";

const answer = (scheme: object, more: object = {}) =>
  tdpPacket(
    JSON.stringify({
      result: {
        device_id: "ab",
        device_type: "SMART.TAPOBULB",
        device_model: "L530(EU)",
        ip: "10.0.0.9",
        mac: "AA-BB-CC-00-11-22",
        mgt_encrypt_schm: { is_support_https: false, http_port: 80, lv: 2, ...scheme },
        ...more,
      },
      error_code: 0,
    }),
    7,
  );

describe("Discovery", () => {
  it("puts the right sum over its question", () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const probe = tdpProbe(publicKey as KeyObject, 0x01020304);
    const sum = probe.readUInt32BE(12);
    probe.writeUInt32BE(0x5a6b7c8d, 12);
    expect(crc32(probe)).toBe(sum);
    expect(probe.readUInt16BE(4)).toBe(probe.length - 16);
  });

  it("has the reference's bare probe, whose sum follows the same rule", () => {
    const probe = Buffer.from(BARE_PROBE);
    probe.writeUInt32BE(0x5a6b7c8d, 12);
    expect(crc32(probe)).toBe(BARE_PROBE.readUInt32BE(12));
  });

  it.each([
    ["KLAP v2", { encrypt_type: "KLAP" }, {}, "klap-v2"],
    ["KLAP v1", { encrypt_type: "KLAP" }, { device_type: "IOT.SMARTBULB" }, "klap-v1"],
    ["KLAP v2 of an older family", { encrypt_type: "KLAP", new_klap: 1 }, { device_type: "IOT.SMARTBULB" }, "klap-v2"],
    ["AES", { encrypt_type: "AES" }, {}, "aes"],
    ["TPAP", { encrypt_type: "TPAP" }, {}, "tpap"],
    ["TPAP over TLS", { encrypt_type: "TPAP", is_support_https: true, http_port: 4433 }, {}, "tpap"],
    ["what sym_schm says", { encrypt_type: "" }, { encrypt_info: { sym_schm: "AES", key: "", data: "" } }, "aes"],
  ])("reads %s", (_, scheme, more, protocol) => {
    expect(readTdpAnswer(answer(scheme, more), "10.0.0.9")).toMatchObject({
      id: "kasa-aabbcc001122",
      mac: "AA:BB:CC:00:11:22",
      model: "L530(EU)",
      endpoint: { host: "10.0.0.9", port: 80 },
      protocol,
    });
  });

  it("takes no answer that is cut off, continued or damaged on its way", () => {
    const whole = answer({ encrypt_type: "KLAP" });
    const damaged = (at: number) => {
      const packet = Buffer.from(whole);
      packet.writeUInt8(packet.readUInt8(at) ^ 1, at);
      return packet;
    };
    expect(readTdpAnswer(whole, "h")).toBeDefined();
    // Each is JSON still: the model is another, the serial number is, the length is, the sum is.
    const model = whole.indexOf("L530");
    const packets = [
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.from(" ")]),
      ...[model, 8, 5, 12].map(damaged),
    ];
    expect(packets.map((packet) => readTdpAnswer(packet, "h"))).toEqual(packets.map(() => undefined));
  });

  it("reads an older device's answer, with either name of the MAC", () => {
    const packet = (sysinfo: object) => encrypt(Buffer.from(JSON.stringify({ system: { get_sysinfo: sysinfo } })));
    const expected = {
      id: "kasa-50c7bf000001",
      model: "LB130(EU)",
      endpoint: { host: "h", port: 9999 },
      protocol: "xor",
    };
    expect(readXorAnswer(packet({ model: "LB130(EU)", mic_mac: "50C7BF000001" }), "h", 9999)).toMatchObject(expected);
    expect(readXorAnswer(packet({ model: "LB130(EU)", mac: "50:C7:BF:00:00:01" }), "h", 9999)).toMatchObject(expected);
  });

  it("takes nothing for a device that is none, whatever comes", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const packet = Buffer.from(bytes);
        expect(readTdpAnswer(packet, "h", privateKey)).toBeUndefined();
        expect(readXorAnswer(packet, "h", 1)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(readTdpAnswer(tdpPacket(json, 1), "h", privateKey)).toBeUndefined();
        expect(readXorAnswer(encrypt(Buffer.from(json)), "h", 1)).toBeUndefined();
      }),
    );
    expect(readTdpAnswer(answer({ encrypt_type: "ROT13" }), "h")).toBeUndefined();
  });

  it("asks the whole network that an address stands in", () => {
    expect(broadcastOf("192.168.7.20", "255.255.255.0")).toBe("192.168.7.255");
    expect(broadcastOf("10.1.2.3", "255.255.240.0")).toBe("10.1.15.255");
  });
});
