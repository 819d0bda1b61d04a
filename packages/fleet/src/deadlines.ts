import type { CancelTimer, Clock } from "@skein/kit";

/** Something that wants to be looked at again. `armedAt` belongs to the queue. */
export interface Due {
  /** When its valid entry in the queue is due; Infinity: it has none. */
  armedAt: number;
}

/** The queue wakes up this often at least, ms: a wake-up that comes late is how a stall of ours is noticed. */
const PROBE_MS = 500;
/** Lateness under this is the timers' own, ms. */
const NOTICE_MS = 100;
/** Items looked at in one turn of the event loop: when thousands come due together, what comes in must not wait for them. */
const PER_TURN = 250;
/** Timers this close together are one, ms. */
const GRAIN_MS = 10;

/**
 * One timer for all followers: a binary heap of deadlines, which measures in passing how late we ourselves are.
 *
 * Its `time()` is attentive time: the monotonic clock less all the time in which this process did not run. Whoever counts
 * silence in it never counts the observer's own absence. Deadlines that move later, as they do with every message, are
 * not touched: the old entry comes due, its owner looks and asks for the next one.
 */
export class Deadlines<T extends Due> {
  private readonly heap: { at: number; item: T }[] = [];
  private absentMs = 0;
  private wakeAt = Infinity;
  private cancel: CancelTimer = () => {};
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly handlers: { onDue(item: T): void; onLate(lateMs: number): void },
  ) {
    this.sleep();
  }

  time(): number {
    return this.clock.monotonic() - this.absentMs;
  }

  /** Call at anything that comes in: it may come before the timer that would have noticed a stall. */
  attend(): void {
    if (this.clock.monotonic() - this.wakeAt >= NOTICE_MS) this.wake();
  }

  /** Asks for `item` at `at` (in `time()`) at the latest; sooner is possible. */
  arm(item: T, at: number): void {
    if (item.armedAt <= at) return;
    item.armedAt = at;
    this.push({ at, item });
    if (at + this.absentMs < this.wakeAt - GRAIN_MS) {
      this.cancel();
      this.sleep();
    }
  }

  disarm(item: T): void {
    item.armedAt = Infinity;
  }

  close(): void {
    this.closed = true;
    this.cancel();
    this.heap.length = 0;
  }

  private wake(): void {
    if (this.closed) return;
    this.cancel();
    const lateMs = this.clock.monotonic() - this.wakeAt;
    if (lateMs >= NOTICE_MS) {
      this.absentMs += lateMs;
      this.handlers.onLate(lateMs);
    }
    const now = this.time();
    let left = PER_TURN;
    for (let top = this.heap[0]; top !== undefined && top.at <= now; top = this.heap[0]) {
      if (left-- === 0) return this.sleep(0);
      this.pop();
      if (top.at !== top.item.armedAt) continue;
      top.item.armedAt = Infinity;
      this.handlers.onDue(top.item);
    }
    this.sleep();
  }

  private sleep(leastMs = GRAIN_MS): void {
    if (this.closed) return;
    const now = this.clock.monotonic();
    const next = (this.heap[0]?.at ?? Infinity) + this.absentMs;
    const ms = Math.min(PROBE_MS, Math.max(leastMs, Math.ceil(next - now)));
    this.wakeAt = now + ms;
    this.cancel = this.clock.setTimer(() => this.wake(), ms, { unref: true });
  }

  private push(entry: { at: number; item: T }): void {
    const { heap } = this;
    let index = heap.push(entry) - 1;
    for (;;) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (index === 0 || above === undefined || above.at <= entry.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let below = heap[child];
      const right = heap[child + 1];
      if (below !== undefined && right !== undefined && right.at < below.at) {
        child += 1;
        below = right;
      }
      if (below === undefined || below.at >= last.at) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}
