/** What a desk hears where the broker refuses it a part of what it asks for. */
import { deviceState, houseState, scenesState, type AnyMessage } from "@skein/contracts";
import { SkeinError, systemClock } from "@skein/kit";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import { eventually, until } from "../../../test/support/eventually";
import { busDeskOf } from "./bus-desk";

describe("the desk of a bus", () => {
  let house: MemoryHouse;
  let asked: AnyMessage[];
  let refused: Set<AnyMessage>;
  beforeEach(() => {
    house = memoryHouse();
    asked = [];
    refused = new Set();
    const { bus } = house;
    const subscribe = bus.subscribe.bind(bus);
    bus.subscribe = ((message: AnyMessage, ...more: unknown[]) => {
      asked.push(message);
      if (refused.has(message)) return Promise.reject(new SkeinError("BUS_REFUSED", "no."));
      return (subscribe as (...all: unknown[]) => unknown)(message, ...more);
    }) as typeof bus.subscribe;
  });
  afterEach(() => house.close());
  const desk = () => busDeskOf(house.bus, systemClock);
  const times = (message: AnyMessage) => asked.filter((each) => each === message).length;
  const tell = async () => {
    const leader = house.join("leader", "leader");
    await until(() => leader.link.up);
    const data = { name: "Lamp", condition: "ok", virtual: false, state: { on: true } } as const;
    await leader.publish(deviceState, { id: "lamp" }, { ...data, model: "KL130" });
    await leader.publish(scenesState, {}, { scenes: [{ id: "movie", name: "Movie" }] });
    await leader.publish(houseState, {}, { rooms: [], residents: [], places: [] });
  };

  it("is one, and asks for what was refused again when somebody comes, for nothing else", async () => {
    refused.add(scenesState);
    const first = desk();
    await tell();
    await eventually(() => expect(first.get("lamp")).toMatchObject({ name: "Lamp" }));
    expect(desk()).toBe(first);
    expect(first.scenes).toEqual([]);
    refused.clear();
    await eventually(() => {
      expect(desk()).toBe(first);
      expect(first.scenes).toEqual([{ id: "movie", name: "Movie" }]);
    });
    desk();
    expect([times(deviceState), times(scenesState)]).toEqual([1, 3]);
  });

  it("hears all of it for whoever was there already, when all was refused and no longer is", async () => {
    const all = [deviceState, scenesState, houseState];
    for (const message of all) refused.add(message);
    const first = desk();
    await tell();
    await eventually(() => expect(all.map(times)).toEqual([1, 1, 1]));
    expect([first.ready, first.lights()]).toEqual([false, []]);
    refused.clear();
    await eventually(() => {
      expect(desk()).toBe(first);
      expect([first.ready, first.lights(), first.scenes]).toMatchObject([true, [{}], [{}]]);
    });
  });
});
