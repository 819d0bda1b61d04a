/** Carries an order out: finds whom it means, decides what that is for each, and asks once. */
import type { Because } from "@skein/bus";
import { SkeinError, type Clock } from "@skein/kit";
import { settledWithin } from "@skein/palette";
import { expectAfter, expectedOf } from "./expected";
import type { Light, LightDesk, Outcome } from "./light-desk";
import type { Order, Wish } from "./order";
import { needsState, resolve } from "./resolve";
import { idsOf, needsHouse, targetsOf, type Targets } from "./targets";

/** What the leader tells at a connection is there within so long, ms. */
const PICTURE_MS = 3000;

export interface Carried extends Pick<Targets, "alone" | "topic"> {
  readonly outcomes: readonly Outcome[];
}

export interface Parts {
  readonly desk: LightDesk;
  readonly clock: Clock;
  /** Whom the node means; empty: every light. */
  readonly names: readonly string[];
  /** How long a change takes where the order does not say, ms. */
  readonly fadeMs: number | undefined;
  readonly because: Because;
}

/** @throws SkeinError TARGET_UNKNOWN, and what the desk throws */
export async function carryOut(order: Exclude<Order, { does: "nothing" }>, parts: Parts): Promise<Carried> {
  const { desk, because } = parts;
  await desk.open();
  if (order.does === "apply") {
    const { devices } = await desk.applyScene(order.scene, order.transitionMs ?? parts.fadeMs, because);
    return { alone: false, topic: `scenes/${order.scene}`, outcomes: devices };
  }
  await picture(parts, order.does !== "set" || needsState(order.wish));
  const targets = targetsOf(desk, parts.names);
  const lights = targets.ids.map((id) => desk.get(id) ?? stranger(id));
  if (order.does === "set") return { ...targets, outcomes: await set(order.wish, lights, targets.alone, parts) };
  if (order.does === "report") return { ...targets, outcomes: lights.map(asItStands) };
  const known = lights.filter(({ state }) => state);
  if (known.length === 0) return { ...targets, outcomes: lights.map(asItStands) };
  await desk.saveScene(
    order.scene,
    known.map(({ id }) => id),
    because,
  );
  return { alone: false, topic: `scenes/${order.scene}`, outcomes: known.map(asItStands) };
}

/** Who is meant is known, and, where it matters, how they stand. */
async function picture({ desk, clock, names }: Parts, withStates: boolean): Promise<void> {
  const isWhole = () => {
    const ids = idsOf(desk, names);
    const lights = ids.flatMap((id) => desk.get(id) ?? []);
    const areKnown = ids.length > 0 && lights.length === ids.length;
    return (desk.ready || !needsHouse(names)) && areKnown && (!withStates || lights.every(({ state }) => state));
  };
  await settledWithin(desk, clock, PICTURE_MS, isWhole);
}

async function set(
  wish: Wish,
  lights: readonly Light[],
  alone: boolean,
  { desk, fadeMs, because }: Parts,
): Promise<readonly Outcome[]> {
  const faded = wish.transitionMs === undefined && fadeMs !== undefined ? { ...wish, transitionMs: fadeMs } : wish;
  const expected = lights.map((light) => expectedOf(desk, light));
  const { orders, missed } = resolve(faded, expected, alone);
  if (orders.length === 0) return missed.length > 0 ? missed : lights.map(asItStands);
  const done = expectAfter(desk, orders);
  let reached: readonly Outcome[] = [];
  try {
    ({ devices: reached } = await desk.set(orders, because));
  } finally {
    done(reached);
  }
  return [...reached, ...missed];
}

const stranger = (id: string): Light => ({ id, name: id, virtual: false, condition: "connecting" });

function asItStands({ id, name, state, why }: Light): Outcome {
  if (state) return { device: id, ok: true, state, ms: 0 };
  const message = `how "${name}" stands is not known${why ? `: ${why}` : "."}`;
  return { device: id, ok: false, code: "DEVICE_UNSEEN", message };
}

/** As those of the devices that are named stand now that their fades are over. */
export const fadedTo = (carried: Carried, { desk }: Pick<Parts, "desk">, ids: readonly string[]): Carried => ({
  ...carried,
  outcomes: carried.outcomes.map((one) => {
    const state = one.ok && ids.includes(one.device) ? desk.get(one.device)?.state : undefined;
    return one.ok && state ? { device: one.device, ok: true, state, ms: one.ms } : one;
  }),
});

/** What to tell a Catch node of those that were not reached; undefined when all were. */
export function failureOf({ outcomes }: Carried, nameOf: (id: string) => string): SkeinError | undefined {
  const failed = outcomes.flatMap((one) => (one.ok ? [] : [one]));
  const [first] = failed;
  if (!first) return undefined;
  const each = failed.map(({ device, code, message }) => `${nameOf(device)} (${code}): ${message}`).join(" ");
  const words =
    outcomes.length === 1 ? first.message : `${failed.length} of ${outcomes.length} devices did not follow. ${each}`;
  return Object.assign(new SkeinError(first.code, words), { devices: failed });
}
