/** Which devices a node means: ids, rooms, groups as they were chosen or as a message names them; nothing chosen in the dialog is every light. */
import { devicesOf, type DeviceTarget } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { groupIn, isDeviceChoice, listOf, roomIn } from "@skein/palette";
import type { Light, LightDesk } from "./light-desk";

export interface Targets {
  readonly ids: readonly string[];
  /** One device that was named: its state is the payload, and it says itself what it cannot do. */
  readonly alone: boolean;
  /** `devices/kasa-...`, `rooms/kitchen`, `groups/movie`, or `devices` for more than one of these. */
  readonly topic: string;
}

/**
 * What a message, a context or the environment names. Nothing is nobody here: a misspelt property, or a filter that left nothing over,
 * must not switch the house.
 * @throws SkeinError TARGET_INVALID
 */
export function namesIn(named: unknown): string[] {
  const names = listOf(named);
  const wrong = names.find((name) => !isDeviceChoice(name));
  if (wrong === undefined && names.length > 0) return names;
  throw new SkeinError("TARGET_INVALID", `${wordsOf(wrong ?? named)} names no device, room or group.`, {
    hint: "Give a device's id, room:kitchen or group:movie, or a list of these. Every light is meant only where the node itself is left without a choice.",
  });
}

const wordsOf = (named: unknown): string =>
  named === undefined || named === null ? "what is not there" : JSON.stringify(named);

/** @throws SkeinError TARGET_UNKNOWN where the house has none of what was named, or it is empty */
export function targetsOf(desk: Pick<LightDesk, "lights" | "get" | "house">, names: readonly string[]): Targets {
  const [only, ...others] = names;
  const ids = idsOf(desk, names);
  const absent = names.find((name) => !isThere(desk, name));
  if (absent !== undefined || ids.length === 0)
    throw new SkeinError("TARGET_UNKNOWN", absent ? `there is no "${absent}".` : "there is no light to set.", {
      hint: "Take the device into the house on the leader's page, or open this node and choose what is there.",
    });
  const one = only !== undefined && others.length === 0 ? only : undefined;
  return { ids, alone: one !== undefined && one === ids[0] && !isPlace(one), topic: one ? topicOf(one) : "devices" };
}

/** The same for whoever only watches: what is not there (yet) is nobody. */
export function idsOf(desk: Pick<LightDesk, "lights" | "house">, names: readonly string[]): readonly string[] {
  if (names.length === 0)
    return desk
      .lights()
      .filter(isLight)
      .map(({ id }) => id);
  return devicesOf(desk.house, names.map(targetIn));
}

/** A fridge hangs on a plug: whoever chose nothing does not mean it, nor what has not said yet whether it is one. */
const isLight = ({ kind }: Light): boolean => kind !== undefined && kind !== "plug" && kind !== "outlet";

/** Whether it takes the house to know whom these are. */
export const needsHouse = (names: readonly string[]): boolean => names.length === 0 || names.some(isPlace);

const isPlace = (name: string): boolean => roomIn(name) !== undefined || groupIn(name) !== undefined;

function targetIn(name: string): DeviceTarget {
  const [room, group] = [roomIn(name), groupIn(name)];
  if (room !== undefined) return { kind: "room", id: room };
  return group === undefined ? { kind: "device", id: name } : { kind: "group", id: group };
}

function isThere(desk: Pick<LightDesk, "get" | "house">, name: string): boolean {
  const { kind, id } = targetIn(name);
  if (kind === "device") return desk.get(id) !== undefined;
  return (kind === "room" ? desk.house.rooms : desk.house.groups).some((place) => place.id === id);
}

const topicOf = (name: string): string => {
  const { kind, id } = targetIn(name);
  return `${kind}s/${id}`;
};
