/** One request to the device and its answer: an order, a look, a reading of a meter; and what becomes of who asked when it fails. */
import { hasCode, type Clock } from "@skein/kit";
import type { HeldDevice, KasaEvent } from "../client";
import type { Asked, MeterLook, Work } from "./asked";
import type { Connection, Line } from "./connection";
import type { Light, Order } from "./light";
import type { Lights } from "./lights";
import type { Schedule } from "./schedule";

export interface ExchangeParts {
  readonly connection: Connection;
  readonly lights: Lights;
  readonly asked: Asked;
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly emit: (event: KasaEvent) => void;
  readonly viewOf: (light: Light) => HeldDevice;
  /** Given up: nothing is tried again. */
  readonly signal: AbortSignal;
}

export class Exchanges {
  constructor(private readonly parts: ExchangeParts) {}

  carryOut(work: Work, line: Line): Promise<void> {
    switch (work.does) {
      case "order":
        return this.sendOrder(work.light, line);
      case "meter":
        return this.readMeter(work.meter, line);
      case "look":
        return this.look(line);
    }
  }

  private async sendOrder(light: Light, { session, family }: Line): Promise<void> {
    const { order } = light;
    if (!order) return;
    light.order = undefined;
    const { clock, schedule, lights, connection } = this.parts;
    let exchange;
    try {
      exchange = family.change(light.reading, order.change);
    } catch (error) {
      return refuse(order, error as Error);
    }
    light.underWay = order.change;
    try {
      const state = exchange.read(await session.request(exchange.request));
      light.settling = { by: order.by };
      const now = clock.monotonic();
      schedule.commanded(now, order.change.transitionMs ?? 0);
      lights.confirm(light, state, { kind: "command", by: order.by }, true);
      for (const waiter of order.waiters) waiter.resolve({ state, ms: now - waiter.sinceMs });
    } catch (error) {
      if (hasCode(error, "DEVICE_REFUSED")) return refuse(order, error);
      connection.lost(session, error as Error);
      // Absolute, so that to send it twice does no harm.
      if (!order.retried && !this.parts.signal.aborted) light.askAgain(order);
      else refuse(order, connection.refusal(error));
    } finally {
      light.underWay = undefined;
    }
  }

  private async look({ session, family }: Line): Promise<void> {
    const { clock, schedule, lights, asked, connection } = this.parts;
    const looks = asked.takeLooks();
    const settled = schedule.looked(clock.monotonic());
    const exchange = family.readings();
    try {
      lights.taken(exchange.read(await session.request(exchange.request)), false);
      if (settled) lights.settled();
      for (const look of looks) look.resolve();
    } catch (error) {
      connection.lost(session, error as Error);
      asked.putBack(looks);
    }
  }

  private async readMeter({ light, caller }: MeterLook, { session, family }: Line): Promise<void> {
    const { connection, emit, viewOf } = this.parts;
    const exchange = family.energy(light.reading);
    let answer: object;
    try {
      answer = await session.request(exchange.request);
    } catch (error) {
      connection.lost(session, error as Error);
      return caller?.reject(connection.refusal(error));
    }
    // A meter that makes no sense is no reason to give up the connection: the light is well.
    try {
      const energy = exchange.read(answer);
      emit({ type: "energy", device: viewOf(light), energy });
      caller?.resolve(energy);
    } catch (error) {
      if (hasCode(error, "DEVICE_REFUSED")) {
        light.hasNoMeter();
        emit({ type: "info", device: viewOf(light) });
      }
      caller?.reject(error as Error);
    }
  }
}

const refuse = ({ waiters }: Order, error: Error): void => {
  for (const waiter of waiters) waiter.reject(error);
};
