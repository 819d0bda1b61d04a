/** The examples that the nodes bring to the editor's import dialog: each runs as it is, and does what it says. And what is passed on gives nothing away. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  agentCommand,
  devicesCommand,
  deviceState,
  heartbeat,
  houseState,
  hubChannelState,
  hubCommand,
  hubDescription,
  hubEvent,
  noticeAnswerCommand,
  noticeCommand,
  routine,
  routineCommand,
  type DataOf,
} from "@skein/contracts";
import { startFlow, type FlowHouse } from "../flows/support/house";
import { eventually, until } from "./support/eventually";
import { givenAway } from "../packages/palette/src/testing/example-check";

const BOOT = "0f3f2b1e-7a5e-4c55-8f0a-1f2e3d4c5b6a";
const nodes = join(__dirname, "../nodes");
const tried = new Set<string>();

describe("the example", () => {
  let running: FlowHouse | undefined;
  const start = async (name: string) => {
    tried.add(name);
    return (running = await startFlow(`../nodes/${name}`));
  };
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  it("changes of state tells who died and who is back", async () => {
    const house = await start("heartbeat-monitor/examples/changes-of-state.json");
    await house.say("cv-1", "alive");
    await house.say("cv-1", "dead", { cause: "will" });
    expect(await house.shown("skein-example-changes-dead")).toMatchObject({ id: "cv-1", state: "dead", cause: "will" });
    await house.say("cv-1", "alive");
    expect(await house.shown("skein-example-changes-alive")).toMatchObject({ id: "cv-1", state: "alive" });
  });

  it("metrics warns of a follower that is too hot, and lets one without a thermometer be", async () => {
    const house = await start("heartbeat-monitor/examples/metrics.json");
    await house.measure("audio-1", {});
    await house.measure("cv-1", { temperatureC: 71 });
    expect(await house.shown("skein-example-metrics-warn")).toMatchObject({ temperatureC: 71 });
  });

  it("listen to the bus hears a heartbeat and a foreign topic", async () => {
    const house = await start("bus/examples/listen-to-the-bus.json");
    const follower = await house.enter("cv-1", "follower");
    await follower.publish(heartbeat, { id: "cv-1" }, { bootId: BOOT, nextInMs: 5000, capabilities: {} });
    expect(await house.shown("skein-example-in-show-beats")).toMatchObject({ bootId: BOOT });
    await follower.publishRaw("zigbee2mqtt/lamp", Buffer.from('{"state":"ON"}'), "event");
    expect(await house.shown("skein-example-in-show-free")).toEqual({ state: "ON" });
  });

  it("say something says an event and has a command answered", async () => {
    const house = await start("bus/examples/say-something.json");
    house.press("skein-example-out-press");
    await house.shown("skein-example-out-said");
    expect(house.news).toEqual([{ door: "front" }]);
    const follower = await house.enter("cv-1", "follower");
    await follower.serve(agentCommand, { target: "cv-1" }, () => "here I am");
    house.press("skein-example-out-ping");
    expect(await house.shown("skein-example-out-answer")).toBe("here I am");
  });

  it("ask with buttons tells somebody and comes back with what was pressed", async () => {
    const house = await start("notify/examples/ask-with-buttons.json");
    const marks: (string | undefined)[] = [];
    await house.leader.serve(noticeCommand, {}, ({ data }) => {
      marks.push(data.mark);
      return { id: "n", sent: { page: { ok: true } } };
    });
    house.press("skein-example-notify-press");
    expect(await house.shown("skein-example-notify-sent")).toBeDefined();
    const [mark = ""] = marks;
    const answer = { notice: "n", node: "skein-example-notify-ask", mark, action: { id: "off", label: "Switch off" } };
    await house.leader.request(noticeAnswerCommand, { target: "flow-host" }, { ...answer, by: "ann", at: 1 });
    expect(await house.shown("skein-example-notify-off")).toBe("off");
  });

  it("start from a phone opens a routine, and says who started it with what", async () => {
    const house = await start("routine/examples/start-from-a-phone.json");
    const open: string[] = [];
    await house.leader.subscribe(routine, {}, ({ ids }) => void open.push(ids.id));
    await until(() => open.includes("movie-night"));
    await house.leader.request(
      routineCommand,
      { target: "flow-host" },
      { routine: "movie-night", input: { film: "Alien" }, by: "ann" },
    );
    expect(await house.shown("skein-example-routine-show")).toBe("Movie night: Alien, asked for by ann.");
  });

  describe("of the kasa light", () => {
    const asked: DataOf<typeof devicesCommand>[] = [];
    /** A house with one lamp, which follows. */
    const startWithLamp = async (name: string) => {
      asked.length = 0;
      const house = await start(`kasa-light/examples/${name}.json`);
      const { leader } = house;
      const [epoch, abilities] = [1, { brightness: true, color: true, effects: [], transition: true, energy: false }];
      const lamp = { name: "Lamp", kind: "bulb" as const, model: "KL130", abilities, condition: "ok" as const };
      const tell = (on: boolean, kind: "first" | "elsewhere") =>
        leader.publish(
          deviceState,
          { id: "lamp" },
          { ...lamp, state: { on, brightness: 40 }, cause: { kind } },
          { epoch },
        );
      await tell(true, "first");
      await leader.publish(houseState, {}, { rooms: [], residents: [], places: [] }, { epoch });
      await leader.serve(devicesCommand, {}, ({ data }) => {
        asked.push(data);
        return { devices: [{ device: "lamp", ok: true, state: { on: true, brightness: 7 }, ms: 1 }] };
      });
      return { ...house, tell };
    };

    it("switches, dims and colours", async () => {
      const house = await startWithLamp("switch-dim-and-colour");
      house.press("skein-example-switch-dim");
      expect(await house.shown("skein-example-switch-confirmed")).toEqual({
        on: true,
        devices: { lamp: { on: true, brightness: 7 } },
      });
      expect(asked).toEqual([{ action: "set", changes: [{ device: "lamp", set: { brightness: 30 } }] }]);
    });

    it("tells of a hand on the wall switch", async () => {
      const house = await startWithLamp("a-hand-on-the-wall-switch");
      await house.tell(false, "elsewhere");
      expect(await house.shown("skein-example-wall-show")).toBe("Lamp was switched off by hand.");
    });

    it("saves a scene, and applies it in two seconds", async () => {
      const house = await startWithLamp("save-and-apply-a-scene");
      house.press("skein-example-scene-keep");
      await until(() => asked.length === 1);
      house.press("skein-example-scene-go");
      await until(() => asked.length === 2);
      expect(asked).toEqual([
        { action: "scene-save", name: "Movie", devices: ["lamp"] },
        { action: "scene-apply", scene: "Movie", transitionMs: 2000 },
      ]);
    });

    it("fades out", async () => {
      const house = await startWithLamp("fade-out");
      house.press("skein-example-fade-sleep");
      expect(await house.shown("skein-example-fade-show")).toBeDefined();
      expect(asked).toEqual([
        { action: "set", changes: [{ device: "lamp", set: { on: false, transitionMs: 10_000 } }] },
      ]);
    });
  });

  describe("of the stm32 peripheral", () => {
    const asked: DataOf<typeof hubCommand>[] = [];
    /** A house with one board, which has a fan and a thermometer and does as it is told. */
    const startWithBoard = async (name: string) => {
      asked.length = 0;
      const house = await start(`stm32-peripheral/examples/${name}.json`);
      const board = await house.enter("hub-1", "follower");
      const limits = { step: 0.1, safe: 0, maxMs: 0, needsArm: false, canCalibrate: false };
      const fan = { id: 2, name: "fan", kind: "led", driven: true, unit: "%", min: 0, max: 100, canRamp: true };
      const room = { id: 8, name: "temperature", kind: "temperature", driven: false, unit: "Cel", min: -40, max: 125 };
      const channels = [
        { ...limits, ...fan },
        { ...limits, ...room, canRamp: false },
      ];
      await board.publish(hubDescription, { id: "hub-1" }, { board: "nucleo-f446re", firmware: "1.0.0", channels });
      await board.serve(hubCommand, { target: "hub-1" }, ({ data }) => {
        asked.push(data);
        return { channels: data.action === "set" ? [{ channel: 2, value: data.changes[0]?.value }] : [], ms: 1 };
      });
      const measure = (value: number) =>
        board.publish(hubChannelState, { id: "hub-1", channel: "8" }, { value, at: 1000 + value });
      const happens = (event: string, channel: number) =>
        board.publish(hubEvent, { id: "hub-1" }, { event, channel, at: 1 });
      return { ...house, measure, happens };
    };

    it("drives a fan, for a minute as well, and tells what happened", async () => {
      const house = await startWithBoard("drive-a-fan");
      house.press("skein-example-fan-minute");
      expect(await house.shown("skein-example-fan-stands")).toMatchObject({ name: "fan", value: 100, unit: "%" });
      expect(asked).toEqual([{ action: "set", changes: [{ channel: 2, value: 100, rampMs: 2000, forMs: 60_000 }] }]);
      await house.happens("time-over", 2);
      expect(await house.shown("skein-example-fan-happened")).toMatchObject({ event: "time-over", name: "fan" });
    });

    it("says in words how warm it is, at the start and when it has changed", async () => {
      const house = await startWithBoard("watch-a-sensor");
      await house.measure(21.5);
      expect(await house.shown("skein-example-climate-show")).toBe("temperature: 21.5 °C");
      await house.measure(22);
      await eventually(async () =>
        expect(await house.shown("skein-example-climate-show")).toBe("temperature: 22.0 °C"),
      );
      await house.happens("fault", 8);
      expect(await house.shown("skein-example-climate-happened")).toMatchObject({ event: "fault" });
    });
  });

  it("is tried here, whichever it is", () => {
    const all = readdirSync(nodes, { recursive: true, encoding: "utf8" }).filter((name) =>
      /^[^/]+\/examples\/.+\.json$/.test(name),
    );
    expect([...tried].toSorted()).toEqual(all.toSorted());
  });
});

// Those of the packages are checked with everything else of a package (palette.test.ts).
const flows = join(__dirname, "../flows");
it.each(readdirSync(flows).filter((name) => name.endsWith(".json")))(
  "the ready-made flow %s holds nobody's address, name or password",
  (name) => {
    const text = readFileSync(join(flows, name), "utf8");
    expect(givenAway(text)).toEqual([]);
    expect(givenAway(text.replace('"mode"', '"url":"mqtt://192.168.1.20","mode"'))).toEqual([
      "an IP address",
      "a bus or web address",
    ]);
  },
);
