import { readFileSync } from "node:fs";
import { closest } from "fastest-levenshtein";
import { parseDocument } from "yaml";
import { z } from "zod";
import { SkeinError, messageOf } from "./errors";

/**
 * Reads one YAML file into settings. Every option's unit, range and default stand in its zod schema; an unknown key is an
 * error that names the nearest known one. `${VAR}` in a string is taken from the environment, which is where secrets belong.
 * @throws SkeinError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export function loadSettings<S extends z.ZodObject>(
  schema: S,
  file: string,
  env: NodeJS.ProcessEnv = process.env,
): z.output<S> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new SkeinError("CONFIG_UNREADABLE", `cannot read the config file ${file}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  return parseSettings(schema, text, file, env);
}

/** As loadSettings, from text; `source` names it in errors. */
export function parseSettings<S extends z.ZodObject>(
  schema: S,
  text: string,
  source: string,
  env: NodeJS.ProcessEnv = process.env,
): z.output<S> {
  const document = parseDocument(text);
  const syntax = document.errors[0];
  if (syntax) throw new SkeinError("CONFIG_INVALID", `${source} is no YAML: ${syntax.message.split("\n")[0] ?? ""}.`);
  const value = substitute(document.toJS() ?? {}, env, source);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => describeIssue(issue, schema));
  const sentence = lines.join("; ");
  throw new SkeinError("CONFIG_INVALID", `${source}: ${sentence}${sentence.endsWith("?") ? "" : "."}`);
}

function substitute(value: unknown, env: NodeJS.ProcessEnv, source: string): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = env[name];
      if (found === undefined)
        throw new SkeinError("CONFIG_INVALID", `${source} uses \${${name}}, which is not set in the environment.`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, env, source));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, env, source)]));
  }
  return value;
}

/** One sentence for one zod issue: where, what, and for an unknown key the nearest known one. */
function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const at = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return at ? `${at}: ${issue.message}` : issue.message;
  const known = keysAt(schema, issue.path);
  return issue.keys
    .map(
      (key) =>
        `unknown key "${[at, key].filter(Boolean).join(".")}"${known.length > 0 ? `; did you mean "${[at, closest(key, known)].filter(Boolean).join(".")}"?` : ""}`,
    )
    .join("; ");
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
