import { eventually, until } from "../test/support/eventually";
import { startLights, type LitHouse } from "./support/lights";

const KEEPS = "skein-power-remember";
const DIMMED = { on: true, brightness: 20, kelvin: 2700 };

describe("after a power cut", () => {
  let house: LitHouse;
  beforeEach(async () => {
    house = await startLights("after-power-cut.json", KEEPS, 3);
    await house.switch(0, { on: false });
    await house.switch(1, { on: false });
    await house.switch(2, DIMMED);
    await until(() => {
      const wanted = Object.values((kept()["wanted"] ?? {}) as Record<string, { on: boolean }>);
      return wanted.length === 3 && wanted.filter(({ on }) => !on).length === 2;
    });
  });
  afterEach(() => house.close());

  const kept = () => house.flow.remembered(KEEPS);
  const cut = async (...which: number[]) => {
    for (const n of which) await house.bulbs[n]?.powerCut();
    for (const n of which) await eventually(async () => house.told(n, { condition: "unreachable" }), 10_000);
    for (const n of which) await house.bulbs[n]?.powerUp();
  };

  it("lights are as they were: dark ones dark, and not all lit at three in the morning", async () => {
    await cut(0, 1, 2);
    await eventually(() => expect(house.look()).toMatchObject([{ on: false }, { on: false }, DIMMED]), 20_000);
  });

  it("a light that comes back alone stays lit: a hand gave it its current", async () => {
    await cut(0);
    await house.told(0, { condition: "ok", state: { on: true }, cause: { kind: "first" } });
    await until(() => Object.keys((kept()["otherwise"] ?? {}) as object).length === 1);
    expect(house.look()).toMatchObject([{ on: true }, { on: false }, DIMMED]);
  });

  it("it knows how they were also when leader and flow host lost their current, too", async () => {
    for (const bulb of house.bulbs) await bulb.powerCut();
    await house.restartFlow();
    for (const bulb of house.bulbs) await bulb.powerUp();
    await house.restartLeader();
    await eventually(() => expect(house.look()).toMatchObject([{ on: false }, { on: false }, DIMMED]), 20_000);
  });
});
