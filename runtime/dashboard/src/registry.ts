import type { PlaceView, RegistryView } from "@skein/contracts";

/** What the house registry says of a thing: in which room it stands, and what its owner calls it. */
export const placeOf = (
  registry: RegistryView | undefined,
  kind: PlaceView["kind"],
  id: string,
): PlaceView | undefined => registry?.places.find((place) => place.kind === kind && place.id === id);

export interface InRoom<T> {
  /** Undefined: what stands in no room. */
  readonly room: RegistryView["rooms"][number] | undefined;
  readonly things: readonly T[];
}

/** Things by the room they stand in, rooms in the registry's order, then those without one; empty groups only when asked. */
export function byRoom<T>(
  registry: RegistryView | undefined,
  things: readonly T[],
  roomOf: (thing: T) => string | undefined,
  emptyToo = false,
): readonly InRoom<T>[] {
  const rooms = registry?.rooms ?? [];
  const known = new Set(rooms.map(({ id }) => id));
  const roomless = things.filter((thing) => !known.has(roomOf(thing) ?? ""));
  const inRooms = rooms.map((room) => ({ room, things: things.filter((thing) => roomOf(thing) === room.id) }));
  return [
    ...inRooms.filter(({ things: inside }) => emptyToo || inside.length > 0),
    ...(roomless.length > 0 ? [{ room: undefined, things: roomless }] : []),
  ];
}
