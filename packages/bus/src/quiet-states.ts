/**
 * States that the broker refused. They are what we would still say: access rules, memory and brokers change, and nobody says a
 * presence twice. So each is said again after a minute, then after twice as long each time; not at every connection, since
 * some brokers hang up after their no (Mosquitto 2.0.11) and that would be a loop.
 */
import type { CancelTimer, Clock } from "@skein/kit";

const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;

export class QuietStates<T extends { readonly topic: string }> {
  private readonly quiet = new Map<string, { item: T; ms: number; over: boolean; cancel: CancelTimer }>();

  constructor(
    private readonly clock: Clock,
    /** It is time for this topic's. */
    private readonly sayAgain: (topic: string) => void,
  ) {}

  /** The broker said no to it. */
  refused(item: T): void {
    const { topic } = item;
    const before = this.quiet.get(topic);
    before?.cancel();
    const ms = before ? Math.min(before.ms * 2, LONGEST_MS) : FIRST_MS;
    const cancel = this.clock.setTimer(
      () => {
        const now = this.quiet.get(topic);
        if (now) now.over = true;
        this.sayAgain(topic);
      },
      ms,
      { unref: true },
    );
    this.quiet.set(topic, { item, ms, over: false, cancel });
  }

  /** The broker took one of this topic's, or nothing is to be said there any more. */
  forget(topic: string): void {
    this.quiet.get(topic)?.cancel();
    this.quiet.delete(topic);
  }

  /** Whether it is not to be said yet. A newer one of its topic may. */
  has(item: T): boolean {
    const entry = this.quiet.get(item.topic);
    return entry?.item === item && !entry.over;
  }
}
