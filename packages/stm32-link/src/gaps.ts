/** How many samples or events of a counter that goes round at 65536 were never heard. */
export class Gaps {
  /** Of all counters, since the session began. */
  missed = 0;
  private readonly last = new Map<number | "events", number>();

  /** @returns how many are missing just before this one */
  take(counter: number, of: number | "events"): number {
    const before = this.last.get(of);
    this.last.set(of, counter);
    // The first one of a session is behind whatever came before it.
    const missing = before === undefined ? 0 : (counter - before - 1) & 0xffff;
    this.missed += missing;
    return missing;
  }
}
