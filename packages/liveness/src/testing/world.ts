/**
 * A follower, a network, an observer and what may happen to them, in virtual time: for the property test. It knows the
 * truth, and the detector only what arrives.
 */
import type { VerdictData } from "@skein/contracts";
import { beat, birth, boots, message, presence, Script } from "./script";

export type Fault =
  /** Its next beat is lost. */
  | { readonly kind: "lose-beat" }
  /** The next question to it is lost. */
  | { readonly kind: "lose-ping" }
  /** Nothing passes for so long, either way; then everything that waited does, in order. */
  | { readonly kind: "stall"; readonly ms: number }
  /** The observer's process does not run. */
  | { readonly kind: "nap"; readonly ms: number }
  /** The host is off for so long; its connection's will comes after `willMs`, or never. */
  | { readonly kind: "reboot"; readonly ms: number; readonly willMs: number | undefined }
  /** The agent is. */
  | { readonly kind: "restart"; readonly ms: number; readonly willMs: number | undefined }
  /** A new connection at once; the old one's will comes late, or never. */
  | { readonly kind: "reconnect"; readonly willMs: number | undefined }
  | { readonly kind: "step-clock"; readonly whose: "follower" | "observer"; readonly ms: number }
  /** The observer's own link is down. */
  | { readonly kind: "bus-down"; readonly ms: number }
  | { readonly kind: "maintenance"; readonly ms: number }
  /** Any other message. */
  | { readonly kind: "speak" };

export const BEAT_MS = 5_000;
const RTT_MS = 20;

export class World {
  readonly script = new Script();
  /** True times at which the host was off, ms. */
  readonly off: { from: number; to: number }[] = [];
  lastSign = 0;
  asked = 0;
  private readonly queue: { at: number; order: number; run: () => void }[] = [];
  private order = 0;
  private now = 0;
  private pinged = 0;
  private alive = true;
  private gone = false;
  private run = 1;
  private session = 1;
  private boot = 0;
  private clockMs = 0;
  private loseBeats = 0;
  private losePings = 0;
  private stalledUntil = 0;
  private asleepUntil = 0;
  private linkUp = true;
  private lastArrival = 0;

  constructor() {
    this.connect();
    this.nextBeat(0);
  }

  in(ms: number, fault: Fault): void {
    this.at(ms, () => this.suffer(fault));
  }

  /** The follower is gone for good. */
  dies(ms: number): void {
    this.at(ms, () => {
      this.alive = false;
      this.gone = true;
      this.off.push({ from: this.now, to: Infinity });
    });
  }

  play(untilMs: number, look: (verdict: VerdictData, now: number) => void = () => {}): void {
    for (;;) {
      this.queue.sort((a, b) => a.at - b.at || a.order - b.order);
      const event = this.queue[0];
      const tick = this.script.next === undefined || this.isAsleep() ? Infinity : Math.max(this.script.next, this.now);
      const next = Math.min(event?.at ?? Infinity, tick);
      if (next > untilMs) break;
      this.now = this.script.now = next;
      if (event && event.at <= tick) {
        this.queue.shift();
        event.run();
      } else {
        this.asked += 1;
        this.script.see({ kind: "tick" });
      }
      this.answerPings();
      look(this.script.verdict, this.now);
    }
    this.now = this.script.now = untilMs;
  }

  private at(at: number, run: () => void): void {
    this.queue.push({ at, order: this.order++, run });
  }

  private suffer(fault: Fault): void {
    const { now } = this;
    switch (fault.kind) {
      case "lose-beat":
        this.loseBeats = 1;
        return;
      case "lose-ping":
        this.losePings = 1;
        return;
      case "stall":
        this.stalledUntil = Math.max(this.stalledUntil, now + fault.ms);
        return;
      case "nap": {
        const until = now + fault.ms;
        if (this.isAsleep()) return;
        this.asleepUntil = until;
        return this.at(until, () => this.script.wakes(fault.ms));
      }
      case "reboot":
      case "restart":
        return this.goDown(fault);
      case "reconnect":
        if (!this.alive) return;
        this.will(fault.willMs);
        this.session += 1;
        return this.connect();
      case "step-clock":
        if (fault.whose === "follower") this.clockMs += fault.ms;
        else this.script.wallOffset += fault.ms;
        return;
      case "bus-down":
        if (!this.linkUp || this.isAsleep()) return;
        this.linkUp = false;
        this.script.see({ kind: "link", up: false });
        return this.at(now + fault.ms, () => {
          this.at(Math.max(this.now, this.asleepUntil), () => {
            this.linkUp = true;
            this.script.see({ kind: "link", up: true, resumed: false });
          });
        });
      case "maintenance":
        if (!this.isAsleep()) this.script.see({ kind: "maintenance", forMs: fault.ms });
        return;
      case "speak":
        if (this.alive) this.send(() => this.script.see(message(this.life())));
    }
  }

  private goDown(fault: { kind: "reboot" | "restart"; ms: number; willMs: number | undefined }): void {
    if (!this.alive) return;
    this.alive = false;
    const period = { from: this.now, to: this.now + fault.ms };
    this.off.push(period);
    this.will(fault.willMs);
    this.at(this.now + fault.ms, () => {
      if (this.gone) return;
      this.alive = true;
      this.run += 1;
      this.session += 1;
      if (fault.kind === "reboot") this.boot = 1 - this.boot;
      this.connect();
    });
  }

  private connect(): void {
    const life = this.life();
    const bootId = boots[this.boot];
    this.send(() => this.script.see(presence("online", life)));
    this.send(() => this.script.see(birth({ ...life, bootId })));
  }

  private will(afterMs: number | undefined): void {
    if (afterMs === undefined) return;
    const life = this.life();
    this.at(this.now + afterMs, () => this.send(() => this.script.see(presence("lost", life)), false));
  }

  private nextBeat(at: number): void {
    this.at(at, () => {
      if (this.alive) {
        if (this.loseBeats > 0) this.loseBeats -= 1;
        else {
          const sent = this.now + this.clockMs + 1_000_000;
          const life = this.life();
          const bootId = boots[this.boot];
          this.send(() => this.script.see(beat({ ...life, bootId, at: sent, nextInMs: BEAT_MS })));
        }
      }
      this.nextBeat(at + BEAT_MS);
    });
  }

  private answerPings(): void {
    while (this.pinged < this.script.pings.length) {
      this.pinged += 1;
      if (this.losePings > 0) {
        this.losePings -= 1;
        continue;
      }
      // The question is under way like everything else, and so is the answer.
      this.send(() => this.alive && this.send(() => this.script.see({ kind: "pong" })), false);
    }
  }

  /** Arrives after the trip and every stall on the way, in order; while the observer's link is down, never. */
  private send(deliver: () => void, isSign = true): void {
    const arrival = Math.max(this.now + RTT_MS / 2, this.stalledUntil, this.lastArrival);
    this.lastArrival = arrival;
    this.at(arrival, () => {
      if (this.now < this.stalledUntil) return this.send(deliver, isSign);
      if (this.isAsleep()) return this.at(this.asleepUntil, () => this.arrive(deliver, isSign));
      this.arrive(deliver, isSign);
    });
  }

  private arrive(deliver: () => void, isSign: boolean): void {
    if (!this.linkUp) return;
    if (isSign) this.lastSign = this.now;
    deliver();
  }

  private isAsleep = (): boolean => this.now < this.asleepUntil;
  private life = () => ({ run: `r${this.run}`, session: `s${String(this.session).padStart(4, "0")}` });
}
