import pino from "pino";

export type Logger = pino.Logger;
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** Names under which a secret could reach a log; their values are never written. */
const SECRET_PATHS = [
  "password",
  "*.password",
  "credentials",
  "*.credentials",
  "token",
  "*.token",
  "secret",
  "*.secret",
];

/** One logger a process (JSON lines on stderr, so that stdout stays for people); parts take `logger.child({ part })`. */
export function createLogger(options: { name: string; level?: LogLevel }): Logger {
  return pino(
    { name: options.name, level: options.level ?? "info", redact: { paths: SECRET_PATHS, censor: "[secret]" } },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** Says nothing: for tests and for libraries whose caller gave no logger. */
export const silentLogger: Logger = pino({ level: "silent" });
