import { createBus, createTransport, type Bus } from "@skein/bus";
import { verdict, type VerdictCause, type VerdictState } from "@skein/contracts";
import { createIds, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "./eventually";

export interface Logged {
  readonly id: string;
  readonly state: VerdictState;
  readonly cause: VerdictCause;
  /** When it was heard, ms of this process's monotonic clock. */
  readonly heardAt: number;
}

/** Writes down every verdict that the leader publishes, in order, as any participant of the bus may. */
export class VerdictLog {
  readonly entries: Logged[] = [];
  private constructor(readonly bus: Bus) {}

  static async start(
    address: { url: string; username?: string; password?: string },
    id = "witness",
  ): Promise<VerdictLog> {
    const parts = { clock: systemClock, random: systemRandom };
    const transport = createTransport({ ...address, clientId: `skein-${id}` }, parts);
    const bus = createBus({ id, transport, ...parts, ids: createIds(systemClock, systemRandom) });
    const log = new VerdictLog(bus);
    await bus.subscribe(verdict, {}, ({ ids, data, retained }) => {
      // What was kept from before is no news: a broker that comes back repeats the verdicts of its last life.
      if (retained) return;
      log.entries.push({ id: ids.id, state: data.state, cause: data.cause, heardAt: performance.now() });
    });
    return log;
  }

  of(id: string): Logged[] {
    return this.entries.filter((entry) => entry.id === id);
  }

  /** What was said of a follower after a moment, as words: "dead silence". Repetitions of the same words are one. */
  words(id: string, since = 0): string[] {
    const words = this.of(id)
      .filter(({ heardAt }) => heardAt >= since)
      .map(({ state, cause }) => `${state} ${cause}`);
    return words.filter((word, index) => word !== words[index - 1]);
  }

  /** Waits for a verdict heard after `since`. */
  async wait(
    id: string,
    state: VerdictState,
    options: { cause?: VerdictCause; since?: number; withinMs: number },
  ): Promise<Logged> {
    const { cause, since = 0, withinMs } = options;
    return eventually(() => {
      const found = this.of(id).find(
        (entry) => entry.heardAt >= since && entry.state === state && (cause === undefined || entry.cause === cause),
      );
      if (!found)
        throw new Error(
          `${id} is not ${state} ${cause ?? ""}: ${this.words(id, since).join(", ") || "nothing was said"}`,
        );
      return found;
    }, withinMs);
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}
