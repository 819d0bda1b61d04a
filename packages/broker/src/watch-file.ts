/** Says when a file may have changed, also where the machine has no notice of that left to give (inotify's limits are per user). */
import fs from "node:fs";
import { basename, dirname } from "node:path";
import { type Clock, type Logger, every, messageOf } from "@skein/kit";

/** How often it is looked at without a watch, ms: a look costs the broker a `stat` and a walk over its clients. */
export const POLL_MS = 2000;

/** Calls `check` at every change, or every 2 s where the folder cannot be watched; that is said once. The answer ends it. */
export function watchFile(
  file: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  check: () => void,
): () => void {
  let stop = (): void => {};
  const poll = (error: unknown): void => {
    stop();
    logger.warn({ file, reason: messageOf(error) }, "cannot watch the file and looks at it every 2 s instead");
    stop = every(clock, POLL_MS, check);
  };
  try {
    const watcher = fs.watch(dirname(file), (_event, name) => {
      if (name === null || name === basename(file)) check();
    });
    stop = () => watcher.close();
    watcher.on("error", poll);
  } catch (error) {
    poll(error);
  }
  return () => stop();
}
