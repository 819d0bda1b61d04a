/**
 * A broker may answer a message by hanging up: a topic, a size or bytes that it does not like. What was under way when the
 * link fell is suspected and sent again alone; when the link falls soon after it, three times, it was that one. Or it says no,
 * and may hang up as well (Mosquitto 2.0.11): what is said at every connection must not make that a loop.
 */
import { type Clock, SkeinError } from "@skein/kit";

/** The link fell so soon after the last message was sent, ms; so many times; its topic is then refused for so long, ms. */
const SOON_MS = 5000;
const MAX_FALLS = 3;
const BAN_MS = 60_000;
const MAX_BANS = 1000;
/** The longest that a refused state is not said again, ms. */
const MAX_QUIET_MS = 3_600_000;

export class Suspects<T extends { readonly topic: string }> {
  /** How often the link fell with it alone under way. */
  private readonly falls = new WeakMap<T, number>();
  /** Until when a topic is refused, ms of the monotonic clock. */
  private readonly bans = new Map<string, number>();
  /** States that were refused: for how long each is not said again, twice as long each time, and until when. */
  private readonly quiet = new WeakMap<T, { readonly ms: number; readonly until: number }>();
  private lastSent = -Infinity;

  constructor(private readonly clock: Clock) {}

  sent(): void {
    this.lastSent = this.clock.monotonic();
  }

  /** The broker has answered it. */
  clear(item: T): void {
    this.falls.delete(item);
  }

  /** It is not to be said again for so many ms. */
  quieten(item: T): number {
    const ms = Math.min((this.quiet.get(item)?.ms ?? BAN_MS / 2) * 2, MAX_QUIET_MS);
    this.quiet.set(item, { ms, until: this.clock.monotonic() + ms });
    return ms;
  }

  isQuiet(item: T): boolean {
    return (this.quiet.get(item)?.until ?? -Infinity) > this.clock.monotonic();
  }

  /** How often the link fell with it alone under way; undefined when it is not suspected. */
  fallsOf(item: T): number | undefined {
    return this.falls.get(item);
  }

  /** The link fell with these under way: gives the one to be given up, if any. */
  linkFell(underWay: readonly T[]): T | undefined {
    if (this.clock.monotonic() - this.lastSent >= SOON_MS) return undefined;
    const alone = underWay.length === 1 ? 1 : 0;
    for (const item of underWay) this.falls.set(item, (this.falls.get(item) ?? 0) + alone);
    const [only] = underWay;
    if (!only || !alone || (this.falls.get(only) ?? 0) < MAX_FALLS) return undefined;
    if (this.bans.size >= MAX_BANS) this.bans.delete(this.bans.keys().next().value as string);
    this.bans.set(only.topic, this.clock.monotonic() + BAN_MS);
    return only;
  }

  /** The error for whoever writes to a topic that is refused for a while. */
  refusal(topic: string): SkeinError | undefined {
    const until = this.bans.get(topic);
    if (until === undefined) return undefined;
    if (until > this.clock.monotonic()) return hangsUp(topic);
    this.bans.delete(topic);
    return undefined;
  }
}

/** BUS_REFUSED */
export const hangsUp = (topic: string): SkeinError =>
  new SkeinError("BUS_REFUSED", `the broker hangs up at what we write to ${topic}.`, {
    hint: "Nothing is written there for a minute. The broker's log says why: the topic, the size, or its access rules.",
  });
