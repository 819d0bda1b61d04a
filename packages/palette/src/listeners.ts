/** A set of listeners, of which one that throws keeps none of the others from hearing. */
import type { Logger } from "@skein/kit";

export interface Listeners<A extends unknown[]> {
  readonly size: number;
  readonly add: (listener: (...args: A) => void) => () => void;
  readonly call: (...args: A) => void;
}

export function createListeners<A extends unknown[]>(logger: Logger): Listeners<A> {
  const all = new Set<(...args: A) => void>();
  return {
    get size() {
      return all.size;
    },
    add(listener) {
      // A wrapper of its own, so that the same function added twice is heard, and taken away, twice.
      const own = (...args: A) => listener(...args);
      all.add(own);
      return () => void all.delete(own);
    },
    call(...args) {
      for (const listener of Array.from(all)) {
        try {
          listener(...args);
        } catch (error) {
          logger.error({ err: error }, "a listener failed");
        }
      }
    },
  };
}
