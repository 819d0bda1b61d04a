/** For the table of rights: every topic that the contracts know, with every id of the test house, and who may write and hear it. */
import { type AnyMessage, PREFIX, messages } from "@skein/contracts";
import { PEOPLE } from "./testing-house";

export interface Row {
  /** Without the prefix. */
  readonly topic: string;
  readonly writers: readonly string[];
  readonly hearers: readonly string[];
}

const NAMES = Object.keys(PEOPLE);
const FOLLOWERS = NAMES.filter((name) => PEOPLE[name] === "follower");
/** What may stand for each parameter of a topic; somebody who is not in the house is among them. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  id: [...FOLLOWERS, "flow-host", "stranger"],
  host: ["flow-host", "other-host", "kitchen"],
  target: [...NAMES, "virtual-home"],
  issuer: [...NAMES, "stranger"],
  name: ["bell"],
  channel: ["7"],
  hash: ["0af3"],
};

/** Topics of nobody: reserved ids, unknown branches, and what looks like the house's. */
const NOBODYS: readonly string[] = [
  "followers/leader/birth",
  "followers/flows/birth",
  "followers",
  "flows/leader/state/bell",
  "commands/kitchen/leader",
  "commands/kitchen/agent/more/leader",
  "somewhere/else",
];

/** One row a topic. Said once more here, in other words than access.ts, so that a slip there shows. */
export function matrix(): Row[] {
  const rows = Object.values(messages as Record<string, AnyMessage>).flatMap((message) =>
    combinations(paramsOf(message)).map((ids) => row(message, ids)),
  );
  return [...rows, ...NOBODYS.map((topic) => ({ topic, writers: [], hearers: hearersOf("nobody", topic) }))];
}

const paramsOf = (message: AnyMessage): string[] =>
  [...(message.pattern as string).matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

function combinations(params: readonly string[]): Record<string, string>[] {
  return params.reduce<Record<string, string>[]>(
    (before, param) => {
      const values = VALUES[param];
      if (!values) throw new Error(`say in testing-matrix.ts what may stand for {${param}}`);
      return before.flatMap((ids) => values.map((value) => ({ ...ids, [param]: value })));
    },
    [{}],
  );
}

function row(message: AnyMessage, ids: Record<string, string>): Row {
  const topic = (message.topic(ids as never) as string).slice(PREFIX.length);
  return { topic, writers: writersOf(message, ids), hearers: hearersOf(message.writer, topic) };
}

function writersOf(message: AnyMessage, ids: Record<string, string>): string[] {
  switch (message.writer) {
    case "leader":
      return ["leader"];
    case "follower":
      return FOLLOWERS.filter((name) => name === ids["id"]);
    case "flows":
      return ids["host"] === "flow-host" ? ["flow-host"] : [];
    case "issuer":
      // Whoever is named last, and no follower.
      return ["leader", "flow-host"].filter((name) => name === ids["issuer"]);
  }
}

/** Leader and flows hear all; a follower what the leader says, what itself says, and commands to it. */
function hearersOf(writer: AnyMessage["writer"] | "nobody", topic: string): string[] {
  const [branch, whose] = topic.split("/");
  const hears = (name: string): boolean => {
    if (PEOPLE[name] !== "follower" || writer === "leader") return true;
    return (branch === "followers" || branch === "commands") && whose === name;
  };
  return NAMES.filter(hears);
}
