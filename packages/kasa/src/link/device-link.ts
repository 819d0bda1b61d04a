/**
 * The one connection to one device, and the one loop that uses it: whatever many callers ask for, one request is under way. Commands go before looks;
 * a look follows each command; between them the device is looked at now and then, for somebody may have used the wall switch.
 */
import { backoffMs, hasCode, messageOf, SkeinError, sleep, type Clock, type Logger, type Random } from "@skein/kit";
import type { HeldDevice, KasaEvent, Reached, StateCause } from "../client";
import type { Attempt, Diagnosis } from "../diagnosis";
import { addressOf } from "../failure";
import type { Family, Reading } from "../families/family";
import type { Change, Energy, LightState } from "../model";
import type { Session } from "../protocol";
import { diagnose } from "./diagnose";
import { dial, type DialParts, type Way } from "./dial";
import { fadeSteps, type FadeStep } from "./fade-steps";
import { Light, sameState, type Waiter } from "./light";

export interface LinkParts extends Omit<DialParts, "credentials"> {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly credentials: () => DialParts["credentials"];
  readonly pollMs: number;
  readonly energyMs: number;
  readonly settleMs: number;
  emit(event: KasaEvent): void;
}

/** Reconnection: at once, then ever more slowly. */
const BACKOFF = { baseMs: 1000, maxMs: 60_000 } as const;
/** A command to a device that is away tries to reach it, unless that was tried as recently as this, ms. */
const KNOCK_AGAIN_MS = 2000;
const KEPT_ATTEMPTS = 12;
/** Who refused our credentials is not pestered: each handshake ends another client's session. New ones are tried at once. */
const CREDENTIALS_AGAIN_MS = 300_000;
/** How often it is dialled when another client takes the session away, and the longest pause between, ms. */
const TIMES_IF_TAKEN = 3;
const TAKEN_PAUSE_MS = 250;
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
  private diagnosis: Diagnosis;
  private session: Session | undefined;
  private family: Family | undefined;
  private looks: Look[] = [];
  private lookAt: number | undefined;
  private pollAt = 0;
  private energyAt = 0;
  private failures = 0;
  private lastKnock = -Infinity;
  private connectedAt = -Infinity;
  /** Whether there is a reason to try that the attempt under way knows nothing of. */
  private tryAgain = false;
  private wakeUp: () => void = () => {};
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(
    readonly id: string,
    private way: Way | undefined,
    private readonly parts: LinkParts,
  ) {
    this.diagnosis = {
      condition: "connecting",
      since: parts.clock.now(),
      text: "it is being connected to.",
      tried: [],
    };
    this.loop = this.run();
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
      diagnosis: this.diagnosis,
    };
  }

  set(id: string, change: Change, by: unknown): Promise<Reached> {
    return this.whenThere(id, (light) => {
      light.endFade?.();
      const { brightness, transition } = light.info.abilities;
      const stepped = (change.transitionMs ?? 0) > 0 && !transition;
      if (!stepped) return this.ask(light, change, by);
      const { transitionMs: _, ...plain } = change;
      return brightness ? this.fade(light, change, by) : this.ask(light, plain, by);
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
  private meters: MeterLook[] = [];

  /** Tries now, whatever the pause was to be: the credentials are others. */
  knock(): void {
    this.lastKnock = -Infinity;
    this.failures = 0;
    this.tryAgain = true;
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const light of this.lights.values()) light.endFade?.();
    this.failAll(new SkeinError("DEVICE_UNREACHABLE", "its connection was closed."));
    this.session?.close();
    this.wakeUp();
    await this.loop;
  }

  // --- asking -------------------------------------------------------------------------------------------------------------

  /** Does it with the light once the device is there; one that is away is knocked at, but not by everybody all the time. */
  private async whenThere<T>(id: string, act: (light: Light) => Promise<T> | T): Promise<T> {
    if (!this.session) {
      const { condition } = this.diagnosis;
      const refused = condition !== "connecting" && condition !== "ok";
      if (refused && this.parts.clock.monotonic() - this.lastKnock < KNOCK_AGAIN_MS) throw this.unreachable();
      await new Promise<void>((resolve, reject) => {
        this.looks.push({ resolve, reject });
        this.wakeUp();
      });
    }
    const light = this.lights.get(id);
    if (!light) throw new SkeinError("DEVICE_UNKNOWN", `the device ${this.id} has no outlet "${id}".`);
    return act(light);
  }

  private ask(light: Light, change: Change, by: unknown): Promise<Reached> {
    return new Promise((resolve, reject) => {
      light.ask(change, by, { sinceMs: this.parts.clock.monotonic(), resolve, reject });
      this.wakeUp();
    });
  }

  /** Resolves at the first step, as a device that fades by itself says yes at the beginning. */
  private fade(light: Light, change: Change, by: unknown): Promise<Reached> {
    const { clock, logger } = this.parts;
    const steps = fadeSteps(light.state, change);
    const end = () => {
      if (light.endFade === end) light.endFade = undefined;
      for (const cancel of cancels) cancel();
    };
    const take = async ({ change: step }: FadeStep): Promise<Reached> => {
      const reached = await this.ask(light, step, by);
      if (step === steps.at(-1)?.change) end();
      return reached;
    };
    const cancels = steps.slice(1).map((step) =>
      clock.setTimer(
        () =>
          void take(step).catch((error: unknown) => {
            end();
            logger.debug({ device: light.info.id, reason: messageOf(error) }, "a fade ended early");
          }),
        step.atMs,
      ),
    );
    light.endFade = end;
    return take(steps[0] as FadeStep);
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
        if (now - this.connectedAt < STEADY_MS && !this.isAsked()) await this.pause(this.pollAt - now);
        this.tryAgain = false;
        if (!(await this.connect())) await this.pauseBeforeNextTry();
        continue;
      }
      const work = this.nextWork();
      if (work) await work();
      // The look that follows a command takes the place of the one that is due now and then.
      else await this.pause(Math.min(this.lookAt ?? this.pollAt, this.energyAt) - this.parts.clock.monotonic());
    }
  }

  private async pauseBeforeNextTry(): Promise<void> {
    if (this.stopped || this.tryAgain) return;
    const refused = this.diagnosis.condition === "credentials";
    await this.pause(refused ? CREDENTIALS_AGAIN_MS : backoffMs(this.failures++, BACKOFF, this.parts.random));
  }

  private isAsked(): boolean {
    return this.looks.length > 0 || this.meters.length > 0 || [...this.lights.values()].some((light) => light.order);
  }

  private nextWork(): (() => Promise<void>) | undefined {
    const now = this.parts.clock.monotonic();
    for (const light of this.lights.values()) if (light.order) return () => this.sendOrder(light);
    const meter = this.meters.shift();
    if (meter) return () => this.readMeter(meter);
    const settled = this.lookAt !== undefined && now >= this.lookAt;
    if (this.looks.length > 0 || settled || (this.lookAt === undefined && now >= this.pollAt))
      return () => this.sendLook();
    if (now >= this.energyAt) {
      this.energyAt = now + this.parts.energyMs;
      const measuring = [...this.lights.values()].filter(({ info }) => info.abilities.energy);
      if (measuring.length === 0) this.energyAt = Infinity;
      this.meters.push(...measuring.map((light) => ({ light })));
      return this.nextWork();
    }
    return undefined;
  }

  private async connect(): Promise<boolean> {
    const { clock, emit, logger } = this.parts;
    this.lastKnock = clock.monotonic();
    const before = this.way;
    const result = await this.dialPatiently(before);
    if (this.stopped) {
      result.connected?.session.close();
      return false;
    }
    if (!result.connected) {
      const finding = diagnose(result.tried);
      this.diagnosed({ ...finding, tried: result.tried });
      this.failAll(this.unreachable());
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
    this.diagnosed({ condition: "ok", text: "it is connected.", tried: result.tried });
    this.taken(readings, true);
    const device = this.views()[0] as HeldDevice;
    if (before && before.protocol !== session.protocol && before.protocol !== "tpap")
      emit({ type: "protocol-changed", device, from: before.protocol, to: session.protocol });
    if (before && before.endpoint.host !== session.endpoint.host)
      emit({ type: "moved", device, from: before.endpoint, to: session.endpoint });
    this.nextPoll();
    this.energyAt = clock.monotonic();
    for (const look of this.looks.splice(0)) look.resolve();
    return true;
  }

  /** Two clients that both look every few seconds get into each other's handshakes; a moment later each gets through. */
  private async dialPatiently(known: Way | undefined): ReturnType<typeof dial> {
    const { clock, random } = this.parts;
    for (let time = 1; ; time++) {
      const result = await dial(this.id, known, { ...this.parts, credentials: this.parts.credentials() });
      const taken = !result.connected && result.tried.some(({ answer }) => answer === "KASA_SESSION_TAKEN");
      if (!taken || this.stopped || time === TIMES_IF_TAKEN) return result;
      await sleep(clock, TAKEN_PAUSE_MS * (0.25 + 0.75 * random.next()));
    }
  }

  private async sendOrder(light: Light): Promise<void> {
    const { order } = light;
    const { family, session } = this;
    if (!order || !family || !session) return;
    light.order = undefined;
    const { clock, settleMs } = this.parts;
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
      // Looks during a fade would tell values in between.
      this.lookAt = clock.monotonic() + settleMs + (order.change.transitionMs ?? 0);
      this.confirm(light, state, { kind: "command", by: order.by }, true);
      const now = clock.monotonic();
      for (const waiter of order.waiters) waiter.resolve({ state, ms: now - waiter.sinceMs });
    } catch (error) {
      if (hasCode(error, "DEVICE_REFUSED")) {
        for (const waiter of order.waiters) waiter.reject(error);
        return;
      }
      this.lost(session, error as Error);
      // Absolute, so that to send it twice does no harm; what was asked for meanwhile goes on top of it.
      if (order.retried || this.stopped) for (const waiter of order.waiters) waiter.reject(this.unreachable(error));
      else resend(light, order);
    } finally {
      light.underWay = undefined;
    }
  }

  private async sendLook(): Promise<void> {
    const { family, session } = this;
    if (!family || !session) return;
    const looks = this.looks.splice(0);
    const settled = this.lookAt !== undefined && this.parts.clock.monotonic() >= this.lookAt;
    this.nextPoll();
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
    if (!family || !session) return caller?.reject(this.unreachable());
    const exchange = family.energy(light.reading);
    let answer: object;
    try {
      answer = await session.request(exchange.request);
    } catch (error) {
      this.lost(session, error as Error);
      return caller?.reject(this.unreachable(error));
    }
    // A meter that makes no sense is no reason to give up the connection: the light is well.
    try {
      const energy = exchange.read(answer);
      this.parts.emit({ type: "energy", device: this.view(light), energy });
      caller?.resolve(energy);
    } catch (error) {
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
      const renamed = light.info.alias !== reading.info.alias || light.info.firmware !== reading.info.firmware;
      light.info = reading.info;
      if (first) this.confirm(light, reading.state, { kind: "first" }, true);
      // While an order is under way a look shows what will not be so in a moment.
      else if (!light.endFade) this.confirm(light, reading.state, light.causeOfNews, false);
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
    this.lookAt = undefined;
    for (const light of this.lights.values()) light.settling = undefined;
  }

  private lost(session: Session, reason: Error): void {
    if (this.session !== session) return;
    this.session = undefined;
    session.close();
    this.settled();
    this.meters = this.meters.filter(({ caller }) => caller);
    this.parts.logger.debug({ device: this.id, reason: reason.message }, "connection lost");
    if (this.way) this.noted(this.way, reason);
    this.wakeUp();
  }

  private noted({ endpoint, protocol }: Way, error: Error): void {
    const answer = hasCode(error) ? error.code : "KASA_CONNECTION_LOST";
    const attempt: Attempt = {
      protocol,
      address: addressOf(endpoint),
      at: this.parts.clock.now(),
      answer,
      text: error.message,
    };
    this.diagnosis = { ...this.diagnosis, tried: [attempt, ...this.diagnosis.tried].slice(0, KEPT_ATTEMPTS) };
  }

  private diagnosed({ condition, text, hint, tried }: Pick<Diagnosis, "condition" | "text" | "hint" | "tried">): void {
    const before = this.diagnosis;
    const same = before.condition === condition;
    const kept = [...tried, ...before.tried.filter((old) => !tried.some((each) => sameWay(each, old)))];
    this.diagnosis = {
      condition,
      since: same ? before.since : this.parts.clock.now(),
      text,
      ...(hint !== undefined && { hint }),
      tried: kept.slice(0, KEPT_ATTEMPTS),
    };
    if (!same) for (const device of this.views()) this.parts.emit({ type: "diagnosis", device, before });
  }

  private unreachable(cause?: unknown): SkeinError {
    const { text, hint } = this.diagnosis;
    const why = cause === undefined ? text : messageOf(cause);
    return new SkeinError("DEVICE_UNREACHABLE", `the device is not reached: ${why}`, {
      ...(hint !== undefined && { hint }),
      cause,
    });
  }

  private failAll(error: Error): void {
    for (const light of this.lights.values()) {
      light.endFade?.();
      light.fail(error);
    }
    for (const look of this.looks.splice(0)) look.reject(error);
    for (const { caller } of this.meters.splice(0)) caller?.reject(error);
  }

  private nextPoll(): void {
    const jitter = 0.9 + 0.2 * this.parts.random.next();
    this.pollAt = this.parts.clock.monotonic() + this.parts.pollMs * jitter;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.parts.clock.setTimer(() => resolve(), Math.max(0, ms));
      this.wakeUp = () => {
        cancel();
        resolve();
      };
    });
  }
}

function resend(light: Light, order: { change: Change; by: unknown; waiters: Waiter[] }): void {
  const newer = light.order;
  light.order = { ...order, waiters: [...order.waiters], retried: true };
  if (!newer) return;
  for (const waiter of newer.waiters) light.ask(newer.change, newer.by, waiter);
}

const sameWay = (a: Attempt, b: Attempt): boolean => a.protocol === b.protocol && a.address === b.address;
