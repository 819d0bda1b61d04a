import { parseArgs, type ParseArgsConfig } from "node:util";
import { SkeinError } from "./errors";
import { nearest } from "./nearest";

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * A command line by Node's parseArgs, with what is wrong said in our own words: Node's are for programmers, in several lines.
 * A value may begin with one dash (`--port -1`), so that whoever uses it says what it may be.
 * @throws SkeinError OPTION_INVALID
 */
export function readCommandLine<const O extends Options>(
  argv: readonly string[],
  options: O,
  { words = false, hint = "--help lists what there is." }: { words?: boolean; hint?: string } = {},
) {
  const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false, tokens: true });
  const refuse = (message: string, what = hint): never => {
    throw new SkeinError("OPTION_INVALID", message, { hint: what });
  };
  for (const token of read.tokens) {
    if (token.kind === "positional" && !words) refuse(`"${token.value}" is no option.`);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const known = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!known) {
      const near = nearest(name, Object.keys(options));
      refuse(`there is no option ${rawName}.`, near === undefined ? hint : `Did you mean --${near}?`);
    } else if (known.type === "boolean" && value !== undefined) refuse(`${rawName} takes no value.`);
    // `--data-dir --port 1`: the value was forgotten.
    else if (known.type === "string" && (value === undefined || (!token.inlineValue && value.startsWith("--"))))
      refuse(`${rawName} needs a value.`);
  }
  // Checked above, as strictly as these types say.
  return read as unknown as ReturnType<
    typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
  >;
}
