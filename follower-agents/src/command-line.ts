import { readCommandLine, SkeinError } from "@skein/kit";
import type { LeaderTrust } from "./ask-leader";

export const HELP = `Usage: node agent.js --config follower.yaml
       node agent.js join CODE --leader URL [--ca FILE | --fingerprint HEX] [--dir DIR] [--replace] [--no-run]

The agent of one follower: tells the house's leader that this machine lives and how it does, and what it can do.

  --config FILE   its settings (id, bus, stateDir, capabilities)
  --version       prints the version
  --help          prints this

join makes this machine a follower of a house: the leader's page shows the code (Add follower) and the whole line to type. It writes
DIR/follower.yaml, readable by this user alone, and runs the agent with it.

  --leader URL    where the leader's page is: http://192.168.1.5:1880
  --ca FILE       over https: PEM of the authority that signed the leader's certificate
  --fingerprint HEX
                  over https: SHA-256 of the leader's certificate, as its page shows it
  --dir DIR       where follower.yaml and the agent's state go; the current folder when left out
  --replace       writes over a follower.yaml that is there: this machine was removed and joins again
  --no-run        only joins

Ends with 0 when it was told to stop, 75 when a restart was asked for over the bus (its supervisor starts it again),
78 when its settings are wrong, 2 when this command line is.
`;

export interface JoinLine {
  readonly do: "join";
  readonly code: string;
  readonly leader: string;
  readonly trust: LeaderTrust;
  readonly dir: string;
  readonly replace: boolean;
  readonly run: boolean;
}

export type CommandLine =
  { readonly do: "run"; readonly config: string } | JoinLine | { readonly do: "help" } | { readonly do: "version" };

/** @throws SkeinError OPTION_INVALID */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  if (argv[0] === "join") return parseJoin(argv.slice(1));
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

function parseJoin(argv: readonly string[]): CommandLine {
  const { values, positionals } = readCommandLine(
    argv,
    {
      leader: { type: "string" },
      ca: { type: "string" },
      fingerprint: { type: "string" },
      dir: { type: "string" },
      replace: { type: "boolean" },
      "no-run": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
    { words: true },
  );
  if (values.help) return { do: "help" };
  // The code's two halves may have been typed with a space between them.
  const code = positionals.join("");
  if (code === "" || !values.leader)
    throw new SkeinError(
      "OPTION_INVALID",
      `to join, the agent needs ${code === "" ? "a code" : "the leader's address"}:`,
      {
        hint: "node agent.js join CODE --leader URL; the leader's page shows the whole line under Add follower.",
      },
    );
  return {
    do: "join",
    code,
    leader: values.leader,
    trust: {
      ...(values.ca !== undefined && { ca: values.ca }),
      ...(values.fingerprint !== undefined && { fingerprint: values.fingerprint }),
    },
    dir: values.dir ?? ".",
    replace: values.replace ?? false,
    run: !values["no-run"],
  };
}
