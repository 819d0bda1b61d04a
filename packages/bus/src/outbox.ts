import type { Kind } from "@skein/contracts";
import { type Clock, hasCode, type SkeinError } from "@skein/kit";
import { KeptStates } from "./kept-states";
import { QuietStates } from "./quiet-states";
import { hangsUp, Suspects } from "./suspects";

/** Something to be sent, once or (a state) at every connection. */
export interface Outgoing {
  readonly topic: string;
  readonly kind: Kind;
  readonly bytes: number;
  /** Ms of the monotonic clock after which it is not worth sending. */
  readonly deadline?: number;
  /** The bytes, made when it is sent: session and sequence are of that moment. */
  encode(): Uint8Array;
  /** A state that is said again gets an id and a time of its own. */
  renew?(): void;
  /** It is with the broker, or waits in here; or it never will be. */
  settle(error?: Error): void;
}

export interface OutboxOptions {
  readonly clock: Clock;
  /** Most events and commands that wait. */
  readonly maxQueued: number;
  send(topic: string, payload: Uint8Array, options: { kind: Kind; expiresInMs?: number }): Promise<void>;
  onSent(): void;
  onDrop(kind: Kind): void;
  /** The broker hung up at it again and again, or said no to what its sender believes to be sent. */
  onRefused(topic: string, error: SkeinError): void;
}

/** QoS 1 messages under way at once: enough to fill a link, few enough to leave the rest where it can still be replaced or dropped. */
const WINDOW = 256;
const WINDOW_BYTES = 1024 * 1024;
/** What of events and commands may wait, bytes. */
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;

/** `settled`: its sender was told already, and hears of a refusal by `onRefused` only. */
type Slot = { readonly item: Outgoing; readonly order: number; settled: boolean };

/**
 * What waits for the link, by kind: the latest state of each topic, events and commands in order (the oldest is dropped when
 * full), never telemetry or media. What was under way when the link fell is sent again, in its order.
 */
export class Outbox {
  private up = false;
  private generation = 0;
  private order = 0;
  /** The latest of each topic, to be said again at every connection. */
  private readonly states = new KeptStates<Outgoing>();
  private waitingStates = new Map<string, Slot>();
  private queue: Slot[] = [];
  private queuedBytes = 0;
  private readonly flying = new Set<Slot>();
  private flyingBytes = 0;
  private loose = 0;
  private looseBytes = 0;
  private readonly suspects: Suspects;
  private readonly quiet: QuietStates<Outgoing>;
  private idleListeners: (() => void)[] = [];

  constructor(private readonly options: OutboxOptions) {
    this.suspects = new Suspects(options.clock);
    this.quiet = new QuietStates(options.clock, (topic) => this.sayAgain(topic));
  }

  put(item: Outgoing): void {
    const refusal = this.suspects.refusal(item.topic);
    if (refusal) {
      this.options.onDrop(item.kind);
      return item.settle(refusal);
    }
    if (item.kind === "telemetry" || item.kind === "media") return this.sendOrDrop(item);
    const slot = { item, order: this.order++, settled: false };
    if (item.kind === "state") {
      if (item.bytes === 0) this.forgetState(item.topic);
      else this.keepState(item);
      settle(this.waitingStates.get(item.topic));
      this.waitingStates.delete(item.topic);
      this.waitingStates.set(item.topic, slot);
    } else {
      this.queue.push(slot);
      this.queuedBytes += item.bytes;
      this.dropWhatIsTooMuch();
    }
    if (this.up) this.pump();
    else settle(slot);
  }

  /** Every state is said again, before what waits; but not one that the broker refused a short while ago. */
  linkUp(): void {
    this.up = true;
    this.generation++;
    const removals = [...this.waitingStates.values()].filter((slot) => slot.item.bytes === 0);
    const waiting = this.waitingStates;
    this.waitingStates = new Map();
    let order = -this.states.size - removals.length;
    for (const slot of removals) this.waitingStates.set(slot.item.topic, { ...slot, order: order++ });
    for (const [topic, item] of this.states) {
      if (this.quiet.has(item)) continue;
      if (waiting.get(topic)?.item !== item) item.renew?.();
      this.waitingStates.set(topic, { item, order: order++, settled: true });
    }
    this.pump();
  }

  linkDown(): void {
    if (!this.up) return;
    this.up = false;
    this.generation++;
    const underWay = [...this.flying].toSorted((a, b) => a.order - b.order);
    this.flying.clear();
    this.flyingBytes = 0;
    const events = underWay.filter((slot) => slot.item.kind !== "state");
    this.queue = [...events, ...this.queue];
    for (const slot of events) this.queuedBytes += slot.item.bytes;
    this.dropWhatIsTooMuch();
    // A state under way is in `states` and will be said again; a removal is not.
    for (const slot of underWay) {
      if (slot.item.kind === "state" && slot.item.bytes === 0 && !this.waitingStates.has(slot.item.topic))
        this.waitingStates.set(slot.item.topic, slot);
    }
    const topic = this.suspects.linkFell(underWay.map((slot) => slot.item.topic));
    if (topic !== undefined) this.giveUp(topic, underWay);
    for (const slot of [...underWay, ...this.waitingStates.values(), ...this.queue]) settle(slot);
    this.noteIdle();
  }

