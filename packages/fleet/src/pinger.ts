import type { Bus } from "@skein/bus";
import { agentCommand } from "@skein/contracts";
import { type CancelTimer, type Clock, type Logger, hasCode } from "@skein/kit";

/**
 * Pings a second at most, over all followers: when thousands fall silent together, asking must not be what breaks us. Formula:
 * 10,000 followers with 5 s beats fall silent together, and between the first question and death are 9 s.
 */
export const PINGS_PER_S = 1500;
/** How often those who had to wait are looked at, ms. */
const DRAIN_MS = 100;
/** So many at once: far fewer than wait in the bus, where the oldest is dropped and everybody else's commands wait, too. */
const BURST = (PINGS_PER_S * DRAIN_MS) / 1000;
/** Codes that only say that nobody answered. */
const NO_ANSWER = ["REQUEST_TIMEOUT", "BUS_DOWN", "BUS_CLOSED"];

/** Asks followers whether they live. Any answer counts, a refusal, too. Who is over the rate waits, once, and nobody is left out. */
export class Pinger {
  private budget = BURST;
  private filledAt: number;
  private readonly waiting = new Map<string, number>();
  private cancel: CancelTimer | undefined;

  constructor(
    private readonly bus: Pick<Bus, "request">,
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly onPong: (id: string) => void,
  ) {
    this.filledAt = clock.monotonic();
  }

  ping(id: string, timeoutMs: number): void {
    this.waiting.set(id, timeoutMs);
    this.drain();
  }

  stop(): void {
    this.cancel?.();
    this.waiting.clear();
  }

  private drain(): void {
    const now = this.clock.monotonic();
    this.budget = Math.min(BURST, this.budget + ((now - this.filledAt) / 1000) * PINGS_PER_S);
    this.filledAt = now;
    for (const [id, timeoutMs] of this.waiting) {
      if (this.budget < 1) break;
      this.budget -= 1;
      this.waiting.delete(id);
      this.send(id, timeoutMs);
    }
    if (this.waiting.size === 0 || this.cancel) return;
    this.cancel = this.clock.setTimer(() => {
      this.cancel = undefined;
      this.drain();
    }, DRAIN_MS);
  }

  private send(id: string, timeoutMs: number): void {
    this.bus
      .request(agentCommand, { target: id }, { action: "ping" }, { timeoutMs: Math.max(1, Math.round(timeoutMs)) })
      .then(
        () => this.onPong(id),
        (error: unknown) => {
          if (!NO_ANSWER.some((code) => hasCode(error, code)))
            this.logger.warn({ err: error, follower: id }, "a ping could not be sent");
        },
      );
  }
}
