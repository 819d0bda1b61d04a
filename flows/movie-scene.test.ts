import { eventually } from "../test/support/eventually";
import { startLights, type LitHouse } from "./support/lights";

const FILM = { on: true, brightness: 12, hue: 230, saturation: 70 };

describe("the movie scene", () => {
  let house: LitHouse;
  beforeEach(async () => {
    house = await startLights("movie-scene.json", "skein-movie-once");
    await house.switch(0, { on: true, brightness: 80, kelvin: 2700 });
    await house.switch(1, { on: false });
    await house.told(0, { state: { on: true, brightness: 80, kelvin: 2700 } });
    await house.told(1, { state: { on: false } });
  });
  afterEach(() => house.close());

  it("dims and colours the room, and has it afterwards as it was, also after a restart in between", async () => {
    house.flow.tell("skein-movie-begin");
    await eventually(() => expect(house.look()).toEqual([FILM, FILM]), 10_000);
    // A second press keeps nothing anew.
    house.flow.tell("skein-movie-link", { payload: true });
    await house.restartFlow();
    house.flow.tell("skein-movie-finish");
    await eventually(
      () => expect(house.look()).toMatchObject([{ on: true, brightness: 80, kelvin: 2700 }, { on: false }]),
      10_000,
    );
  });

  it("changes nothing when a film ends that never began", async () => {
    house.flow.tell("skein-movie-link", { payload: false });
    house.flow.tell("skein-movie-link", { payload: "soon" });
    await house.flow.shown("skein-movie-once");
    expect(house.look()).toMatchObject([{ on: true, brightness: 80 }, { on: false }]);
  });
});
