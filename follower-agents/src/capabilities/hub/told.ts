/**
 * What of a board's samples goes onto the bus: all of them in batches, and each channel's latest as its kept state, a few times a second at
 * most. Timers lie here; what is sent is the caller's.
 */
import { HUB_LIMITS, type HubChannelState } from "@skein/contracts";
import type { CancelTimer, Clock } from "@skein/kit";

/** Samples wait so long for company, ms. */
const BATCH_MS = 50;

export type Sample = [channel: number, at: number, value: number];

export interface ToldParts {
  readonly clock: Clock;
  /** A channel's state so often at most, ms. */
  stateMs(): number;
  state(channel: number, state: HubChannelState): void;
  samples(samples: Sample[], missed: number): void;
}

export class Told {
  private batch: Sample[] = [];
  private missed = 0;
  private cancelBatch: CancelTimer | undefined;
  private readonly channels = new Map<
    number,
    { toldAt: number; next: HubChannelState | undefined; cancel: CancelTimer | undefined }
  >();

  constructor(private readonly parts: ToldParts) {}

  take(channel: number, state: HubChannelState, missed: number): void {
    this.missed += missed;
    if (state.value !== undefined) this.batch.push([channel, state.at, state.value]);
    if (this.batch.length >= HUB_LIMITS.samples) this.sendBatch();
    else if (this.batch.length > 0) this.cancelBatch ??= this.parts.clock.setTimer(() => this.sendBatch(), BATCH_MS);
    this.takeState(channel, state);
  }

  close(): void {
    this.cancelBatch?.();
    for (const { cancel } of this.channels.values()) cancel?.();
  }

  private takeState(channel: number, state: HubChannelState): void {
    const { clock } = this.parts;
    const known = this.channels.get(channel) ?? { toldAt: -Infinity, next: undefined, cancel: undefined };
    this.channels.set(channel, known);
    known.next = state;
    if (known.cancel) return;
    const tell = () => {
      known.cancel = undefined;
      known.toldAt = clock.monotonic();
      if (known.next) this.parts.state(channel, known.next);
      known.next = undefined;
    };
    const wait = known.toldAt + this.parts.stateMs() - clock.monotonic();
    if (wait <= 0) tell();
    else known.cancel = clock.setTimer(tell, wait);
  }

  private sendBatch(): void {
    this.cancelBatch?.();
    this.cancelBatch = undefined;
    const { batch, missed } = this;
    this.batch = [];
    this.missed = 0;
    if (batch.length > 0) this.parts.samples(batch, missed);
  }
}
