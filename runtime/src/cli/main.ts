/** `npm run skein -- ...`: what is done to a house from the outside. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { closest } from "fastest-levenshtein";
import { SkeinError, hasCode, messageOf, readCommandLine, systemClock, systemRandom } from "@skein/kit";
import { runBackup } from "./backup";
import { addBusUser, addFollower } from "./bus-users";
import { runDoctor } from "./doctor";
import type { CliParts } from "./house-options";
import { runImport } from "./import";
import { printLoginLink } from "./login-link";
import { runRestore } from "./restore";

/** skein.mjs has it too, and gives it before anything is built. */
const HELP_FILE = join(__dirname, "../../bootstrap/help/skein.txt");

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const house = { config: text, "data-dir": text, help: flag } as const;

/** Words to what they do; each returns an exit code. */
const COMMANDS: Record<string, (argv: string[], parts: CliParts) => number | Promise<number>> = {
  "follower add": (argv, parts) => {
    const { id, values } = read(
      argv,
      { ...house, name: text, out: text, "new-password": flag },
      "skein follower add ID",
    );
    addFollower(id, { ...values, ...(values.out !== undefined && { out: resolve(values.out) }) }, parts);
    return 0;
  },
  "bus-user add": (argv, parts) => {
    const { id, values } = read(
      argv,
      { ...house, role: text, "new-password": flag },
      "skein bus-user add ID --role ROLE",
    );
    addBusUser(id, values, parts);
    return 0;
  },
  "login-link": async (argv, parts) => {
    const usage = "skein login-link [ACCOUNT]";
    const { positionals, values } = readCommandLine(argv, house, { words: true, hint: `Usage: ${usage}` });
    await printLoginLink(positionals[0], values, parts);
    return 0;
  },
  doctor: (argv, parts) =>
    runDoctor(readCommandLine(argv, { ...house, json: flag }, { hint: "Usage: skein doctor [--json]" }).values, parts),
  backup: async (argv, parts) => {
    const hint = "Usage: skein backup [--to FOLDER|FILE]";
    await runBackup(readCommandLine(argv, { ...house, to: text }, { hint }).values, parts);
    return 0;
  },
  restore: async (argv, parts) => {
    const usage = "skein restore FILE";
    const { id: file, values } = read(argv, { ...house, replace: flag }, usage);
    await runRestore({ file, ...values }, parts);
    return 0;
  },
  import: (argv, parts) =>
    runImport(argv, { env: parts.env, say: parts.say, clock: systemClock, random: systemRandom }),
};

/** One word, the id, and the flags. @throws SkeinError OPTION_INVALID */
function read<const O extends Parameters<typeof readCommandLine>[1]>(argv: string[], options: O, usage: string) {
  const { positionals, values } = readCommandLine(argv, options, { words: true, hint: `Usage: ${usage}` });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0)
    throw new SkeinError("OPTION_INVALID", `one ${usage.endsWith("FILE") ? "file" : "id"} is needed.`, {
      hint: `Usage: ${usage}`,
    });
  return { id, values };
}

/** The command and what is left of the words. @throws SkeinError COMMAND_UNKNOWN */
function find(argv: string[]): { run: (typeof COMMANDS)[string]; rest: string[] } {
  for (const words of [2, 1]) {
    const run = COMMANDS[argv.slice(0, words).join(" ")];
    if (run) return { run, rest: argv.slice(words) };
  }
  const said = argv
    .filter((arg) => !arg.startsWith("-"))
    .slice(0, 2)
    .join(" ");
  const known = Object.keys(COMMANDS);
  // "follower" alone is half of "follower add".
  const near = known.find((command) => command.startsWith(`${argv[0] ?? ""} `)) ?? closest(said, known);
  throw new SkeinError("COMMAND_UNKNOWN", `there is no command "${said}"; did you mean "${near}"?`, {
    hint: "skein --help lists them.",
  });
}

export function skein(argv: string[], parts: CliParts): number | Promise<number> {
  const failed = (error: unknown): number => {
    parts.say(`skein: ${messageOf(error)}${hasCode(error) ? ` [${error.code}]` : ""}`);
    return error instanceof SkeinError && (error.code === "COMMAND_UNKNOWN" || error.code === "OPTION_INVALID") ? 2 : 1;
  };
  if (argv.length === 0 || argv[0] === "--help" || argv[0] === "-h" || argv[0] === "help") {
    parts.print(readFileSync(HELP_FILE, "utf8"));
    return 0;
  }
  try {
    const { run, rest } = find(argv);
    if (rest.includes("--help") && run !== COMMANDS["import"]) {
      parts.print(readFileSync(HELP_FILE, "utf8"));
      return 0;
    }
    const code = run(rest, parts);
    return typeof code === "number" ? code : code.catch(failed);
  } catch (error) {
    return failed(error);
  }
}

if (require.main === module) {
  process.umask(0o077);
  const done = skein(process.argv.slice(2), {
    env: process.env,
    random: systemRandom,
    print: (out) => void process.stdout.write(out),
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  void Promise.resolve(done).then((code) => (process.exitCode = code));
}
