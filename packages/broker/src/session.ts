/** One client's session as the broker keeps it in memory; what must survive is on disk beside it (persistence.ts). */
export interface Subscription {
  readonly topic: string;
  readonly qos: number;
}

export class Session {
  readonly subscriptions = new Map<string, Subscription>();
  /** Unacknowledged messages in order: their place, and the number under which they were last sent in this life of the broker. */
  readonly queue = new Map<string, number | undefined>();
  /** Bytes of each of them, and of all. */
  private readonly sizes = new Map<string, number>();
  private bytes = 0;
  /** When it was last connected, ms since 1970. */
  seenAt = 0;
  /** Numbers of half-way QoS 2 messages from this client. */
  readonly incoming = new Set<number>();
  private readonly places = new Map<number, string>();
  private gate:
    { readonly open: Promise<void>; readonly release: () => void; readonly replayed: Set<string> } | undefined;

  /** Puts a message at the end; answers with those that had to go because the queue is full. The newest one always stays. */
  enqueue(place: string, size: number, most: { readonly messages: number; readonly bytes: number }): string[] {
    this.queue.set(place, undefined);
    this.sizes.set(place, size);
    this.bytes += size;
    const dropped: string[] = [];
    for (const [oldest, number] of this.queue) {
      const fits = this.queue.size <= most.messages && this.bytes <= most.bytes;
      if (fits || this.queue.size === 1) break;
      dropped.push(oldest);
      this.drop(oldest, number);
    }
    return dropped;
  }

  /**
   * From a connection's beginning until its queue has been sent, what is live waits: else a new message would overtake older
   * ones (Aedes delivers both at the same time).
   */
  hold(): void {
    this.release();
    let release = (): void => {};
    const open = new Promise<void>((resolve) => (release = resolve));
    this.gate = { open, release, replayed: new Set() };
  }

  release(): void {
    this.gate?.release();
    this.gate = undefined;
  }

  /**
   * Resolves when it is this live message's turn; never when the replay sends it: a message may be queued just before the replay
   * begins and come live just after, and would then overtake what stands before it in the queue.
   */
  async turn(place: string): Promise<void> {
    const { gate } = this;
    if (!gate) return;
    await gate.open;
    if (gate.replayed.has(place)) await new Promise(() => {});
  }

  /** The whole queue as it is now, for sending again: what comes after is live, and after it. */
  replay(): Iterable<readonly [place: string, number: number | undefined]> {
    const entries = Array.from(this.queue);
    for (const [place] of entries) this.gate?.replayed.add(place);
    const { queue } = this;
    return (function* () {
      for (const entry of entries) if (queue.has(entry[0])) yield entry;
    })();
  }

  number(place: string, messageId: number): void {
    if (!this.queue.has(place)) return;
    this.queue.set(place, messageId);
    this.places.set(messageId, place);
  }

  /** Forgets the message of this number; answers with its place. */
  acknowledge(messageId: number): string | undefined {
    const place = this.places.get(messageId);
    if (place !== undefined) this.drop(place, messageId);
    return place;
  }

  /** It was not stored after all. */
  remove(place: string): void {
    if (this.queue.has(place)) this.drop(place, this.queue.get(place));
  }

  private drop(place: string, messageId: number | undefined): void {
    this.queue.delete(place);
    this.bytes -= this.sizes.get(place) ?? 0;
    this.sizes.delete(place);
    if (messageId !== undefined && this.places.get(messageId) === place) this.places.delete(messageId);
  }
}
