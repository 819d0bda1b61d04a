import { decodeBody, encodeBody, nameOf } from "./codec";
import { flawOf, type Field } from "./fields";
import { cHeader } from "./c-header";
import { messages, type BodyOf, type MessageName } from "./messages";

const sample: BodyOf<"sample"> = { channel: 3, value: 21.5, counter: 7, atMs: 123_456 };

describe("A message's body", () => {
  it("is a map of small integers that a board can read", () => {
    const bytes = encodeBody("sample", sample);
    expect(Buffer.from(bytes).toString("hex")).toBe("a4010302fa41ac00000407051a0001e240");
    expect(decodeBody("sample", bytes)).toEqual(sample);
  });

  it("may lack what is optional, and say more than this host knows", () => {
    expect(decodeBody("sample", Buffer.from("a6010303010407051a0001e24018636178186302", "hex"))).toEqual({
      channel: 3,
      fault: 1,
      counter: 7,
      atMs: 123_456,
    });
  });

  it.each<[why: string, hex: string]>([
    ["a field is missing", "a10103"],
    ["a field is of the wrong kind", "a40163616263020104070500"],
    ["a number is too large", "a4011903e802010407051a0001e240"],
    ["it is no map", "83010203"],
    ["it ends too early", "a40103"],
    ["it goes on behind its end", "a0a0"],
    ["it has no bytes", ""],
    ["a number is none", "a4010302fa7fc000000407051a0001e240"],
  ])("is refused when %s", (_, hex) => {
    expect(() => decodeBody("sample", Buffer.from(hex, "hex"))).toThrow(
      expect.objectContaining({ code: "HUB_MESSAGE_INVALID" }) as Error,
    );
  });

  it("is refused on its way out as well, with the field's name", () => {
    expect(() => encodeBody("set", { channel: 300, value: 1 })).toThrow(
      /set: channel is no whole number from 0 to 255/,
    );
    expect(() => encodeBody("set", { channel: 1, value: NaN })).toThrow(/set: value is no number/);
    expect(() => encodeBody("setting", { channel: 1, setting: 1, text: "ä".repeat(13) })).toThrow(
      /text has more than 24/,
    );
  });
});

describe("The table of messages", () => {
  const all = Object.entries(messages) as [MessageName, { type: number; fields: Record<string, Field> }][];

  it("gives no type and no key twice", () => {
    expect(new Set(all.map(([, { type }]) => type)).size).toBe(all.length);
    for (const [name, { type, fields }] of all) {
      expect(nameOf(type)).toBe(name);
      const keys = Object.values(fields).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      // One byte each in CBOR.
      expect(Math.max(0, ...keys)).toBeLessThan(24);
    }
  });

  it("has texts and bytes with their most, so that every message fits a frame", () => {
    for (const [, { fields }] of all)
      for (const field of Object.values(fields))
        expect(field.most !== undefined).toBe(field.kind === "text" || field.kind === "bytes");
    expect(flawOf({ key: 1, kind: "bytes", optional: false, most: 8, says: "" }, new Uint8Array(9))).toMatch(
      /more than 8/,
    );
  });

  it("is what the firmware's header is made of", () => {
    const header = cHeader();
    expect(header).toMatch(/#define LINK_SET_RAMP_MS 3u/);
    expect(header).toMatch(/#define LINK_REFUSAL_NOT_ARMED 7u/);
    expect(header.split("\n").filter((line) => line.startsWith("#define LINK_HELLO ")).length).toBe(1);
  });
});
