import { parseArgs } from "node:util";
import { messageOf, SkeinError } from "@skein/kit";

export const HELP = `Usage: node agent.js --config follower.yaml

The agent of one follower: tells the house's leader that this machine lives and how it does, and what it can do.

  --config FILE   its settings (id, bus, stateDir, capabilities)
  --version       prints the version
  --help          prints this

Ends with 0 when it was told to stop, 75 when a restart was asked for over the bus (its supervisor starts it again),
78 when its settings are wrong, 2 when this command line is.
`;

export type CommandLine =
  { readonly do: "run"; readonly config: string } | { readonly do: "help" } | { readonly do: "version" };

/** @throws SkeinError USAGE */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let values: { config?: string | undefined; help?: boolean | undefined; version?: boolean | undefined };
  try {
    values = parseArgs({
      args: [...argv],
      options: { config: { type: "string" }, help: { type: "boolean", short: "h" }, version: { type: "boolean" } },
    }).values;
  } catch (error) {
    throw new SkeinError("USAGE", messageOf(error), { hint: "See --help." });
  }
  if (values.help) return { do: "help" };
  if (values.version) return { do: "version" };
  if (!values.config)
    throw new SkeinError("USAGE", "the agent needs its settings:", { hint: "--config follower.yaml. See --help." });
  return { do: "run", config: values.config };
}
