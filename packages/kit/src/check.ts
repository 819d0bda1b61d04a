import { z } from "zod";
import { nearest } from "./nearest";

/**
 * Checks what a person wrote. What is wrong with it is said in one sentence of plain words, place by place: zod's own words
 * are for programmers. A schema's own words (`error`, `refine`) go before these.
 */
export function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { readonly ok: true; readonly data: z.output<S> } | { readonly ok: false; readonly wrong: string } {
  const result = schema.safeParse(value, { error: plainWords });
  if (result.success) return { ok: true, data: result.data };
  // One word a place and kind, the last: a number beyond all integers is too big for them and for its own limit.
  const issues = new Map(result.error.issues.map((issue) => [`${issue.path.join(".")} ${issue.code}`, issue]));
  const sentence = [...issues.values()].map((issue) => describeIssue(issue, schema)).join("; ");
  return { ok: false, wrong: sentence.endsWith("?") ? sentence : `${sentence}.` };
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object, with a value for each key",
  array: "a list",
};

const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "must not be empty";
      return limit(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return limit(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return `must be a ${issue.format === "url" ? "URL" : issue.format}`;
    // In no schema that people write to, or said elsewhere.
    case "unrecognized_keys":
    case "not_multiple_of":
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return undefined;
  }
};

function limit(of: string, words: string, count: number | bigint): string {
  const unit = of === "string" ? "characters" : of === "array" ? "entries" : undefined;
  return unit === undefined ? `must be ${words} ${count}` : `must have ${words} ${count} ${unit}`;
}

/** No more are named to whoever wrote something quite different. */
const MAX_NAMED = 12;

/** Where and what; for an unknown key the nearest known one, or where none is near those that there are. */
function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const at = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return at ? `${at}: ${issue.message}` : issue.message;
  const known = keysAt(schema, issue.path);
  const placed = (key: string) => `"${at === "" ? key : `${at}.${key}`}"`;
  const meant = (key: string) => {
    const near = nearest(key, known);
    if (near !== undefined) return `; did you mean ${placed(near)}?`;
    return known.length > 0 && known.length <= MAX_NAMED ? `; there are ${known.join(", ")}` : "";
  };
  return issue.keys.map((key) => `unknown key ${placed(key)}${meant(key)}`).join("; ");
}

/** The keys that the object schema at `path` knows, through optionals and defaults. */
function keysAt(schema: z.ZodType, path: PropertyKey[]): string[] {
  let here: unknown = schema;
  for (const step of [...path, undefined]) {
    while (
      here instanceof z.ZodOptional ||
      here instanceof z.ZodDefault ||
      here instanceof z.ZodPrefault ||
      here instanceof z.ZodNullable
    ) {
      here = here.unwrap();
    }
    if (step === undefined) break;
    if (here instanceof z.ZodObject) here = (here.shape as Record<string, unknown>)[String(step)];
    else if (here instanceof z.ZodArray) here = here.element;
    else return [];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}
