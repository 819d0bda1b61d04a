import type { Bus } from "@skein/bus";
import { agentCommand } from "@skein/contracts";
import { type Logger, hasCode } from "@skein/kit";

/** Pings a second at most, over all followers: when thousands fall silent together, asking must not be what breaks us. */
const PINGS_PER_S = 500;
/** Codes that only say that nobody answered. */
const NO_ANSWER = ["REQUEST_TIMEOUT", "BUS_DOWN", "BUS_CLOSED"];

/** Asks followers whether they live. Any answer counts, a refusal, too. */
export class Pinger {
  private budget = PINGS_PER_S;
  private filledAt: number;

  constructor(
    private readonly bus: Pick<Bus, "request">,
    private readonly logger: Logger,
    private readonly time: () => number,
    private readonly onPong: (id: string) => void,
  ) {
    this.filledAt = time();
  }

  ping(id: string, timeoutMs: number): void {
    const now = this.time();
    this.budget = Math.min(PINGS_PER_S, this.budget + ((now - this.filledAt) / 1000) * PINGS_PER_S);
    this.filledAt = now;
    if (this.budget < 1) return;
    this.budget -= 1;
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
