/**
 * The one connection to one device, and the one loop that uses it: whatever many callers ask for, one request is under way. Commands go before looks;
 * a look follows each command; between them the device is looked at now and then, for somebody may have used the wall switch.
 */
import { messageOf, SkeinError } from "@skein/kit";
import type { HeldDevice, KasaEvent, Reached } from "../client";
import { fit } from "../families/wanted";
import { LazyTimer } from "../lazy-timer";
import type { Change, Energy, LightState } from "../model";
import { Asked, type Work } from "./asked";
import { Connection, type ConnectionParts } from "./connection";
import type { Way } from "./dial";
import { Exchanges } from "./exchanges";
import { fade } from "./fade";
import type { Light } from "./light";
import { Lights } from "./lights";
import { noSuchLight } from "./no-such-light";
import { Schedule, type ScheduleTimes } from "./schedule";

export interface LinkParts extends ConnectionParts, ScheduleTimes {
  readonly emit: (event: KasaEvent) => void;
}

export class DeviceLink {
  private readonly connection: Connection;
  private readonly lights: Lights;
  private readonly asked: Asked;
  private readonly schedule: Schedule;
  private readonly exchanges: Exchanges;
  private readonly life = new AbortController();
  private readonly alarm: LazyTimer;
  private wakeUp: () => void = () => {};
  private readonly loop: Promise<void>;

  constructor(
    readonly id: string,
    way: Way | undefined,
    private readonly parts: LinkParts,
  ) {
    const { clock, random, emit } = parts;
    const viewOf = (light: Light) => this.view(light);
    this.connection = new Connection(id, way, parts, {
      diagnosed: (before) => {
        for (const device of this.views()) emit({ type: "diagnosis", device, before });
      },
      lost: () => {
        this.lights.settled();
        this.asked.dropMeters();
        this.wakeUp();
      },
    });
    this.lights = new Lights({ clock, emit, viewOf });
    this.asked = new Asked(this.lights, () => this.wakeUp());
    this.schedule = new Schedule(parts, random);
    const { connection, lights, asked, schedule } = this;
    const { signal } = this.life;
    this.exchanges = new Exchanges({ connection, lights, asked, schedule, clock, emit, viewOf, signal });
    this.alarm = new LazyTimer(clock, () => this.wakeUp());
    this.loop = this.run().catch((error: unknown) => {
      // What is cut off by the end is no failure.
      if (!this.stopped) throw error;
    });
  }

  /** One, or one an outlet; of a device that never answered, what is known. */
  views(): HeldDevice[] {
    const { all } = this.lights;
    return all.length === 0 ? [this.view(undefined)] : all.map((light) => this.view(light));
  }

  private view(light: Light | undefined): HeldDevice {
    const { way, diagnosis } = this.connection;
    return {
      id: light?.info.id ?? this.id,
      endpoint: way?.endpoint,
      protocol: way?.protocol,
      info: light?.info,
      state: light?.state,
      confirmedAt: light?.confirmedAt,
      fading: light?.endFade !== undefined,
      diagnosis,
    };
  }

  // --- asking -------------------------------------------------------------------------------------------------------------

  set(id: string, change: Change, by: unknown): Promise<Reached> {
    return this.whenThere(id, (light) => {
      if (light.hasNothingToEnd(change)) return { state: light.state, ms: 0 };
      const faded = light.endFade;
      faded?.();
      const { brightness, transition } = light.info.abilities;
      const stepped = (change.transitionMs ?? 0) > 0 && !transition;
      if (!stepped) return this.instead(faded, light, change, by);
      const { transitionMs: _, ...plain } = change;
      if (!brightness) return this.instead(faded, light, plain, by);
      // What it cannot is refused now, and not by the last of the steps, which nobody waits for.
      fit(light.info, change);
      return fade(light, change, {
        clock: this.parts.clock,
        ask: (step) => this.order(light, step, by),
        look: () => this.asked.look(),
        over: () => this.parts.emit({ type: "info", device: this.view(light) }),
        endedEarly: (reason) =>
          this.parts.logger.debug({ device: id, reason: messageOf(reason) }, "a fade ended early"),
      });
    });
  }

  /** From where it is or is about to be, so that each of many quick turns of a knob counts. */
  step(id: string, points: number, by: unknown): Promise<Reached> {
    return this.whenThere(id, (light) => {
      const faded = light.endFade;
      faded?.();
      const brightness = Math.min(100, Math.max(1, light.aimedBrightness + points));
      return this.instead(faded, light, { brightness }, by);
    });
  }

