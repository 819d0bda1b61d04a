/** What may be done to the registry, as pure functions from one to the next; each throws a SkeinError for what cannot be. */
import {
  DEVICE_LIMITS,
  REGISTRY_LIMITS,
  type GroupView,
  type PlaceView,
  type RegistryView,
  type ResidentView,
  type RoomView,
} from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { idFrom } from "../id-from";

export type ThingKind = PlaceView["kind"];
type Named = "rooms" | "residents" | "groups";
/** `undefined`: as it is; `null`: none. */
export interface PlaceChange {
  readonly room?: string | null | undefined;
  readonly name?: string | null | undefined;
}

/** The id that a new one gets: its own wish, or one made from its name. @throws SkeinError ID_TAKEN */
export function newId(list: readonly { readonly id: string }[], name: string, wished: string | undefined): string {
  const taken = (id: string) => list.some((each) => each.id === id);
  if (wished !== undefined && taken(wished))
    throw new SkeinError("ID_TAKEN", `"${wished}" is the id of another one.`, { hint: "Choose another id." });
  return wished ?? idFrom(name, taken);
}

/** @throws SkeinError NAME_TAKEN, REGISTRY_FULL */
export function add<K extends Named>(registry: RegistryView, kind: K, what: RegistryView[K][number]): RegistryView {
  checkName(registry[kind], what);
  checkRoomFor(kind, registry[kind].length);
  return withinMembers({ ...registry, [kind]: [...registry[kind], what] });
}

/** @throws SkeinError ROOM_UNKNOWN, RESIDENT_UNKNOWN, GROUP_UNKNOWN, NAME_TAKEN, REGISTRY_FULL */
export function change<K extends Named>(
  registry: RegistryView,
  kind: K,
  id: string,
  with_: { readonly [P in keyof RegistryView[K][number]]?: RegistryView[K][number][P] | undefined },
): RegistryView {
  const before = find(registry, kind, id);
  const given = Object.fromEntries(Object.entries(with_).filter(([, value]) => value !== undefined));
  const after = { ...before, ...given };
  checkName(registry[kind], after);
  return withinMembers({ ...registry, [kind]: registry[kind].map((each) => (each.id === id ? after : each)) });
}

/** A room's things stand nowhere afterwards, and keep what they are called. @throws SkeinError ROOM_UNKNOWN */
export function removeRoom(registry: RegistryView, id: string): RegistryView {
  find(registry, "rooms", id);
  const places = registry.places.flatMap((place) => {
    if (place.room !== id) return [place];
    const { room: _, ...rest } = place;
    return rest.name === undefined ? [] : [rest];
  });
  return { ...registry, places, rooms: registry.rooms.filter((room) => room.id !== id) };
}

/** @throws SkeinError RESIDENT_UNKNOWN */
export function removeResident(registry: RegistryView, id: string): RegistryView {
  find(registry, "residents", id);
  return { ...registry, residents: registry.residents.filter((resident) => resident.id !== id) };
}

/** @throws SkeinError GROUP_UNKNOWN */
export function removeGroup(registry: RegistryView, id: string): RegistryView {
  find(registry, "groups", id);
  return { ...registry, groups: registry.groups.filter((group) => group.id !== id) };
}

/** A device that comes into the house: its place and its groups, or nothing. @throws SkeinError ROOM_UNKNOWN, GROUP_UNKNOWN, REGISTRY_FULL */
export function settleDevice(
  registry: RegistryView,
  id: string,
  { groups = [], ...wish }: PlaceChange & { readonly groups?: readonly string[] | undefined },
): RegistryView {
  const joined = groups.reduce((so, group) => {
    const { devices } = find(so, "groups", group);
    if (devices.includes(id)) return so;
    checkRoomInGroup(devices.length);
    return change(so, "groups", group, { devices: [...devices, id] });
  }, registry);
  return place(joined, "device", id, wish);
}

/** It stands nowhere and is in no group: another one of its id shall not find itself there. */
export function forgetDevice(registry: RegistryView, id: string): RegistryView {
  const isIn = registry.groups.some(({ devices }) => devices.includes(id));
  const stands = registry.places.some((each) => each.kind === "device" && each.id === id);
  if (!isIn && !stands) return registry;
  const groups = registry.groups.map((group) => ({ ...group, devices: group.devices.filter((each) => each !== id) }));
  return place({ ...registry, groups }, "device", id, { room: null, name: null });
}

