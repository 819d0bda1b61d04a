/**
 * The edge of the failure detector: turns what comes over the bus, and time, into observations of one follower each, and
 * does what the detector asks for. All decisions are in packages/liveness.
 */
import type { Bus, LinkState, Received, Unsubscribe } from "@skein/bus";
import {
  type AnyMessage,
  birth,
  type DataOf,
  type Envelope,
  heartbeat,
  isFollowerId,
  messages,
  metrics,
  presence,
  type VerdictData,
} from "@skein/contracts";
import { type Clock, hasCode, type Logger, messageOf, silentLogger, SkeinError } from "@skein/kit";
import {
  initialMemory,
  type Limits,
  limitsOf,
  type Moment,
  type Observation,
  type Remembered,
  step,
} from "@skein/liveness";
import { Deadlines } from "./deadlines";
import type { FleetWatch, FleetWatchOptions, Watched } from "./interface";
import { bridgeState, type Follower, watched } from "./follower";
import { Pinger } from "./pinger";
import { Spread } from "./spread";

/** Subscribes to everything followers say and starts judging. @throws SkeinError BUS_REFUSED when the broker lets us hear none of it */
export async function watchFleet(options: FleetWatchOptions): Promise<FleetWatch> {
  const watch = new Watch(options);
  try {
    await watch.start();
  } catch (error) {
    await watch.close();
    throw error;
  }
  return watch;
}

class Watch implements FleetWatch {
  private readonly bus: Bus;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly limits: Limits;
  private readonly followers = new Map<string, Follower>();
  /** Who hangs on which bridge. */
  private readonly behind = new Map<string, Set<string>>();
  private readonly deadlines: Deadlines<Follower>;
  private readonly pinger: Pinger | undefined;
  private readonly ends: Unsubscribe[] = [];
  private readonly changes: Spread<Follower, VerdictData | undefined>;
  private linkUp = false;
  private queueUntil = 0;

  private readonly verdictListeners = new Set<(watched: Watched, before: VerdictData | undefined) => void>();
  private readonly beatListeners = new Set<(id: string, at: number) => void>();
  private readonly metricsListeners = new Set<(id: string, received: Received<typeof metrics>) => void>();
  private readonly birthListeners = new Set<(watched: Watched) => void>();

  constructor(options: FleetWatchOptions) {
    this.bus = options.bus;
    this.clock = options.clock;
    this.logger = options.logger ?? silentLogger;
    this.limits = limitsOf(options.limits);
    this.deadlines = new Deadlines(this.clock, {
      onDue: (follower) => this.observe(follower, { kind: "tick" }),
      onLate: (lateMs) => this.late(lateMs),
    });
    this.changes = new Spread(this.clock, (follower, before) => this.changed(follower, before));
    if (options.ping !== false) this.pinger = new Pinger(this.bus, this.logger, this.clock, (id) => this.pong(id));
    this.noteLink(this.bus.link);
    for (const { id, verdict, birth: born, run, session, beatMs } of options.remembered ?? []) {
      const life = { ...(run !== undefined && { run }), ...(session !== undefined && { session }) };
      const follower = this.add(id, { verdict, life, bootId: born?.bootId, via: born?.via, beatMs });
      follower.birth = born;
      this.hangOn(id, born?.via);
      this.observe(follower, { kind: "tick" });
    }
  }

  async start(): Promise<void> {
    // Who it is comes before what it says.
    await this.listen(birth, (received) => this.born(received));
    await this.listen(presence, ({ ids, envelope, data, retained }) => {
      this.hear(ids.id, { kind: "presence", status: data.status, retained, ...lifeOf(envelope) });
    });
    await this.listen(heartbeat, ({ ids, envelope, data }) => {
      const { bootId, nextInMs } = data;
      const beat = { kind: "beat", bootId, nextInMs, at: envelope.at, ...lifeOf(envelope) } as const;
      if (this.hear(ids.id, beat, { heartbeat: data })) this.tell(this.beatListeners, ids.id, this.clock.now());
    });
    await this.listen(metrics, (received) => {
      const sign = { kind: "message", queueable: false, ...lifeOf(received.envelope) } as const;
      if (this.hear(received.ids.id, sign, { metrics: received.data }))
        this.tell(this.metricsListeners, received.ids.id, received);
    });
    for (const message of otherMessages) {
      const heard = this.listen(message, ({ ids, envelope, retained }) => {
        // It takes more than a reply to be a follower: other participants of the bus answer commands, too.
        if (!retained && this.followers.has((ids as { id: string }).id))
          this.hear((ids as { id: string }).id, {
            kind: "message",
            queueable: message.kind !== "telemetry",
            ...lifeOf(envelope),
          });
      });
      await heard.catch((error: unknown) => {
        if (!hasCode(error, "BUS_REFUSED")) throw error;
        // Beats and pongs tell enough.
        this.logger.warn({ code: error.code }, `${message.pattern} is no sign of life here: ${error.message}`);
      });
    }
    this.ends.push(asAsync(this.bus.onLink((state) => this.link(state))));
  }

