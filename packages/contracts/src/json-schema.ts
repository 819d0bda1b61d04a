/**
 * Every message as JSON Schema, for whoever does not speak TypeScript: docs/messages.schema.json is made of it. It describes what
 * a sender may write; receivers ignore fields that they do not know.
 */
import { z } from "zod";
import { PREFIX } from "./define-message";
import { envelope } from "./envelope";
import { type MessageName, messages } from "./messages";

export interface MessagesJsonSchema {
  readonly $schema: string;
  readonly title: string;
  readonly description: string;
  readonly oneOf: readonly { readonly $ref: string }[];
  readonly $defs: Readonly<Record<string, object>>;
}

/** One JSON Schema (2020-12) of all messages, each with its envelope, under `$defs`; `x-topic`, `x-kind`, `x-writer` and `x-max-bytes` say the rest. */
export function messagesJsonSchema(): MessagesJsonSchema {
  const parts: Record<string, object> = {};
  // Media are bytes: there is no JSON to describe.
  const names = (Object.keys(messages) as MessageName[]).filter((name) => messages[name].kind !== "media");
  const defs = names.map((name): [string, object] => {
    const { pattern, kind, writer, what, schema, maxBytes } = messages[name];
    return [
      name,
      {
        title: name,
        description: what,
        "x-topic": PREFIX + pattern,
        "x-kind": kind,
        "x-writer": writer,
        "x-max-bytes": maxBytes,
        type: "object",
        allOf: [{ $ref: "#/$defs/envelope" }],
        properties: { data: toJsonSchema(name, schema, parts) },
        required: ["data"],
      },
    ];
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Skein's messages",
    description:
      "A message is its envelope's fields and `data`, as one JSON object in UTF-8. The topic says which message it is.",
    oneOf: names.map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: {
      envelope: { ...toJsonSchema("envelope", envelope, parts), title: "envelope" },
      ...Object.fromEntries(defs),
      ...parts,
    },
  };
}

/**
 * As a sender writes it: what has a default may be left out. What refers to itself (zod's `__schema0`, or the whole: `#`) moves
 * to `parts`, since a reference counts from the root of the document.
 */
function toJsonSchema(name: string, schema: z.ZodType, parts: Record<string, object>): object {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" }));
  const whole = `#/$defs/${name}Part`;
  const renamed = text
    .replaceAll(/"#\/\$defs\/__schema(\d+)"/g, `"${whole}$1"`)
    .replaceAll('"$ref":"#"', `"$ref":"${whole}"`);
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = JSON.parse(renamed) as { $schema?: string; $defs?: Record<string, object> };
  for (const [key, part] of Object.entries($defs)) parts[key.replace("__schema", `${name}Part`)] = part;
  if (!renamed.includes(`"${whole}"`)) return rest;
  parts[`${name}Part`] = rest;
  return { $ref: whole };
}
