/** Those who listen to one kind of news. A listener's fault is its own: the others are told all the same. */
import type { Logger } from "@skein/kit";

export class Audience<T> {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private readonly logger: Logger) {}

  /** @returns how to leave */
  join(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(value: T): void {
    for (const listener of this.listeners) {
      try {
        listener(value);
      } catch (error) {
        this.logger.error({ err: error }, "a listener to the bus failed");
      }
    }
  }
}
