/** The connection to one device: made, lost and made anew, at once and then ever more slowly; and what is known of it meanwhile. */
import { backoffMs, type Clock, type Logger, type Random, type SkeinError } from "@skein/kit";
import type { Diagnosis } from "../diagnosis";
import { addressOf } from "../failure";
import type { Family, Reading } from "../families/family";
import type { Session } from "../protocol";
import { dial, type DialParts, type Way } from "./dial";
import { Standing } from "./standing";

export interface ConnectionParts extends Omit<DialParts, "credentials" | "signal"> {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly credentials: () => DialParts["credentials"];
}

export interface ConnectionListener {
  diagnosed(before: Diagnosis): void;
  lost(): void;
}

/** Reconnection: at once, then ever more slowly. */
const BACKOFF = { baseMs: 1000, maxMs: 60_000 } as const;
/** A command to a device that is away tries to reach it, unless that was tried as recently as this, ms. */
const KNOCK_AGAIN_MS = 2000;
/** Who refused our credentials is not pestered: each handshake ends another client's session. New ones are tried at once. */
const CREDENTIALS_AGAIN_MS = 300_000;
/** One that answers to the search and takes no connection is starting, most often: so many pauses at most it is given to do so. */
const STARTING_FAILURES = 2;
/** Some devices end a connection after each answer: one that lived no longer is not followed by another before it is needed, ms. */
const STEADY_MS = 2000;

/** What requests go through, while there is a connection. */
export interface Line {
  readonly session: Session;
  readonly family: Family;
}

export interface Opened {
  readonly readings: readonly Reading[];
  readonly way: Way;
  /** How it was reached before. */
  readonly before: Way | undefined;
}

export class Connection {
  line: Line | undefined;
  private readonly standing: Standing;
  private failures = 0;
  private sightedAt: Way | undefined;
  /** Whether the attempt under way goes to where it was seen. */
  private isFollowing = false;
  private lastKnock = -Infinity;
  private connectedAt = -Infinity;
  /** Whether there is a reason to try that the attempt under way knows nothing of. */
  private tryAgain = false;

  constructor(
    private readonly id: string,
    private lastWay: Way | undefined,
    private readonly parts: ConnectionParts,
    private readonly listener: ConnectionListener,
  ) {
    this.standing = new Standing(parts.clock, (before) => listener.diagnosed(before));
  }

  /** Where and how it is reached, or was last. */
  get way(): Way | undefined {
    return this.lastWay;
  }

  get diagnosis(): Diagnosis {
    return this.standing.diagnosis;
  }

  /** Why it is not reached. @param cause what just went wrong, where that says more than the diagnosis */
  refusal(cause?: unknown): SkeinError {
    return this.standing.refusal(cause);
  }

  /** Whether it was just tried to the end, in vain, and is not being tried where it was seen since. */
  get isHopeless(): boolean {
    return this.standing.isBad && !this.isFollowing && this.parts.clock.monotonic() - this.lastKnock < KNOCK_AGAIN_MS;
  }

  /** Whether it is one of those that hang up. */
  get wasShort(): boolean {
    return this.parts.clock.monotonic() - this.connectedAt < STEADY_MS;
  }

  /** There is a new reason to try. */
  knock(): void {
    this.lastKnock = -Infinity;
    this.failures = 0;
    this.tryAgain = true;
  }

  /** It said that it is reached there: so it is tried there when it is away, and next time it is lost. */
  sighted(way: Way): void {
    const moved = way.endpoint.host !== this.lastWay?.endpoint.host;
    if (moved) this.sightedAt = way;
    if (!this.line && (moved || this.standing.condition === "unreachable")) this.knock();
  }

  /** Undefined when it is not reached, which is a diagnosis then. @throws the signal's reason when it is aborted */
  async open(signal: AbortSignal): Promise<Opened | undefined> {
    const { clock, logger, credentials } = this.parts;
    const before = this.lastWay;
    this.lastKnock = clock.monotonic();
    this.tryAgain = false;
    const ways = { known: before, sighted: this.sightedAt };
    this.sightedAt = undefined;
    this.isFollowing = ways.sighted !== undefined;
    const { connected, tried } = await dial(this.id, ways, { ...this.parts, credentials: credentials(), signal });
    this.isFollowing = false;
    if (signal.aborted) connected?.session.close();
    signal.throwIfAborted();
    if (!connected) {
      this.standing.failed(tried);
      if (this.standing.isStarting) this.failures = Math.min(this.failures, STARTING_FAILURES);
      return undefined;
    }
    const { session, family, readings } = connected;
    const way = { endpoint: session.endpoint, protocol: session.protocol };
    this.line = { session, family };
    this.lastWay = way;
    this.connectedAt = clock.monotonic();
    this.failures = 0;
    session.onClosed((reason) => this.lost(session, reason));
    logger.debug({ device: this.id, address: addressOf(way.endpoint), protocol: way.protocol }, "connected");
    this.standing.connected(tried);
    return { readings, way, before };
  }

  /** How long to wait after an attempt in vain, ms: longer each time. */
  nextPauseMs(): number {
    if (this.tryAgain) return 0;
    if (this.standing.condition === "credentials") return CREDENTIALS_AGAIN_MS;
    return backoffMs(this.failures++, BACKOFF, this.parts.random);
  }

  lost(session: Session, reason: Error): void {
    if (this.line?.session !== session) return;
    this.line = undefined;
    session.close();
    this.parts.logger.debug({ device: this.id, reason: reason.message }, "connection lost");
    if (this.lastWay) this.standing.lost(this.lastWay, reason);
    this.listener.lost();
  }

  close(): void {
    this.line?.session.close();
  }
}