  list = (): readonly Watched[] => [...this.followers.values()].map(watched);

  get(id: string): Watched | undefined {
    const follower = this.followers.get(id);
    return follower && watched(follower);
  }

  onVerdict = (listener: (watched: Watched, before: VerdictData | undefined) => void) =>
    enlist(this.verdictListeners, listener);
  onBeat = (listener: (id: string, at: number) => void) => enlist(this.beatListeners, listener);
  onMetrics = (listener: (id: string, received: Received<typeof metrics>) => void) =>
    enlist(this.metricsListeners, listener);
  onBirth = (listener: (watched: Watched) => void) => enlist(this.birthListeners, listener);

  setMaintenance(id: string, forMs: number): void {
    this.observe(this.known(id), { kind: "maintenance", forMs });
  }

  forget(id: string, { evenAlive = false }: { readonly evenAlive?: boolean } = {}): void {
    const follower = this.known(id);
    const { state } = follower.memory.verdict;
    if (!evenAlive && (state === "alive" || state === "suspect" || state === "joining")) {
      throw new SkeinError("FOLLOWER_ALIVE", `follower "${id}" is ${state}.`, {
        hint: "Stop its agent first, then forget it.",
      });
    }
    this.deadlines.disarm(follower);
    this.changes.drop(follower);
    this.hangOn(id, undefined);
    this.followers.delete(id);
  }

  async close(): Promise<void> {
    this.deadlines.close();
    this.changes.close();
    this.pinger?.stop();
    for (const set of [this.verdictListeners, this.beatListeners, this.metricsListeners, this.birthListeners])
      set.clear();
    await Promise.all(this.ends.splice(0).map((end) => end()));
  }

  private async listen<M extends AnyMessage>(message: M, listener: (received: Received<M>) => void): Promise<void> {
    this.ends.push(await this.bus.subscribe(message, {}, listener));
  }

