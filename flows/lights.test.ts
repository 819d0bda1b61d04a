/** The flows that move lights, each as its file stands, against a leader that has some. */
import { always, until } from "../test/support/eventually";
import { startFlow, type FlowHouse } from "./support/house";
import { furnish, type Lights } from "./support/lights";

describe("lights in flows", () => {
  let house: FlowHouse;
  let lights: Lights;
  const start = async (file: string, env: Record<string, string>, rooms: Record<string, string>) => {
    house = await startFlow(`${file}.json`, "memory", env);
    lights = await furnish(house.leader, rooms);
  };
  afterEach(() => house.close());
  const ordered = (count: number) => until(() => lights.orders.length >= count);

  it("come on at sunset where the house stands, and fade out at bedtime", async () => {
    await start("sunset-lights", { LOCATION: "48.14 11.58" }, { "kasa-1": "living-room", "kasa-2": "hall" });
    house.press("skein-sunset-when", { topic: "trigger", payload: "sunset" });
    await ordered(1);
    expect(lights.orders).toEqual([{ "kasa-1": { brightness: 60, transitionMs: 30_000 } }]);
    house.press("skein-sunset-when", { topic: "trigger", payload: "bedtime" });
    await ordered(2);
    expect(lights.orders[1]).toEqual({ "kasa-1": { on: false, transitionMs: 60_000 } });
  });

  it("dim for a movie, and come back as they were", async () => {
    await start("movie-scene", {}, { "kasa-1": "living-room", "kasa-2": "living-room", "kasa-3": "hall" });
    await lights.wallSwitch("kasa-1");
    house.press("skein-movie-keep");
    await ordered(1);
    const dimmed = { brightness: 8, transitionMs: 3000 };
    expect(lights.orders).toEqual([{ "kasa-1": dimmed, "kasa-2": dimmed }]);
    house.press("skein-movie-back");
    await ordered(2);
    expect([lights.state("kasa-1"), lights.state("kasa-2").on]).toEqual([{ on: true, brightness: 100 }, false]);
  });

  describe("follow whoever is in the room", () => {
    const seen = (occupied: boolean | null, room = "hall") =>
      house.press("skein-follow-decide", { payload: { room, occupied } });
    // A fifth of a second: the flow's own figure is minutes.
    const begin = () => start("follow-me-light", { EMPTY_MINUTES: "0.004" }, { "kasa-1": "hall" });

    it("come on with somebody, go off when the room has been empty, and stay when nobody knows", async () => {
      await begin();
      seen(true, "attic");
      seen(true);
      await ordered(1);
      seen(false);
      // The camera went blind: what it said before is no reason any more.
      seen(null);
      await always(() => expect(lights.orders).toEqual([{ "kasa-1": { on: true } }]), 500);
      seen(false);
      await ordered(2);
      expect(lights.orders[1]).toEqual({ "kasa-1": { on: false, transitionMs: 3000 } });
    });

    it("are left alone after a hand on the wall switch", async () => {
      await begin();
      seen(true);
      await ordered(1);
      await lights.wallSwitch("kasa-1");
      expect(await house.shown("skein-follow-noted")).toMatchObject({ on: false });
      seen(true);
      seen(false);
      await always(() => expect(lights.orders).toHaveLength(1), 500);
    });

    it("are not put out for an emptiness from before the hand", async () => {
      await begin();
      seen(true);
      await ordered(1);
      seen(false);
      await lights.wallSwitch("kasa-1");
      await always(() => expect(lights.orders).toHaveLength(1), 500);
    });

    it("follow again when the hand's two hours are over", async () => {
      await start("follow-me-light", { HAND_HOURS: "0.0001" }, { "kasa-1": "hall" });
      seen(true);
      await ordered(1);
      await lights.wallSwitch("kasa-1");
      await house.shown("skein-follow-noted");
      await until(() => {
        seen(true);
        return lights.orders.length > 1;
      });
      expect(lights.orders[1]).toEqual({ "kasa-1": { on: true } });
    });
  });

  describe("after a power cut", () => {
    const LAMPS = { "kasa-1": "hall", "kasa-2": "hall", "kasa-3": "attic" };
    const begin = async () => {
      await start("after-a-power-cut", { WITHIN_SECONDS: "0.3" }, LAMPS);
      // One was lit, and the flow has heard of it.
      await lights.wallSwitch("kasa-3");
      await until(() => house.remembers("skein-power-learn", "known")?.["kasa-3"] !== undefined);
    };

    it("come back as they were, and not all on at three in the morning", async () => {
      await begin();
      for (const id of Object.keys(LAMPS)) await lights.lose(id);
      for (const id of Object.keys(LAMPS)) await lights.regain(id);
      await ordered(2);
      expect(Object.assign({}, ...lights.orders)).toEqual({ "kasa-1": { on: false }, "kasa-2": { on: false } });
      expect([lights.state("kasa-1").on, lights.state("kasa-2").on, lights.state("kasa-3").on]).toEqual([
        false,
        false,
        true,
      ]);
    });

    it("are left lit when it is one alone: somebody used its mains switch", async () => {
      await begin();
      await lights.lose("kasa-1");
      await lights.regain("kasa-1");
      await always(() => expect(lights.orders).toEqual([]), 800);
      // That is how it is to be from now on.
      for (const id of ["kasa-1", "kasa-2"]) await lights.lose(id);
      for (const id of ["kasa-1", "kasa-2"]) await lights.regain(id);
      await always(() => expect(lights.orders).toEqual([]), 800);
    });
  });
});