  refresh(id: string): Promise<LightState> {
    return this.whenThere(id, async (light) => {
      await this.asked.look();
      return light.state;
    });
  }

  energy(id: string): Promise<Energy> {
    return this.whenThere(id, (light) => {
      if (!light.info.abilities.energy) throw new SkeinError("DEVICE_CANNOT", `a ${light.info.model} has no meter.`);
      return this.asked.meter(light);
    });
  }

  /** Tries now, whatever the pause was to be: the credentials are others. */
  knock(): void {
    this.connection.knock();
    this.wakeUp();
  }

  /** It answered to a search, there. */
  sighted(way: Way): void {
    this.connection.sighted(way);
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.life.abort(closed());
    this.asked.failAll(closed());
    this.connection.close();
    this.wakeUp();
    this.alarm.close();
    await this.loop;
    // Whom the loop, cut off in the midst of a look, has put back to wait for a reconnection.
    this.asked.failAll(closed());
  }

  private get stopped(): boolean {
    return this.life.signal.aborted;
  }

  /** Does it with the light once the device is there; one that is away is knocked at, but not by everybody all the time. */
  private async whenThere<T>(id: string, act: (light: Light) => Promise<T> | T): Promise<T> {
    if (this.stopped) throw closed();
    if (!this.connection.line) {
      if (this.connection.isHopeless) throw this.connection.refusal();
      await this.asked.look();
    }
    const light = this.lights.get(id);
    if (!light) throw noSuchLight(id, this.id, this.views());
    return act(light);
  }

  /** An order that ended a fade tells by its state that the fade is over; one that is refused has none to tell. */
  private async instead(faded: (() => void) | undefined, light: Light, change: Change, by: unknown): Promise<Reached> {
    try {
      return await this.order(light, change, by);
    } catch (error) {
      if (faded && !light.endFade) this.parts.emit({ type: "info", device: this.view(light) });
      throw error;
    }
  }

  private order(light: Light, change: Change, by: unknown): Promise<Reached> {
    return this.asked.order(light, change, by, this.parts.clock.monotonic());
  }

  // --- the loop -----------------------------------------------------------------------------------------------------------

  private async run(): Promise<void> {
    // What the constructor's caller does next comes first.
    await Promise.resolve();
    while (!this.stopped) {
      const { line } = this.connection;
      if (line) {
        const now = this.parts.clock.monotonic();
        const work = this.nextWork(now);
        if (work) await this.exchanges.carryOut(work, line);
        else await this.pause(Math.min(this.schedule.lookIn(now), this.schedule.meterIn(now)));
      } else await this.connect();
    }
  }

  private nextWork(now: number): Work | undefined {
    const next = this.asked.next();
    if (next) return next;
    if (this.schedule.lookIn(now) <= 0) return { does: "look" };
    if (this.schedule.meterIn(now) > 0) return undefined;
    const measuring = this.lights.all.filter(({ info }) => info.abilities.energy);
    this.schedule.metered(now, measuring.length > 0);
    this.asked.meterAll(measuring);
    return this.asked.next();
  }

  private async connect(): Promise<void> {
    const { clock, emit } = this.parts;
    if (this.connection.wasShort && this.asked.isEmpty) await this.pause(this.schedule.lookIn(clock.monotonic()));
    if (this.stopped) return;
    const opened = await this.connection.open(this.life.signal);
    if (!opened) {
      const pauseMs = this.connection.nextPauseMs();
      // Where there is a new reason to try (it was just seen elsewhere), whoever asked meanwhile hears what comes of that.
      if (pauseMs === 0) return;
      const fading = this.lights.all.filter(({ endFade }) => endFade);
      this.asked.failAll(this.connection.refusal());
      for (const light of fading) this.parts.emit({ type: "info", device: this.view(light) });
      // Whoever was told of it may have given the device up.
      if (!this.stopped) await this.pause(pauseMs);
      return;
    }
    const { readings, way, before } = opened;
    this.lights.taken(readings, true);
    const device = this.views()[0] as HeldDevice;
    if (before && before.protocol !== way.protocol && before.protocol !== "tpap")
      emit({ type: "protocol-changed", device, from: before.protocol, to: way.protocol });
    if (before && before.endpoint.host !== way.endpoint.host)
      emit({ type: "moved", device, from: before.endpoint, to: way.endpoint });
    this.schedule.begin(clock.monotonic());
    for (const look of this.asked.takeLooks()) look.resolve();
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
