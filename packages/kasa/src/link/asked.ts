/**
 * What is asked of one device and waits for its turn, whatever many ask: an order a light, its meter, a look, whose one answer is for all who
 * wait for it.
 */
import type { Reached } from "../client";
import type { Change, Energy } from "../model";
import type { Light } from "./light";
import type { Lights } from "./lights";

export interface Look {
  resolve(): void;
  reject(error: Error): void;
}

/** Without a caller when it is only time for it. */
export interface MeterLook {
  readonly light: Light;
  readonly caller?: { resolve(energy: Energy): void; reject(error: Error): void };
}

/** What is next. Of a look it takes who waits for it when it begins. */
export type Work =
  | { readonly does: "order"; readonly light: Light }
  | { readonly does: "meter"; readonly meter: MeterLook }
  | { readonly does: "look" };

export class Asked {
  private looks: Look[] = [];
  private meters: MeterLook[] = [];

  /** @param wake something is asked for */
  constructor(
    private readonly lights: Lights,
    private readonly wake: () => void,
  ) {}

  get isEmpty(): boolean {
    return this.looks.length === 0 && this.meters.length === 0 && this.lights.all.every(({ order }) => !order);
  }

  /** Becomes one with what waits for this light already. @param sinceMs when it was asked for, ms of the monotonic clock */
  order(light: Light, change: Change, by: unknown, sinceMs: number): Promise<Reached> {
    return new Promise((resolve, reject) => {
      light.ask(change, by, { sinceMs, resolve, reject });
      this.wake();
    });
  }

  look(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.looks.push({ resolve, reject });
      this.wake();
    });
  }

  meter(light: Light): Promise<Energy> {
    return new Promise((resolve, reject) => {
      this.meters.push({ light, caller: { resolve, reject } });
      this.wake();
    });
  }

  /** It is time for it, nobody waits. */
  meterAll(lights: readonly Light[]): void {
    this.meters.push(...lights.map((light) => ({ light })));
  }

  /** Commands go before looks. */
  next(): Work | undefined {
    for (const light of this.lights.all) if (light.order) return { does: "order", light };
    const meter = this.meters.shift();
    if (meter) return { does: "meter", meter };
    return this.looks.length > 0 ? { does: "look" } : undefined;
  }

  /** Who waits for a look that begins now. */
  takeLooks(): readonly Look[] {
    return this.looks.splice(0);
  }

  /** Whoever asked gets the answer of the reconnection, which is next. */
  putBack(looks: readonly Look[]): void {
    this.looks.push(...looks);
  }

  /** Nobody waits for these, and there will be a time for them again. */
  dropMeters(): void {
    this.meters = this.meters.filter(({ caller }) => caller);
  }

  failAll(error: Error): void {
    for (const light of this.lights.all) {
      light.endFade?.();
      light.fail(error);
    }
    for (const look of this.looks.splice(0)) look.reject(error);
    for (const { caller } of this.meters.splice(0)) caller?.reject(error);
  }
}
