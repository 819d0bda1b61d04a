import type { Bus } from "@skein/bus";
import { houseState, type InputOf } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { eventually, until } from "../../../test/support/eventually";
import { followerChoice } from "./follower-choice";
import { houseRegistryOf } from "./house-registry";
import { memoryHouse } from "./testing/memory-house";

const rooms = [
  { id: "kitchen", name: "Kitchen" },
  { id: "hall", name: "Hall" },
];
const residents = [{ id: "ann", name: "Ann" }];
const standing = (...places: InputOf<typeof houseState>["places"]) => ({ rooms, residents, places });

describe("the house's registry, as a node sees it", () => {
  const house = memoryHouse();
  const leader = house.join("leader", "leader");
  const view = houseRegistryOf(house.bus);
  const tell = (data: InputOf<typeof houseState>) => leader.publish(houseState, {}, data);
  const inKitchen = (...others: string[]) => followerChoice(["room:kitchen", ...others], house.bus);
  afterAll(() => house.close());

  it("is one for each bus, empty and not ready before a leader has told it; nobody stands anywhere", () => {
    expect(houseRegistryOf(house.bus)).toBe(view);
    expect([view.ready, view.now.rooms, inKitchen().ready, inKitchen("cv-1").has("cv-1")]).toEqual([
      false,
      [],
      false,
      true,
    ]);
    // Who asks for no room waits for none.
    expect(followerChoice(["cv-*"], house.bus)).toMatchObject({ ready: true, lacksRoom: false });
  });

  it("says who stands in a room now, and follows a move", async () => {
    await until(() => leader.link.up && house.bus.link.up);
    const chosen = inKitchen("attic");
    let changes = 0;
    const stop = view.onChange(() => changes++);
    await tell(standing({ kind: "follower", id: "cv-1", room: "kitchen" }, { kind: "follower", id: "cv-2" }));
    await until(() => changes === 1);
    expect(view.now).toMatchObject({ residents, rooms: [{ name: "Kitchen" }, { name: "Hall" }] });
    expect([chosen.ready, chosen.lacksRoom, ...["cv-1", "cv-2", "attic"].map(chosen.has)]).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    await tell(
      standing({ kind: "follower", id: "cv-1", room: "hall" }, { kind: "follower", id: "cv-2", room: "kitchen" }),
    );
    await eventually(() => expect(["cv-1", "cv-2", "attic"].map(chosen.has)).toEqual([false, true, true]));
    stop();
  });

  it("keeps a device of the same id apart, and says when a chosen room is gone", async () => {
    await tell({ ...standing({ kind: "device", id: "cv-3", room: "kitchen" }), rooms: rooms.slice(1) });
    const chosen = inKitchen();
    await until(() => chosen.lacksRoom);
    expect(chosen.has("cv-3")).toBe(false);
  });
});

it("nobody listens to the house who chooses no room, and a refusal is not for ever", async () => {
  const asked: string[] = [];
  const bus = {
    subscribe: ({ pattern }: { pattern: string }) => {
      asked.push(pattern);
      return Promise.reject(new SkeinError("BUS_REFUSED", "no."));
    },
  } as unknown as Bus;
  followerChoice(["cv-1", "audio-*"], bus);
  expect(asked).toEqual([]);
  followerChoice(["room:kitchen"], bus);
  followerChoice(["room:hall"], bus);
  expect(asked).toEqual([houseState.pattern]);
  await eventually(() => {
    followerChoice(["room:hall"], bus);
    expect(asked).toEqual([houseState.pattern, houseState.pattern]);
  });
});
