/** Node-RED's log lines as pino's, so that the leader writes one kind of log. */
import { messageOf, type Logger } from "@skein/kit";

interface LogLine {
  /** 10 fatal, 20 error, 30 warn, 40 info, 50 debug, 60 trace. */
  readonly level: number;
  readonly msg?: unknown;
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
}

const LEVELS = { 10: "fatal", 20: "error", 30: "warn", 40: "info", 50: "debug", 60: "trace" } as const;

/** The `logging` part of Node-RED's settings. */
export function nodeRedLogging(logger: Logger): Record<string, unknown> {
  const write = (line: LogLine) => {
    const level = LEVELS[line.level as keyof typeof LEVELS] ?? "info";
    const node = line.type === undefined ? {} : { node: { type: line.type, id: line.id, name: line.name } };
    logger[level](node, textOf(line.msg));
  };
  return { console: { level: "off" }, pino: { level: "info", metrics: false, audit: false, handler: () => write } };
}

/** A node may log anything; an object could hold a message's whole payload, so of those only the message is kept. */
function textOf(value: unknown): string {
  if (value instanceof Error || typeof value !== "object") return messageOf(value).trim();
  return value !== null && "message" in value ? String(value.message) : "(an object)";
}
