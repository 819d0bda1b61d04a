import { readCommandLine, SkeinError } from "@skein/kit";

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

/** @throws SkeinError OPTION_INVALID */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { values } = readCommandLine(argv, {
    config: { type: "string" },
    help: { type: "boolean", short: "h" },
    version: { type: "boolean" },
  });
  if (values.help) return { do: "help" };
  if (values.version) return { do: "version" };
  if (!values.config)
    throw new SkeinError("OPTION_INVALID", "the agent needs its settings:", {
      hint: "--config follower.yaml. See --help.",
    });
  return { do: "run", config: values.config };
}