  /** Resolves when nothing waits or is under way, at once while the link is down. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.idleListeners.push(resolve);
      this.noteIdle();
    });
  }

  private keepState(item: Outgoing): void {
    for (const gone of this.states.keep(item)) {
      this.waitingStates.delete(gone.topic);
      this.quiet.forget(gone.topic);
      this.options.onDrop("state");
      gone.settle();
    }
  }

  private forgetState(topic: string): void {
    this.states.forget(topic);
    this.quiet.forget(topic);
  }

  private pump(): void {
    while (this.up && this.flying.size < WINDOW && this.flyingBytes < WINDOW_BYTES) {
      const slot = this.next();
      // A suspect flies alone.
      if (
        !slot ||
        (this.flying.size > 0 && (this.suspects.fallsOf(slot.item.topic) !== undefined || this.onTrial() !== undefined))
      )
        break;
      this.take(slot);
      if (slot.item.deadline !== undefined && slot.item.deadline <= this.options.clock.monotonic()) {
        this.options.onDrop(slot.item.kind);
        settle(slot);
      } else this.launch(slot);
    }
    this.noteIdle();
  }

  private next(): Slot | undefined {
    const state = this.waitingStates.values().next().value;
    const queued = this.queue[0];
    return state && (!queued || state.order < queued.order) ? state : queued;
  }

  /** Takes away what `next` gave. */
  private take(slot: Slot): void {
    if (slot === this.queue[0]) {
      this.queue.shift();
      this.queuedBytes -= slot.item.bytes;
    } else this.waitingStates.delete(slot.item.topic);
  }

  /** How often the link fell with the only one under way; undefined where it is none or not suspected. */
  private onTrial(): number | undefined {
    const [only] = this.flying;
    return only && this.suspects.fallsOf(only.item.topic);
  }

  /** The broker hangs up at this topic: nothing that waits for it is tried, and nothing else waits for that. */
  private giveUp(topic: string, underWay: readonly Slot[]): void {
    const error = hangsUp(topic);
    const gone = new Set([...underWay, ...this.waitingStates.values(), ...this.queue].filter(isOn(topic)));
    this.waitingStates.delete(topic);
    this.queue = this.queue.filter((slot) => !isOn(topic)(slot));
    this.queuedBytes = this.queue.reduce((bytes, slot) => bytes + slot.item.bytes, 0);
    for (const slot of gone) {
      this.options.onDrop(slot.item.kind);
      settle(slot, error);
    }
    const state = this.states.on(topic);
    if (state) this.quiet.refused(state);
    this.options.onRefused(topic, error);
  }

  /** The broker said no. */
  private refuse(slot: Slot, error: SkeinError): void {
    const { item } = slot;
    this.options.onDrop(item.kind);
    if (slot.settled) this.options.onRefused(item.topic, error);
    if (this.states.on(item.topic) === item) this.quiet.refused(item);
  }

  private sayAgain(topic: string): void {
    const item = this.states.on(topic);
    if (!this.up || !item || this.waitingStates.has(topic)) return;
    item.renew?.();
    this.waitingStates.set(topic, { item, order: this.order++, settled: true });
    this.pump();
  }

  private launch(slot: Slot): void {
    const { item } = slot;
    const generation = this.generation;
    this.flying.add(slot);
    this.suspects.sent();
    this.flyingBytes += item.bytes;
    const expiresInMs = item.deadline === undefined ? undefined : item.deadline - this.options.clock.monotonic();
    const landed = (error?: SkeinError): void => {
      if (generation !== this.generation) return;
      // The transport saw the link fall before it told us.
      if (hasCode(error, "BUS_DOWN")) return this.linkDown();
      this.flying.delete(slot);
      this.suspects.answered(item.topic);
      this.flyingBytes -= item.bytes;
      if (error === undefined) {
        this.options.onSent();
        this.quiet.forget(item.topic);
      } else this.refuse(slot, error);
      settle(slot, error);
      this.pump();
    };
    this.options
      .send(item.topic, item.encode(), { kind: item.kind, ...(expiresInMs === undefined ? {} : { expiresInMs }) })
      .then(() => landed(), landed);
  }

  /** Telemetry and media: now or never. */
  private sendOrDrop(item: Outgoing): void {
    // Else it could be what the broker hangs up at, and not the one on trial.
    const trial = (this.onTrial() ?? 0) > 0;
    if (!this.up || trial || this.loose >= WINDOW * 4 || this.looseBytes >= WINDOW_BYTES) {
      this.options.onDrop(item.kind);
      return item.settle();
    }
    this.loose++;
    this.suspects.sentUnanswered(item.topic);
    this.looseBytes += item.bytes;
    const landed = (error?: Error): void => {
      this.loose--;
      this.looseBytes -= item.bytes;
      if (error === undefined) this.options.onSent();
      else this.options.onDrop(item.kind);
      item.settle(hasCode(error, "BUS_DOWN") ? undefined : error);
      this.noteIdle();
    };
    this.options.send(item.topic, item.encode(), { kind: item.kind }).then(() => landed(), landed);
  }

  /** The oldest goes. */
  private dropWhatIsTooMuch(): void {
    while (this.queue.length > this.options.maxQueued || this.queuedBytes > MAX_QUEUED_BYTES) {
      const slot = this.queue.shift();
      if (!slot) return;
      this.queuedBytes -= slot.item.bytes;
      this.options.onDrop(slot.item.kind);
      settle(slot);
    }
  }

  private noteIdle(): void {
    const busy = this.flying.size + this.loose + (this.up ? this.waitingStates.size + this.queue.length : 0) > 0;
    if (busy || this.idleListeners.length === 0) return;
    const listeners = this.idleListeners;
    this.idleListeners = [];
    for (const listener of listeners) listener();
  }
}

const isOn =
  (topic: string) =>
  ({ item }: Slot): boolean =>
    item.topic === topic;

function settle(slot: Slot | undefined, error?: Error): void {
  if (!slot || slot.settled) return;
  slot.settled = true;
  slot.item.settle(error);
}
