/** What a dialog lets one choose from, as the house is now. */
import { devicesOf } from "@skein/contracts";
import type { Offers } from "./config";
import type { Light, LightDesk } from "./light-desk";

export function offersOf(desk: LightDesk): Offers {
  const { house } = desk;
  const { rooms, places, groups } = house;
  const roomOf = (id: string) => {
    const room = places.find((place) => place.kind === "device" && place.id === id)?.room;
    return rooms.find((each) => each.id === room)?.name;
  };
  const place =
    (kind: "room" | "group") =>
    ({ id, name }: { id: string; name: string }) => ({
      id,
      name,
      devices: devicesOf(house, [{ kind, id }]).map((device) => desk.get(device)?.name ?? device),
    });
  return {
    devices: desk.lights().map((light) => ({
      id: light.id,
      name: light.name,
      virtual: light.virtual,
      room: roomOf(light.id),
      note: noteOf(light),
    })),
    rooms: rooms.map(place("room")).filter(({ devices }) => devices.length > 0),
    groups: groups.map(place("group")),
    scenes: desk.scenes,
  };
}

/** A key below `kasa-light.status.`. */
const noteOf = ({ condition, state }: Light): string =>
  condition === "ok" && state ? (state.on ? "on" : "off") : condition;
