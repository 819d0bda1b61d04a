/**
 * A child's end of what a launcher (runtime/src/launcher, which starts and supervises) hears from its children over Node's IPC
 * channel: `ready`, then `alive` every second, or `failed` and why. Apart from the index: nothing else of a part knows its process.
 */
import { hasCode, messageOf } from "./errors";

export type ChildReport =
  | { readonly type: "ready" }
  | { readonly type: "alive" }
  /** It cannot start or go on, and why, for people; it then ends. */
  | { readonly type: "failed"; readonly code: string; readonly message: string };

/** How often a child says that its event loop turns, ms. */
const ALIVE_MS = 1000;
/** A child that was asked to end is gone by then; the launcher waits longer. */
export const END_WITHIN_MS = 2500;

/** Nothing, when nobody listens. */
export function tellLauncher<Message extends { readonly type: string } = ChildReport>(message: Message): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Says `ready`, and from then on that it is alive. */
export function tellReady(): void {
  if (!process.send) return;
  tellLauncher({ type: "ready" });
  setInterval(() => tellLauncher({ type: "alive" }), ALIVE_MS);
}

/**
 * The one end of this process: on SIGTERM, on SIGINT, when the channel closes (a launcher that was killed leaves no orphan), and
 * when the returned function is called. `stop` is given `END_WITHIN_MS`; what it does not manage makes a code of 0 a 1.
 */
export function endCleanly(stop: () => Promise<void>): (code: number) => void {
  let ending = false;
  const end = (code: number): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(code || 1), END_WITHIN_MS).unref();
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        process.stderr.write(`could not end cleanly: ${messageOf(error)}\n`);
        process.exit(code || 1);
      },
    );
  };
  process.on("SIGTERM", () => end(0));
  process.on("SIGINT", () => end(0));
  if (process.send) process.on("disconnect", () => end(0));
  return end;
}

/**
 * A process that is told everything in one message of type `init`: starts with it, and stops what it started when it ends, also
 * when it is told to end in the midst of its start. `onMessage` takes whatever the launcher says besides.
 */
export function runAsChild<Init extends { readonly type: "init" }>(
  start: (init: Init) => Promise<{ stop(): Promise<void> }>,
  onMessage?: (message: { readonly type?: unknown }) => void,
): void {
  // What the house writes is its owner's alone.
  process.umask(0o077);
  if (!process.send) {
    process.stderr.write(
      "This program is a part of the house and is started by its launcher: npm start, npm run demo\n",
    );
    process.exit(2);
  }
  let starting: ReturnType<typeof start> | undefined;
  const begin = async (init: Init): Promise<void> => {
    try {
      await (starting = start(init));
      tellReady();
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      const code = hasCode(error) ? { code: error.code } : { code: "START_FAILED" };
      tellLauncher({ type: "failed", ...code, message: messageOf(error) });
      setTimeout(() => process.exit(1), 50);
    }
  };
  endCleanly(async () => {
    const started = await starting?.catch(() => undefined);
    await started?.stop();
  });
  process.on("message", (message: { readonly type?: unknown }) => {
    if (message.type !== "init") onMessage?.(message);
    else if (!starting) void begin(message as Init);
  });
}
