/**
 * What comes in over one connection to Redis, in its order and once: live messages wait until those that were missed have come
 * from the log; an event that the log brought and a state that is older than the one before are not delivered again.
 */
import type { Incoming } from "./transport";

export interface IntakeParts {
  /** Whether somebody listens to it. */
  wants(topic: string): boolean;
  onMessage(message: Incoming): void;
  /** The connection is over: nothing more is delivered or written down. */
  over(): boolean;
  /** Writes down that all up to this id in the log has been handled. */
  save(id: string): Promise<void>;
}

export class RedisIntake {
  /** How far we have got in the log: what has been read, and what the listeners have returned from. */
  private position = "0-0";
  private handled = "0-0";
  private saving = false;
  /** Number of the last state delivered, by topic. */
  private readonly stateNumbers = new Map<string, number>();
  /** Live messages that wait. */
  private waiting: (() => void)[] | undefined = [];
  private lastHeader = "";

  constructor(private readonly parts: IntakeParts) {}

  /** Where the session was left. */
  begin(position: string): void {
    this.position = this.handled = position;
  }

  get readTo(): string {
    return this.position;
  }

  /** What was missed has come: what waits goes on, and what comes from here on goes at once. */
  goLive(): void {
    for (const deliver of this.waiting ?? []) deliver();
    this.waiting = undefined;
  }

  /** Live, with its line before the payload (redis-scripts.ts). Overlapping patterns bring a message once each, one right after the other. */
  live(topic: string, message: Buffer): void {
    const end = message.indexOf(10);
    const header = message.toString("latin1", 0, end);
    if (end < 0 || header === this.lastHeader) return;
    this.lastHeader = header;
    const payload = message.subarray(end + 1);
    const deliver = (): void => {
      if (header.startsWith("s ")) this.state(topic, message.subarray(2), false);
      else if (header.startsWith("t ")) this.deliver({ topic, payload, retained: false });
      else if (isLater(header.slice(2), this.position)) this.event(topic, payload, header.slice(2));
    };
    if (this.waiting) this.waiting.push(deliver);
    else deliver();
  }

  /** `numbered` is its number, a line end and its payload. */
  state(topic: string, numbered: Buffer, retained: boolean): void {
    const end = numbered.indexOf(10);
    const number = Number(numbered.toString("latin1", 0, end));
    if (number < (this.stateNumbers.get(topic) ?? 0)) return;
    this.stateNumbers.set(topic, number);
    this.deliver({ topic, payload: numbered.subarray(end + 1), retained });
  }

  /** The position moves on only when the listeners have returned: who dies in one gets the message again. */
  event(topic: string, payload: Buffer, id: string): void {
    this.skip(id);
    if (!this.deliver({ topic, payload, retained: false })) return;
    this.handled = id;
    // A position that was not saved means hearing a message twice, never losing it; the next one saves both.
    if (!this.saving) void this.save().catch(() => undefined);
  }

  /** One in the log that is not for us. */
  skip(id: string): void {
    this.position = id;
  }

  /** One write at a time; what was handled meanwhile goes with the next. */
  async save(): Promise<void> {
    this.saving = true;
    try {
      for (let saved = ""; saved !== this.handled && !this.parts.over();) {
        saved = this.handled;
        await this.parts.save(saved);
      }
    } finally {
      this.saving = false;
    }
  }

  private deliver(message: Incoming): boolean {
    if (this.parts.over() || !this.parts.wants(message.topic)) return false;
    this.parts.onMessage(message);
    return !this.parts.over();
  }
}

/** Ids of the log are `MS-COUNT`. */
export function isLater(id: string, than: string): boolean {
  const [a = 0, b = 0] = id.split("-").map(Number);
  const [c = 0, d = 0] = than.split("-").map(Number);
  return a > c || (a === c && b > d);
}
