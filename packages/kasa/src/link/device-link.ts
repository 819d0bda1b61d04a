/**
 * The one connection to one device, and the one loop that uses it: whatever many callers ask for, one request is under way. Commands go before looks;
 * a look follows each command; between them the device is looked at now and then, for somebody may have used the wall switch.
 */
import { backoffMs, hasCode, messageOf, SkeinError, type Clock, type Logger, type Random } from "@skein/kit";
import type { HeldDevice, KasaEvent, Reached, StateCause } from "../client";
import { addressOf } from "../failure";
import type { Family, Reading } from "../families/family";
import { fit } from "../families/wanted";
import type { Change, Energy, LightState } from "../model";
import type { Session } from "../protocol";
import { LazyTimer } from "../lazy-timer";
import { dial, type DialParts, type Way } from "./dial";
import { fade } from "./fade";
import { Light, sameState, touched } from "./light";
import { noSuchLight } from "./no-such-light";
import { Schedule, type ScheduleTimes } from "./schedule";
import { Standing } from "./standing";

export interface LinkParts extends Omit<DialParts, "credentials" | "signal">, ScheduleTimes {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly credentials: () => DialParts["credentials"];
  readonly emit: (event: KasaEvent) => void;
}

/** Reconnection: at once, then ever more slowly. */
const BACKOFF = { baseMs: 1000, maxMs: 60_000 } as const;
/** A command to a device that is away tries to reach it, unless that was tried as recently as this, ms. */
const KNOCK_AGAIN_MS = 2000;
/** Who refused our credentials is not pestered: each handshake ends another client's session. New ones are tried at once. */
const CREDENTIALS_AGAIN_MS = 300_000;
/** Some devices end a connection after each answer: one that lived no longer is not followed by another before it is needed, ms. */
const STEADY_MS = 2000;

interface Look {
  resolve(): void;
  reject(error: Error): void;
}

/** Without a caller when it is only time for it. */
interface MeterLook {
  readonly light: Light;
  readonly caller?: { resolve(energy: Energy): void; reject(error: Error): void };
}