/**
 * Others come in a device's stead (the outlets of a power strip): they stand where it stood and are in its groups, and it is forgotten.
 * @throws SkeinError REGISTRY_FULL
 */
export function succeedDevice(registry: RegistryView, id: string, heirs: readonly DeviceHeir[]): RegistryView {
  const { room } = placeOf(registry, "device", id);
  const groups = registry.groups.filter(({ devices }) => devices.includes(id)).map((group) => group.id);
  const without = forgetDevice(registry, id);
  return heirs.reduce(
    (so, { id: heir, name }) =>
      settleDevice(so, heir, { groups, ...(room !== undefined && { room }), ...(name !== undefined && { name }) }),
    without,
  );
}

export interface DeviceHeir {
  readonly id: string;
  /** What it is called from now on, where that is not what it calls itself. */
  readonly name?: string;
}

/** @throws SkeinError ROOM_UNKNOWN, REGISTRY_FULL */
export function place(registry: RegistryView, kind: ThingKind, id: string, wish: PlaceChange): RegistryView {
  const before = placeOf(registry, kind, id);
  const room = wish.room === undefined ? before.room : (wish.room ?? undefined);
  const name = wish.name === undefined ? before.name : (wish.name ?? undefined);
  if (room !== undefined) find(registry, "rooms", room);
  const others = registry.places.filter((each) => each.kind !== kind || each.id !== id);
  if (room === undefined && name === undefined) return { ...registry, places: others };
  checkRoomFor("places", others.length);
  const after = { kind, id, ...(room !== undefined && { room }), ...(name !== undefined && { name }) };
  const order = (a: PlaceView, b: PlaceView) => (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1);
  return { ...registry, places: [...others, after].toSorted(order) };
}

/** Where it stands; what was never placed stands nowhere. */
export const placeOf = (registry: RegistryView, kind: ThingKind, id: string): PlaceView =>
  registry.places.find((each) => each.kind === kind && each.id === id) ?? { kind, id };

/** @throws SkeinError ROOM_UNKNOWN, RESIDENT_UNKNOWN, GROUP_UNKNOWN */
export function find<K extends Named>(registry: RegistryView, kind: K, id: string): RegistryView[K][number] {
  const found = (registry[kind] as (RoomView | ResidentView | GroupView)[]).find((each) => each.id === id);
  if (found) return found;
  throw UNKNOWN[kind](id);
}

const UNKNOWN: Record<Named, (id: string) => SkeinError> = {
  rooms: (id) => new SkeinError("ROOM_UNKNOWN", `there is no room "${id}".`),
  residents: (id) => new SkeinError("RESIDENT_UNKNOWN", `there is no resident "${id}".`),
  groups: (id) => new SkeinError("GROUP_UNKNOWN", `there is no group "${id}".`),
};

/** Two rooms that are called the same are one in everybody's mouth. */
function checkName(
  list: readonly { readonly id: string; readonly name: string }[],
  { id, name }: { readonly id: string; readonly name: string },
): void {
  const said = (text: string) => text.normalize("NFC").toLowerCase();
  const other = list.find((each) => each.id !== id && said(each.name) === said(name));
  if (other)
    throw new SkeinError("NAME_TAKEN", `"${other.name}" is called so already.`, { hint: "Choose another name." });
}

function withinMembers(registry: RegistryView): RegistryView {
  const members = registry.groups.reduce((sum, { devices }) => sum + devices.length, 0);
  if (members <= REGISTRY_LIMITS.members) return registry;
  throw new SkeinError("REGISTRY_FULL", `all groups together hold ${REGISTRY_LIMITS.members} devices at most.`);
}

function checkRoomInGroup(count: number): void {
  if (count >= DEVICE_LIMITS.devices)
    throw new SkeinError("REGISTRY_FULL", `a group holds ${DEVICE_LIMITS.devices} devices at most.`);
}

function checkRoomFor(kind: Exclude<keyof typeof REGISTRY_LIMITS, "members">, count: number): void {
  if (count >= REGISTRY_LIMITS[kind])
    throw new SkeinError("REGISTRY_FULL", `the house keeps ${REGISTRY_LIMITS[kind]} ${kind} at most.`);
}
