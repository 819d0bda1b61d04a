import type { RegistryView } from "@skein/contracts";
import { byRoom, placeOf } from "./registry";

const registry: RegistryView = {
  rooms: [
    { id: "hall", name: "Hall", private: false },
    { id: "attic", name: "Attic", private: false },
  ],
  residents: [],
  places: [
    { kind: "follower", id: "cv-1", room: "attic", name: "Eye" },
    { kind: "device", id: "cv-2", room: "hall" },
    { kind: "follower", id: "cv-3", room: "gone" },
  ],
  groups: [],
};
const roomOf = (id: string) => placeOf(registry, "follower", id)?.room;
const groups = (of: RegistryView | undefined, emptyToo?: boolean) =>
  byRoom(of, ["cv-1", "cv-2", "cv-3"], roomOf, emptyToo).map(({ room, things }) => [room?.name, things]);

it("finds a thing by its kind and its id", () => {
  expect(placeOf(registry, "follower", "cv-1")?.name).toBe("Eye");
  expect(placeOf(registry, "follower", "cv-2")).toBeUndefined();
  expect(placeOf(undefined, "follower", "cv-1")).toBeUndefined();
});

it("groups by room in the registry's order, and last what is in none or in one that is gone", () => {
  expect(groups(registry)).toEqual([
    ["Attic", ["cv-1"]],
    [undefined, ["cv-2", "cv-3"]],
  ]);
  expect(groups(registry, true)[0]).toEqual(["Hall", []]);
  expect(groups(undefined)).toEqual([[undefined, ["cv-1", "cv-2", "cv-3"]]]);
});