export class DeviceLink {
  readonly lights = new Map<string, Light>();
  private readonly standing: Standing;
  private readonly schedule: Schedule;
  private session: Session | undefined;
  private family: Family | undefined;
  private looks: Look[] = [];
  private meters: MeterLook[] = [];
  private failures = 0;
  private lastKnock = -Infinity;
  private connectedAt = -Infinity;
  /** Whether there is a reason to try that the attempt under way knows nothing of. */
  private tryAgain = false;
  private wakeUp: () => void = () => {};
  private readonly alarm: LazyTimer;
  private readonly life = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    readonly id: string,
    private way: Way | undefined,
    private readonly parts: LinkParts,
  ) {
    this.standing = new Standing(parts.clock, (before) => {
      for (const device of this.views()) parts.emit({ type: "diagnosis", device, before });
    });
    this.schedule = new Schedule(parts, parts.random);
    this.alarm = new LazyTimer(parts.clock, () => this.wakeUp());
    this.loop = this.run().catch((error: unknown) => {
      // What is cut off by the end is no failure.
      if (!this.stopped) throw error;
    });
  }

  /** One, or one an outlet; of a device that never answered, what is known. */
  views(): HeldDevice[] {
    return this.lights.size === 0 ? [this.view(undefined)] : [...this.lights.values()].map((light) => this.view(light));
  }

  view(light: Light | undefined): HeldDevice {
    return {
      id: light?.info.id ?? this.id,
      endpoint: this.way?.endpoint,
      protocol: this.way?.protocol,
      info: light?.info,
      state: light?.state,
      confirmedAt: light?.confirmedAt,
      diagnosis: this.standing.diagnosis,
    };
  }

  set(id: string, change: Change, by: unknown): Promise<Reached> {
    return this.whenThere(id, (light) => {
      light.endFade?.();
      const { brightness, transition } = light.info.abilities;
      const stepped = (change.transitionMs ?? 0) > 0 && !transition;
      if (!stepped) return this.ask(light, change, by);
      const { transitionMs: _, ...plain } = change;
      if (!brightness) return this.ask(light, plain, by);
      // What it cannot is refused now, and not by the last of the steps, which nobody waits for.
      fit(light.info, change);
      return fade(light, change, {
        clock: this.parts.clock,
        ask: (step) => this.ask(light, step, by),
        look: () => this.look(),
        endedEarly: (reason) =>
          this.parts.logger.debug({ device: id, reason: messageOf(reason) }, "a fade ended early"),
      });
    });
  }

  /** From where it is or is about to be, so that each of many quick turns of a knob counts. */
  step(id: string, points: number, by: unknown): Promise<Reached> {
    return this.whenThere(id, (light) => {
      light.endFade?.();
      const brightness = Math.min(100, Math.max(1, light.aimedBrightness + points));
      return this.ask(light, { brightness }, by);
    });
  }

  async refresh(id: string): Promise<LightState> {
    return this.whenThere(id, async (light) => {
      await this.look();
      return light.state;
    });
  }

  async energy(id: string): Promise<Energy> {
    return this.whenThere(id, (light) => {
      if (!light.info.abilities.energy)
        throw new SkeinError("DEVICE_CANNOT", `"${light.info.alias}" (${light.info.model}) has no meter.`);
      return new Promise<Energy>((resolve, reject) => {
        this.meters.push({ light, caller: { resolve, reject } });
        this.wakeUp();
      });
    });
  }

  /** Tries now, whatever the pause was to be: the credentials are others. */
  knock(): void {
    this.lastKnock = -Infinity;
    this.failures = 0;
    this.tryAgain = true;
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.life.abort(closed());
    for (const light of this.lights.values()) light.endFade?.();
    this.failAll(closed());
    this.session?.close();
    this.wakeUp();
    this.alarm.close();
    await this.loop;
    // Whom the loop, cut off in the midst of a look, has put back to wait for a reconnection.
    this.failAll(closed());
  }

  private get stopped(): boolean {
    return this.life.signal.aborted;
  }

  // --- asking -------------------------------------------------------------------------------------------------------------

  /** Does it with the light once the device is there; one that is away is knocked at, but not by everybody all the time. */
  private async whenThere<T>(id: string, act: (light: Light) => Promise<T> | T): Promise<T> {
    if (this.stopped) throw closed();
    if (!this.session) {
      const justTried = this.parts.clock.monotonic() - this.lastKnock < KNOCK_AGAIN_MS;
      if (this.standing.isBad && justTried) throw this.standing.refusal();
      await this.look();
    }
    const light = this.lights.get(id);
    if (!light) throw noSuchLight(id, this.id, this.views());
    return act(light);
  }

  private ask(light: Light, change: Change, by: unknown): Promise<Reached> {
    return new Promise((resolve, reject) => {
      light.ask(change, by, { sinceMs: this.parts.clock.monotonic(), resolve, reject });
      this.wakeUp();
    });
  }

  private look(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.looks.push({ resolve, reject });
      this.wakeUp();
    });
  }

  // --- the loop -----------------------------------------------------------------------------------------------------------

  private async run(): Promise<void> {
    // What the constructor's caller does next comes first.
    await Promise.resolve();
    while (!this.stopped) {
      if (!this.session) {
        const now = this.parts.clock.monotonic();
        if (now - this.connectedAt < STEADY_MS && !this.isAsked()) await this.pause(this.schedule.lookIn(now));
        if (this.stopped) return;
        this.tryAgain = false;
        if (!(await this.connect())) await this.pauseBeforeNextTry();
        continue;
      }
      const now = this.parts.clock.monotonic();
      const work = this.nextWork(now);
      if (work) await work();
      else await this.pause(Math.min(this.schedule.lookIn(now), this.schedule.meterIn(now)));
    }
  }

  private async pauseBeforeNextTry(): Promise<void> {
    if (this.stopped || this.tryAgain) return;
    const refused = this.standing.condition === "credentials";
    await this.pause(refused ? CREDENTIALS_AGAIN_MS : backoffMs(this.failures++, BACKOFF, this.parts.random));
  }

  private isAsked(): boolean {
    return this.looks.length > 0 || this.meters.length > 0 || [...this.lights.values()].some((light) => light.order);
  }

  private nextWork(now: number): (() => Promise<void>) | undefined {
    for (const light of this.lights.values()) if (light.order) return () => this.sendOrder(light);
    const meter = this.meters.shift();
    if (meter) return () => this.readMeter(meter);
    if (this.looks.length > 0 || this.schedule.lookIn(now) <= 0) return () => this.sendLook();
    if (this.schedule.meterIn(now) > 0) return undefined;
    const measuring = [...this.lights.values()].filter(({ info }) => info.abilities.energy);
    this.schedule.metered(now, measuring.length > 0);
    this.meters.push(...measuring.map((light) => ({ light })));
    return this.nextWork(now);
  }

  private async connect(): Promise<boolean> {
    const { clock, emit, logger } = this.parts;
    this.lastKnock = clock.monotonic();
    const before = this.way;
    const { signal } = this.life;
    const result = await dial(this.id, before, { ...this.parts, credentials: this.parts.credentials(), signal });
    if (this.stopped) {
      result.connected?.session.close();
      return false;
    }
    if (!result.connected) {
      this.standing.failed(result.tried);
      this.failAll(this.standing.refusal());
      return false;
    }
    const { session, family, readings } = result.connected;
    this.session = session;
    this.family = family;
    this.connectedAt = clock.monotonic();
    this.failures = 0;
    session.onClosed((reason) => this.lost(session, reason));
    this.way = { endpoint: session.endpoint, protocol: session.protocol };
    logger.debug({ device: this.id, address: addressOf(session.endpoint), protocol: session.protocol }, "connected");
    this.standing.connected(result.tried);
    this.taken(readings, true);
    const device = this.views()[0] as HeldDevice;
    if (before && before.protocol !== session.protocol && before.protocol !== "tpap")
      emit({ type: "protocol-changed", device, from: before.protocol, to: session.protocol });
    if (before && before.endpoint.host !== session.endpoint.host)
      emit({ type: "moved", device, from: before.endpoint, to: session.endpoint });
    this.schedule.begin(clock.monotonic());
    for (const look of this.looks.splice(0)) look.resolve();
    return true;
  }

  private async sendOrder(light: Light): Promise<void> {
    const { order } = light;
    const { family, session } = this;
    if (!order || !family || !session) return;
    light.order = undefined;
    const { clock } = this.parts;
    let exchange;
    try {
      exchange = family.change(light.reading, order.change);
    } catch (error) {
      for (const waiter of order.waiters) waiter.reject(error as Error);
      return;
    }
    light.underWay = order.change;
    try {
      const state = exchange.read(await session.request(exchange.request));
      light.settling = { by: order.by };
      const now = clock.monotonic();
      this.schedule.commanded(now, order.change.transitionMs ?? 0);
      this.confirm(light, state, { kind: "command", by: order.by }, true);
      for (const waiter of order.waiters) waiter.resolve({ state, ms: now - waiter.sinceMs });
    } catch (error) {
      if (hasCode(error, "DEVICE_REFUSED")) {
        for (const waiter of order.waiters) waiter.reject(error);
        return;
      }
      this.lost(session, error as Error);
      // Absolute, so that to send it twice does no harm.
      if (!order.retried && !this.stopped) light.askAgain(order);
      else for (const waiter of order.waiters) waiter.reject(this.standing.refusal(error));
    } finally {
      light.underWay = undefined;
    }
  }

  private async sendLook(): Promise<void> {
    const { family, session } = this;
    if (!family || !session) return;
    const looks = this.looks.splice(0);
    const settled = this.schedule.looked(this.parts.clock.monotonic());
    const exchange = family.readings();
    try {
      this.taken(exchange.read(await session.request(exchange.request)), false);
      if (settled) this.settled();
      for (const look of looks) look.resolve();
    } catch (error) {
      this.lost(session, error as Error);
      // Whoever asked gets the answer of the reconnection, which is next.
      this.looks.push(...looks);
    }
  }

  private async readMeter({ light, caller }: MeterLook): Promise<void> {
    const { family, session } = this;
    if (!family || !session) return caller?.reject(this.standing.refusal());
    const exchange = family.energy(light.reading);
    let answer: object;
    try {
      answer = await session.request(exchange.request);
    } catch (error) {
      this.lost(session, error as Error);
      return caller?.reject(this.standing.refusal(error));
    }
    // A meter that makes no sense is no reason to give up the connection: the light is well.
    try {
      const energy = exchange.read(answer);
      this.parts.emit({ type: "energy", device: this.view(light), energy });
      caller?.resolve(energy);
    } catch (error) {
      if (hasCode(error, "DEVICE_REFUSED")) {
        light.hasNoMeter();
        this.parts.emit({ type: "info", device: this.view(light) });
      }
      caller?.reject(error as Error);
    }
  }

  // --- what comes in ------------------------------------------------------------------------------------------------------

  /** @param first after a connection: how it stands now is no news, whatever it was before */
  private taken(readings: readonly Reading[], first: boolean): void {
    const now = this.parts.clock.now();
    for (const reading of readings) {
      const light = this.lights.get(reading.info.id);
      if (!light) {
        const made = new Light(reading, now);
        this.lights.set(reading.info.id, made);
        this.parts.emit({ type: "state", device: this.view(made), cause: { kind: "first" } });
        continue;
      }
      const renamed = light.takeInfo(reading.info);
      if (first) this.confirm(light, reading.state, { kind: "first" }, true);
      else if (!light.endFade) this.confirm(light, reading.state, light.causeOfNews, false);
      // In the midst of a fade of steps a look shows what will not be so in a moment, unless somebody else wants it otherwise.
      else if (touched(light.state, reading.state)) {
        light.endFade();
        this.confirm(light, reading.state, { kind: "elsewhere" }, false);
      }
      if (renamed) this.parts.emit({ type: "info", device: this.view(light) });
    }
  }

  private confirm(light: Light, state: LightState, cause: StateCause, always: boolean): void {
    const before = light.state;
    light.state = state;
    light.confirmedAt = this.parts.clock.now();
    if (always || !sameState(before, state))
      this.parts.emit({ type: "state", device: this.view(light), cause, before });
  }

  private settled(): void {
    for (const light of this.lights.values()) light.settling = undefined;
  }

  private lost(session: Session, reason: Error): void {
    if (this.session !== session) return;
    this.session = undefined;
    session.close();
    this.settled();
    this.meters = this.meters.filter(({ caller }) => caller);
    this.parts.logger.debug({ device: this.id, reason: reason.message }, "connection lost");
    if (this.way) this.standing.lost(this.way, reason);
    this.wakeUp();
  }

  private failAll(error: Error): void {
    for (const light of this.lights.values()) {
      light.endFade?.();
      light.fail(error);
    }
    for (const look of this.looks.splice(0)) look.reject(error);
    for (const { caller } of this.meters.splice(0)) caller?.reject(error);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.alarm.set(ms);
      this.wakeUp = () => {
        this.alarm.clear();
        resolve();
      };
    });
  }
}

const closed = (): SkeinError => new SkeinError("DEVICE_UNREACHABLE", "its connection was closed.");
