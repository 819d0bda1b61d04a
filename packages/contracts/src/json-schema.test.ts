import { messagesJsonSchema } from "./json-schema";
import { messages } from "./messages";

describe("The messages as JSON Schema", () => {
  const schema = messagesJsonSchema();

  it("has every message but bytes and the envelope, and lists the messages as the choices", () => {
    const names = Object.entries(messages).flatMap(([name, { kind }]) => (kind === "media" ? [] : [name]));
    expect(Object.keys(schema.$defs).filter((name) => !name.includes("Part"))).toEqual(["envelope", ...names]);
    expect(schema.oneOf.map(({ $ref }) => $ref)).toEqual(names.map((name) => `#/$defs/${name}`));
  });

  it("says topic, kind, writer, size, required fields and their limits", () => {
    expect(schema.$defs.heartbeat).toMatchObject({
      "x-topic": "skein/v1/followers/{id}/heartbeat",
      "x-kind": "telemetry",
      "x-writer": "follower",
      "x-max-bytes": 16_384,
      allOf: [{ $ref: "#/$defs/envelope" }],
      required: ["data"],
      properties: {
        data: {
          required: ["bootId", "nextInMs", "capabilities"],
          properties: { nextInMs: { type: "integer", minimum: 100, maximum: 60_000 } },
        },
      },
    });
    expect(schema.$defs.envelope).toMatchObject({ required: ["id", "at", "from", "run", "session", "seq"] });
  });

  it("lets a sender leave out what has a default", () => {
    const { data } = (schema.$defs.birth as { properties: { data: { required: string[] } } }).properties;
    expect(data.required).not.toContain("virtual");
  });

  it("is JSON, with every reference inside it leading somewhere", () => {
    const text = JSON.stringify(schema);
    expect(JSON.parse(text)).toEqual(schema);
    for (const [, name] of text.matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g))
      expect(schema.$defs).toHaveProperty(name ?? "");
    expect(text.match(/"\$ref":"(?!#\/\$defs\/\w+")/g)).toBeNull();
  });
});
