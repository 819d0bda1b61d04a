/** The topic table of README and docs/topics.md, made from the messages so that it cannot be out of date. */
import type { AnyMessage, Writer } from "./define-message";
import { messages } from "./messages";

const WRITERS: Readonly<Record<Writer, string>> = {
  follower: "that follower",
  leader: "leader core",
  flows: "that flow host",
  issuer: "that issuer",
};

/** Markdown rows `| topic | writer | kind | what |` with their heading, one a message; topics without the prefix `skein/v1/`. */
export function topicTable(): string {
  const rows = Object.values(messages).map(({ pattern, writer, kind, what }: AnyMessage) =>
    [`\`${String(pattern)}\``, WRITERS[writer], kind, what.replaceAll("|", "\\|")].join(" | "),
  );
  return ["topic | writer | kind | what", "--- | --- | --- | ---", ...rows].map((row) => `| ${row} |\n`).join("");
}
