/** What a dialog lets one choose from, as the house is now: followers, rooms with who stands in them, residents, devices. */
import type { RegistryView } from "@skein/contracts";
import { roomChoice } from "../pattern";
import type { Offer } from "./live-list";
import { ask } from "./style";

interface Follower {
  readonly id: string;
  readonly name: string;
  readonly virtual: boolean;
  readonly state: string;
}

const ofBus = (bus: string | undefined): string => (bus && bus !== "_ADD_" ? `?bus=${encodeURIComponent(bus)}` : "");

export const liveFollowers = (bus: string | undefined): Promise<Follower[]> =>
  ask<Follower[]>(`skein/followers${ofBus(bus)}`);

/** Empty where no leader has told of its house. */
export const liveHouse = (bus: string | undefined): Promise<RegistryView> =>
  ask<RegistryView>(`skein/house${ofBus(bus)}`);

/** Rooms, and after them each follower; for a setting whose items `isFollowerChoice` takes. */
export async function followerOffers(bus: string | undefined, stateText: (state: string) => string): Promise<Offer[]> {
  const [followers, rooms] = await Promise.all([
    liveFollowers(bus),
    // A bus package of before there were rooms: then there are none to choose.
    roomsWith(bus).catch(() => []),
  ]);
  const nameOf = (id: string) => followers.find((follower) => follower.id === id)?.name ?? id;
  return [
    ...rooms.map(({ id, name, followers: inside }) => ({
      value: roomChoice(id),
      name,
      icon: "fa-home",
      note: { text: inside.map(nameOf).join(", ") },
    })),
    ...followers.map(({ id, name, virtual, state }) => ({
      value: id,
      name,
      virtual,
      note: { text: stateText(state), look: state },
    })),
  ];
}

export async function roomsWith(
  bus: string | undefined,
): Promise<{ id: string; name: string; followers: readonly string[] }[]> {
  const { rooms, places } = await liveHouse(bus);
  return rooms.map(({ id, name }) => ({
    id,
    name,
    followers: places.filter(({ kind, room }) => kind === "follower" && room === id).map((place) => place.id),
  }));
}

/** For a setting that holds residents' ids. */
export const residentOffers = async (bus: string | undefined): Promise<Offer[]> =>
  (await liveHouse(bus)).residents.map(({ id, name }) => ({ value: id, name }));

/** For a setting that holds devices' ids: those that the owner has put somewhere or named. */
export async function deviceOffers(bus: string | undefined): Promise<Offer[]> {
  const { rooms, places } = await liveHouse(bus);
  return places
    .filter(({ kind }) => kind === "device")
    .map(({ id, name = id, room }) => ({
      value: id,
      name,
      note: { text: rooms.find((each) => each.id === room)?.name ?? "" },
    }));
}
