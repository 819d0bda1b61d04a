import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { check } from "./check";
import { SkeinError, messageOf } from "./errors";

/**
 * Reads one YAML file into settings. Every option's unit, range and default stand in its zod schema; an unknown key is an
 * error that names the nearest known one. `${NAME}` in a string is taken from the environment, which is where secrets belong;
 * `${` in any other form is an error.
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
  const result = check(schema, substitute(document.toJS() ?? {}, env, source));
  if (result.ok) return result.data;
  throw new SkeinError("CONFIG_INVALID", `${source}: ${result.wrong}`);
}

/** Fills in variables. `at`: where the value stands; the value itself may be a secret and is not shown. */
function substitute(value: unknown, env: NodeJS.ProcessEnv, source: string, at: readonly string[] = []): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{(?:(\w+)\})?/g, (_, name: string | undefined) => {
      if (name === undefined)
        throw new SkeinError("CONFIG_INVALID", `${source}: ${at.join(".")}: after "\${" a name and "}" must come.`, {
          hint: "${NAME} is taken from the environment; there is no other form, and no default.",
        });
      const found = env[name];
      if (found === undefined)
        throw new SkeinError("CONFIG_INVALID", `${source} uses \${${name}}, which is not set in the environment.`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => substitute(item, env, source, [...at, String(index)]));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, substitute(item, env, source, [...at, key])]),
    );
  }
  return value;
}