  private known(id: string): Follower {
    const follower = this.followers.get(id);
    if (!follower)
      throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${id}" has been seen.`, {
        hint: "Check its id against the list of followers.",
      });
    return follower;
  }

  private born({ ids, envelope, data, retained }: Received<typeof birth>): void {
    const { bootId, via, virtual } = data;
    const follower = this.hear(
      ids.id,
      { kind: "birth", bootId, retained, via, virtual, beatMs: beatMsOf(data), ...lifeOf(envelope) },
      { birth: data },
    );
    if (!follower) return;
    this.hangOn(ids.id, via);
    this.tell(this.birthListeners, watched(follower));
  }

  /** A message of a follower, and what it `said`; makes it known when it is new. */
  private hear(id: string, observation: Observation, said: Partial<Follower> = {}): Follower | undefined {
    this.deadlines.attend();
    const known = this.followers.get(id);
    if (!known && !isFollowerId(id)) return undefined;
    const follower = Object.assign(known ?? this.add(id), said);
    this.observe(follower, observation, !known);
    return follower;
  }

  private add(id: string, remembered?: Remembered): Follower {
    const memory = initialMemory(this.moment(), {
      linkUp: this.linkUp,
      limits: this.limits,
      remembered,
      queueUntil: this.queueUntil,
    });
    const follower: Follower = { id, memory, armedAt: Infinity };
    this.followers.set(id, follower);
    return follower;
  }

  private observe(follower: Follower, observation: Observation, isNew = false): void {
    const before = follower.memory.verdict;
    const { memory, changed, effects, nextCheckAt } = step(follower.memory, observation, this.moment(), this.limits);
    follower.memory = memory;
    if (nextCheckAt !== undefined) this.deadlines.arm(follower, nextCheckAt);
    if (effects.length > 0) this.pinger?.ping(follower.id, memory.beatMs * this.limits.deadBeats);
    if (!changed && !isNew) return;
    this.changes.add(follower, isNew ? undefined : before);
    if (before.state !== memory.verdict.state) this.tellBehind(follower);
  }

  private changed(follower: Follower, before: VerdictData | undefined): void {
    const now = watched(follower);
    // It may again be as it was when it began to wait.
    const same = (["state", "cause", "since", "until", "clockOffsetMs", "virtual"] as const).every(
      (field) => now.verdict[field] === before?.[field],
    );
    if (before && same) return;
    this.tell(this.verdictListeners, now, before);
  }

  private link(state: LinkState): void {
    this.deadlines.attend();
    const resumed = this.noteLink(state);
    for (const follower of this.followers.values()) this.observe(follower, { kind: "link", up: state.up, resumed });
  }

  private noteLink(state: LinkState): boolean {
    const resumed = state.up && state.resumed !== false;
    if (state.up !== this.linkUp) this.queueUntil = this.deadlines.time() + (resumed ? this.limits.queueMs : 0);
    this.linkUp = state.up;
    return resumed;
  }

  /** Deadlines are pushed in any case, because they count attentive time; a long stall makes us doubt ourselves aloud. */
  private late(lateMs: number): void {
    if (lateMs < this.limits.observerLateMs) return;
    this.logger.warn(
      { lateMs: Math.round(lateMs) },
      "this process was stalled: what it did not hear meanwhile says nothing",
    );
    for (const follower of this.followers.values()) this.observe(follower, { kind: "late" });
  }

  private pong(id: string): void {
    const follower = this.followers.get(id);
    if (follower) this.observe(follower, { kind: "pong" });
  }

  private hangOn(id: string, via: string | undefined): void {
    for (const [bridge, ids] of this.behind)
      if (bridge !== via && ids.delete(id) && ids.size === 0) this.behind.delete(bridge);
    if (via === undefined) return;
    const ids = this.behind.get(via) ?? new Set();
    this.behind.set(via, ids.add(id));
    const bridge = this.followers.get(via);
    const follower = this.followers.get(id);
    const state = bridge && bridgeState(bridge.memory.verdict.state);
    if (state !== undefined && follower) this.observe(follower, { kind: "bridge", state });
  }

  private tellBehind(bridge: Follower): void {
    const ids = this.behind.get(bridge.id);
    const state = bridgeState(bridge.memory.verdict.state);
    if (!ids || state === undefined) return;
    for (const id of ids) {
      const follower = this.followers.get(id);
      if (follower && follower !== bridge) this.observe(follower, { kind: "bridge", state });
    }
  }

  private moment = (): Moment => ({ mono: this.deadlines.time(), wall: this.clock.now() });

  /** One listener's fault is not another's, and never the judge's. */
  private tell<A extends unknown[]>(listeners: Set<(...args: A) => void>, ...args: A): void {
    for (const listener of listeners) {
      try {
        listener(...args);
      } catch (error) {
        this.logger.error({ err: error }, `a listener of the fleet failed: ${messageOf(error)}`);
      }
    }
  }
}

/** Whatever else followers may send, now or later: each is a sign of life. */
const otherMessages = (Object.values(messages) as AnyMessage[]).filter(
  (message) =>
    message.writer === "follower" &&
    message.kind !== "media" &&
    ![birth, presence, heartbeat, metrics].some((own) => own.pattern === message.pattern),
);

/** What its health capability is set to; a heartbeat then tells for certain. */
function beatMsOf({ capabilities }: DataOf<typeof birth>): number | undefined {
  const ms = capabilities.find(({ name }) => name === "health")?.settings?.["heartbeatMs"];
  return typeof ms === "number" && ms >= 100 && ms <= 60_000 ? ms : undefined;
}

const lifeOf = ({ run, session }: Envelope) => ({ run, session });
const asAsync = (end: () => void) => async () => end();

function enlist<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => void set.delete(listener);
}
