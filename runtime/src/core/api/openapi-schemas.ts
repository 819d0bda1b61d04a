/** zod schemas as JSON Schema 2020-12, those of packages/contracts once each under the name of their export. */
import * as contracts from "@skein/contracts";
import { z } from "zod";

export type JsonSchema = Record<string, unknown>;

/** What goes in is described as it is sent, what comes out as it is answered: a default is optional here and there always. */
export type Direction = "input" | "output";

const ROOT = "#/components/schemas/";

/** `eventView` of packages/contracts is `EventView` in the document. */
const NAMES: ReadonlyMap<z.ZodType, string> = new Map(
  Object.entries(contracts as Record<string, unknown>).flatMap(([name, value]) =>
    value instanceof z.ZodType ? [[value, name.charAt(0).toUpperCase() + name.slice(1)] as const] : [],
  ),
);

/** Collects schemas, then gives each of them, and what they have in common. */
export interface SchemaBook {
  add(schema: z.ZodType, direction: Direction): void;
  /** Of parameters: each field stands in the operation by itself, so the whole has no name of its own. Goes in. */
  addParameters(schema: z.ZodType): void;
  /** After all were added. */
  finish(): {
    readonly of: (schema: z.ZodType, direction: Direction) => JsonSchema;
    components: Record<string, JsonSchema>;
  };
}

export function createSchemaBook(): SchemaBook {
  const wanted = { input: new Set<z.ZodType>(), output: new Set<z.ZodType>() };
  const nameless = new Set<z.ZodType>();
  return {
    add: (schema, direction) => void wanted[direction].add(schema),
    addParameters(schema) {
      nameless.add(schema);
      wanted.input.add(schema);
    },
    finish() {
      const same = (name: string) => name;
      const output = convert(wanted.output, nameless, "output", same);
      // A schema that goes both ways may differ by its defaults, or what it is made of may.
      const differs = differing(output.components, convert(wanted.input, nameless, "input", same).components);
      const input = convert(wanted.input, nameless, "input", (name) => (differs.has(name) ? `${name}Input` : name));
      return {
        of: (schema, direction) => (direction === "input" ? input : output).of(schema),
        components: { ...output.components, ...input.components },
      };
    },
  };
}

/** `rename` is asked with a contract's name. */
function convert(
  wanted: ReadonlySet<z.ZodType>,
  nameless: ReadonlySet<z.ZodType>,
  io: Direction,
  rename: (name: string) => string,
) {
  const registry = z.registry<{ id: string }>();
  for (const [schema, name] of NAMES) registry.add(schema, { id: rename(name) });
  const ownIds = new Map<z.ZodType, string>();
  for (const schema of wanted) {
    if (NAMES.has(schema) && !nameless.has(schema)) continue;
    const id = `own-${ownIds.size}`;
    ownIds.set(schema, id);
    registry.add(schema, { id });
  }
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => ROOT + id, override: tidy });
  const all = new Map(Object.entries(separated(schemas as Record<string, JsonSchema>)));
  const refOf = (schema: z.ZodType): JsonSchema => {
    const id = ownIds.get(schema);
    return id === undefined ? { $ref: ROOT + rename(NAMES.get(schema) ?? "") } : (all.get(id) ?? {});
  };
  const components: Record<string, JsonSchema> = {};
  const reach = (value: unknown): void => {
    for (const name of refsIn(value)) {
      const found = all.get(name);
      if (name in components || !found) continue;
      components[name] = found;
      reach(found);
    }
  };
  for (const schema of wanted) reach(refOf(schema));
  return { of: refOf, components };
}

/** The names of both that are not the same, or refer to one that is not. */
function differing(one: Record<string, JsonSchema>, other: Record<string, JsonSchema>): ReadonlySet<string> {
  const both = Object.keys(one).filter((name) => name in other);
  const found = new Set(both.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const name of both) if ([...refsIn(one[name])].some((each) => found.has(each))) found.add(name);
  }
  return found;
}

/** What recurs in itself (`z.json()`) zod puts into one schema of many; here each is one of its own. */
function separated(schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const { __shared, ...named } = schemas;
  const parts = (__shared?.["$defs"] ?? {}) as Record<string, JsonSchema>;
  const text = JSON.stringify({
    ...named,
    ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [sharedName(name), part])),
  }).replaceAll(/"#\/components\/schemas\/__shared#\/\$defs\/(\w+)"/g, (_, name: string) =>
    JSON.stringify(ROOT + sharedName(name)),
  );
  const all = JSON.parse(text) as Record<string, JsonSchema>;
  for (const schema of Object.values(all)) {
    delete schema["$schema"];
    delete schema["$id"];
  }
  return all;
}

const sharedName = (name: string): string => name.replace("schema", "Recursive");

/** Takes out what says nothing: the limits of a double's integers, and a promise that no answer will ever have a further field. */
function tidy({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  if (jsonSchema["minimum"] === Number.MIN_SAFE_INTEGER) delete jsonSchema["minimum"];
  if (jsonSchema["maximum"] === Number.MAX_SAFE_INTEGER) delete jsonSchema["maximum"];
  if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined)
    delete jsonSchema["additionalProperties"];
}

function* refsIn(value: unknown): Generator<string> {
  if (value === null || typeof value !== "object") return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "$ref" && typeof item === "string") yield item.slice(ROOT.length);
    else yield* refsIn(item);
  }
}
