/** How long to wait before the next attempt to connect: the same rule for every transport. */
import { backoffMs, type BackoffOptions, type Clock, type Random } from "@skein/kit";

/** A link that fell sooner than this after it stood, ms, was none: connecting again at once would only go round in circles. */
const STEADY_MS = 10_000;

export interface ReconnectPace {
  /** The link stands. */
  stood(): void;
  /** It fell, or did not come about: wait so long, ms. */
  fell(): number;
}

export function reconnectPace(
  { clock, random }: { clock: Clock; random: Random },
  backoff: BackoffOptions,
): ReconnectPace {
  let failed = 0;
  let shortLived = 0;
  let since: number | undefined;
  return {
    stood() {
      failed = 0;
      since = clock.monotonic();
    },
    fell() {
      if (since === undefined) return backoffMs(Math.max(failed++, shortLived), backoff, random);
      if (clock.monotonic() - since >= STEADY_MS) shortLived = 0;
      since = undefined;
      failed = 1;
      return backoffMs(shortLived++, backoff, random);
    },
  };
}
