/** What the parts of history on the owner's side share: the way to the worker, and listeners whose faults are not history's. */
import { type Clock, type Logger, SkeinError } from "@skein/kit";
import type { Answer, Asked, QuestionName } from "./protocol";
import type { Thread } from "./thread";
import type { Writer } from "./writer";

export interface Owner {
  readonly clock: Clock;
  readonly writer: Writer;
  readonly isClosed: () => boolean;
  /** @throws SkeinError with a code of failure.ts: why there is no answer now */
  readonly ask: <K extends QuestionName>(name: K, value: Asked<K>) => Promise<Answer<K>>;
  /** Asks once all that was told before is in the file. */
  readonly askAfterAll: <K extends QuestionName>(name: K, value: Asked<K>) => Promise<Answer<K>>;
}

export function createOwner(thread: Thread, writer: Writer, clock: Clock, isClosed: () => boolean): Owner {
  const ask: Owner["ask"] = async (name, value) => {
    if (isClosed()) throw new SkeinError("HISTORY_UNAVAILABLE", "History is closed.");
    try {
      return await thread.ask(name, value);
    } catch (error) {
      writer.report(error as SkeinError);
      throw writer.failure ?? error;
    }
  };
  return {
    clock,
    writer,
    isClosed,
    ask,
    async askAfterAll(name, value) {
      if (!writer.failure) await writer.drain();
      return ask(name, value);
    },
  };
}

export class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  constructor(private readonly logger: Logger) {}

  /** @returns stops it */
  add = (listener: (value: T) => void): (() => void) => {
    this.all.add(listener);
    return () => void this.all.delete(listener);
  };

  /** A listener that throws is logged, and the next one is told. */
  tell(value: T): void {
    for (const listener of this.all)
      try {
        listener(value);
      } catch (error) {
        this.logger.error({ err: error }, "a listener of history failed");
      }
  }
}
