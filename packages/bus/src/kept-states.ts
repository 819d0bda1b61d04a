/** On how many topics a sender may keep a state, and how many bytes of them: an envelope and its JSON count, not what V8 adds. */
const MAX_STATES = 50_000;
const MAX_STATE_BYTES = 64 * 1024 * 1024;

/** The latest state of each topic, in the order in which the topics came: said again at every connection. */
export class KeptStates<T extends { readonly topic: string; readonly bytes: number }> {
  private readonly items = new Map<string, T>();
  private bytes = 0;

  get size(): number {
    return this.items.size;
  }

  [Symbol.iterator](): IterableIterator<[topic: string, item: T]> {
    return this.items.entries();
  }

  on(topic: string): T | undefined {
    return this.items.get(topic);
  }

  /** Keeps it in its topic's place when it only changes: the presence, kept first, stays first. Gives what had to go for it. */
  keep(item: T): T[] {
    this.bytes += item.bytes - (this.items.get(item.topic)?.bytes ?? 0);
    this.items.set(item.topic, item);
    const gone: T[] = [];
    for (const [topic, oldest] of this.items) {
      if (this.items.size <= MAX_STATES && this.bytes <= MAX_STATE_BYTES) break;
      this.forget(topic);
      gone.push(oldest);
    }
    return gone;
  }

  forget(topic: string): void {
    const item = this.items.get(topic);
    if (!item) return;
    this.items.delete(topic);
    this.bytes -= item.bytes;
  }
}
