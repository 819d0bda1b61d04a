import { eventually, until } from "../test/support/eventually";
import { startLights, type LitHouse } from "./support/lights";

const HOUR = 3_600_000;
const realNow = Date.now.bind(Date);
const DECIDES = "skein-follow-decide";

describe("light follows me", () => {
  let house: LitHouse;
  beforeEach(async () => {
    house = await startLights("follow-me-light.json", DECIDES, 1);
    await house.switch(0, { on: false });
    await house.told(0, { state: { on: false } });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    return house.close();
  });

  /** As the eye will say it. */
  const occupied = (value: boolean | null, room = "living-room") =>
    house.flow.tell("skein-follow-occupancy", { payload: { room, occupied: value } });
  const lit = (on: boolean) => eventually(() => expect(house.look()).toMatchObject([{ on }]));
  const kept = () => house.flow.remembered(DECIDES);
  const later = (ms: number) => {
    jest.spyOn(Date, "now").mockImplementation(() => realNow() + ms);
    house.flow.tell("skein-follow-minute", { payload: "minute" });
  };
  /** What is seen until the look that follows a command is that command's. */
  const settled = () => until(() => JSON.stringify(house.bulbs[0]?.requests.at(-1)?.request).includes("get_sysinfo"));
  const hand = async (on: boolean) => {
    await settled();
    house.bulbs[0]?.wallSwitch();
    await lit(on);
    await house.told(0, { cause: { kind: "elsewhere" }, state: { on } });
    await until(() => typeof kept()["hand"] === "number");
  };

  it("is lit for whoever comes, dark when nobody is there, and leaves other rooms' messages alone", async () => {
    occupied(true);
    await lit(true);
    await house.told(0, { state: { on: true } });
    occupied(false, "kitchen");
    occupied(false);
    await lit(false);
  });

  it("is never darkened by a camera that does not know", async () => {
    occupied(true);
    await lit(true);
    occupied(null);
    house.flow.tell("skein-follow-occupancy", { payload: { room: "living-room" } });
    // The next thing that is done comes after what would have been done of these.
    await house.switch(0, { brightness: 33 });
    expect(house.look()).toMatchObject([{ on: true, brightness: 33 }]);
    expect(kept()["occupied"]).toBe(true);
  });

  it("darkens nothing at the first word after it was made", async () => {
    await house.switch(0, { on: true });
    occupied(false);
    await until(() => kept()["occupied"] === false);
    await house.switch(0, { brightness: 33 });
    expect(house.look()).toMatchObject([{ on: true }]);
  });

  it("respects a hand on the wall switch for two hours, over a restart, and an empty room goes dark then", async () => {
    occupied(true);
    await lit(true);
    await house.told(0, { state: { on: true }, cause: { kind: "command" } });
    await hand(false);
    await hand(true);
    await house.restartFlow();
    occupied(false);
    await until(() => kept()["occupied"] === false);
    later(1.9 * HOUR);
    await house.switch(0, { brightness: 33 });
    expect(house.look()).toMatchObject([{ on: true, brightness: 33 }]);
    later(2.1 * HOUR);
    await lit(false);
  });
});
