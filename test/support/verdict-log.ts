import { createBus, createTransport, type Bus } from "@skein/bus";
import { verdict, type VerdictCause, type VerdictState } from "@skein/contracts";
import { createIds, systemClock, systemRandom } from "@skein/kit";
import { eventually, until } from "./eventually";

export interface Logged {
  readonly id: string;
  readonly state: VerdictState;
  readonly cause: VerdictCause;
  /** When it was heard, when the leader said it, and since when it holds: ms of this process's monotonic clock. */
  readonly heardAt: number;
  readonly saidAt: number;
  readonly since: number;
  /** Heard as kept state, when it may have been said long before. */
  readonly retained: boolean;
}

/** A time of the wall clock (the leader runs on this machine) as ms of this process's monotonic clock. */
const monotonic = (wallMs: number) => wallMs - performance.timeOrigin;

/** Writes down every verdict that the leader publishes, in order, as any participant of the bus may. */
export class VerdictLog {
  readonly entries: Logged[] = [];
  private constructor(readonly bus: Bus) {}

  static async start(
    address: { url: string; username?: string; password?: string },
    id = "witness",
  ): Promise<VerdictLog> {
    const parts = { clock: systemClock, random: systemRandom };
    // Back before anybody else when a broker was away: what is said and taken back meanwhile is kept nowhere.
    const transport = createTransport({ ...address, clientId: `skein-${id}`, maxBackoffMs: 100 }, parts);
    const bus = createBus({ id, transport, ...parts, ids: createIds(systemClock, systemRandom) });
    const log = new VerdictLog(bus);
    await bus.subscribe(verdict, {}, ({ ids, data, envelope, retained }) => {
      const { state, cause } = data;
      const times = { heardAt: performance.now(), saidAt: monotonic(envelope.at), since: monotonic(data.since) };
      log.entries.push({ id: ids.id, state, cause, ...times, retained });
    });
    return log;
  }

  /** Resolves when it hears the broker. */
  listens(): Promise<void> {
    return until(() => this.bus.link.up);
  }

  /**
   * What was said of a follower after a moment. Kept state counts when it was published after it: a broker that comes back
   * repeats the verdicts of its last life, which are no news, and those that came to it before we did, which are.
   */
  of(id: string, since = 0): Logged[] {
    return this.entries.filter(
      (entry) => entry.id === id && entry.heardAt >= since && !(entry.retained && entry.saidAt < since),
    );
  }

  /** The same as words: "dead silence". Repetitions of the same words are one. */
  words(id: string, since = 0): string[] {
    const words = this.of(id, since).map(({ state, cause }) => `${state} ${cause}`);
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
      const found = this.of(id, since).find(
        (entry) => entry.state === state && (cause === undefined || entry.cause === cause),
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
