import type { CancelTimer, Clock } from "@skein/kit";

/** Told at once in one turn of the event loop; what is more waits for the next. */
const PER_TURN = 100;

/**
 * Tells of changes at once as long as there are few, and spreads thousands of them (a switch has died, the broker is gone)
 * over turns of the event loop, so that their telling does not make us deaf. Of one that changes again while it
 * waits only the last is told, with what was before the first.
 */
export class Spread<T, B> {
  private readonly waiting = new Map<T, B>();
  private left = PER_TURN;
  private cancel: CancelTimer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly tell: (item: T, before: B) => void,
  ) {}

  add(item: T, before: B): void {
    if (this.left > 0 && this.waiting.size === 0) {
      this.left -= 1;
      this.rest();
      this.tell(item, before);
    } else if (!this.waiting.has(item)) this.waiting.set(item, before);
  }

  drop(item: T): void {
    this.waiting.delete(item);
  }

  close(): void {
    this.cancel?.();
    this.waiting.clear();
  }

  private rest(): void {
    this.cancel ??= this.clock.setTimer(() => this.turn(), 0, { unref: true });
  }

  private turn(): void {
    this.cancel = undefined;
    this.left = PER_TURN;
    if (this.waiting.size === 0) return;
    this.rest();
    for (const [item, before] of this.waiting) {
      if (this.left === 0) return;
      this.left -= 1;
      this.waiting.delete(item);
      this.tell(item, before);
    }
  }
}
