import { FakeClock, seededRandom, silentLogger } from "@skein/kit";
import { crcOfDescriptions } from "./description";
import { openHubLink, type HubEvent, type HubLink, type HubLinkOptions } from "./link";
import { FakeBoard, LAMP, ROOM } from "./testing/fake-board";

describe("The link to a board", () => {
  let clock: FakeClock;
  let board: FakeBoard;
  let events: HubEvent[];
  let links: HubLink[];

  beforeEach(() => {
    clock = new FakeClock();
    board = new FakeBoard();
    events = [];
    links = [];
  });
  afterEach(async () => {
    for (const link of links) {
      const closed = link.close();
      await clock.advance(1000);
      await closed;
    }
  });

  const link = (options: Partial<HubLinkOptions> = {}): HubLink => {
    const made = openHubLink({
      open: board.open,
      clock,
      random: seededRandom(1),
      logger: silentLogger,
      onEvent: (event) => events.push(event),
      ...options,
    });
    links.push(made);
    return made;
  };
  const up = async (options?: Partial<HubLinkOptions>): Promise<HubLink> => {
    const made = link(options);
    await clock.advance(10);
    expect(made.board).toBeDefined();
    return made;
  };
  const types = () => events.map(({ type }) => type);

  it("shakes hands, learns the channels and drives one", async () => {
    const hub = await up();
    expect(hub.board?.channels).toMatchObject([
      { id: 1, name: "Lamp", kind: "led", driven: true, unit: "%", max: 100, canRamp: true, needsArm: false },
      { id: 2, name: "Room", kind: "temperature", driven: false },
    ]);
    await hub.ask("set", { channel: 1, value: 40 });
    expect(board.values.get(1)).toBe(40);
    expect(await hub.ask("read", { channel: 2 })).toMatchObject({ value: 21.5 });
    expect(types()).toEqual(["up"]);
  });

  it("sums descriptions as any CRC-32 does, in however many pieces they come", () => {
    const pieces = [Buffer.from("1234"), Buffer.from("56789")];
    expect(crcOfDescriptions(pieces)).toBe(0xcbf43926);
    expect(crcOfDescriptions([])).toBe(0);
  });

  it("asks for a description once, as long as its CRC is the same", async () => {
    const descriptions = new Map();
    await up({ descriptions });
    const asked = board.heard;
    await up({ descriptions });
    expect(board.heard - asked).toBe(1);
    board = new FakeBoard([{ ...LAMP, name: "Other" }, ROOM]);
    const other = await up({ descriptions });
    expect(other.board?.channels[0]?.name).toBe("Other");
  });

  it("asks again when an answer is lost or damaged, and the board does it once", async () => {
    const hub = await up();
    board.deaf = 1;
    const deaf = hub.ask("set", { channel: 1, value: 1 });
    await clock.advance(200);
    await deaf;
    board.damages = 2;
    const damaged = hub.ask("set", { channel: 1, value: 2 });
    await clock.advance(400);
    await damaged;
    expect(board.done).toEqual(["set", "set"]);
    expect(hub.stats.damaged).toBe(2);
  });

  it("has one question under way, and SAFE goes before what waits", async () => {
    const hub = await up();
    board.deaf = 1;
    const before = board.heard;
    const all = [
      hub.ask("set", { channel: 1, value: 1 }),
      hub.ask("set", { channel: 1, value: 2 }),
      hub.ask("safe", {}, true),
    ];
    await clock.advance(10);
    expect(board.heard - before).toBe(1);
    await clock.advance(200);
    await Promise.all(all);
    expect(board.done).toEqual(["set", "safe", "set"]);
  });

  it("says why the board says no", async () => {
    const hub = await up();
    await expect(hub.ask("set", { channel: 9, value: 1 })).rejects.toMatchObject({
      code: "HUB_REFUSED",
      reason: "unknown-channel",
    });
  });

  it("is down once when the board falls silent, and up when it speaks again", async () => {
    const hub = await up();
    board.deaf = 20;
    const lost = hub.ask("set", { channel: 1, value: 1 });
    const waiting = hub.ask("set", { channel: 1, value: 2 });
    const outcome = Promise.allSettled([lost, waiting]);
    await clock.advance(3000);
    expect(await outcome).toMatchObject([{ reason: { code: "HUB_NO_ANSWER" } }, { reason: { code: "HUB_NO_ANSWER" } }]);
    await expect(hub.ask("ping", {})).rejects.toMatchObject({ code: "HUB_DOWN" });
    board.deaf = 0;
    await clock.advance(1000);
    expect(types()).toEqual(["up", "down", "up"]);
    expect(events[1]).toMatchObject({ line: "open" });
    expect(events[2]).toMatchObject({ rebooted: false });
    // Nobody told the board what its caller was told is lost.
    expect(board.done).toEqual([]);
  });

  it("tells whoever asked when the cable is pulled in the midst of it, sends nothing again, and comes back", async () => {
    const hub = await up();
    board.deaf = 1;
    const asked = hub.ask("set", { channel: 1, value: 1 });
    const outcome = Promise.allSettled([asked]);
    await clock.advance(10);
    board.pull();
    expect(await outcome).toMatchObject([{ reason: { code: "HUB_LINE_CLOSED" } }]);
    await clock.advance(20_000);
    expect(types()).toEqual(["up", "down", "down"]);
    board.plugged = true;
    await clock.advance(6000);
    expect(types()).toEqual(["up", "down", "down", "up"]);
    expect(board.done).toEqual([]);
  });

  it.each([
    ["tells of it", true],
    ["does not get to tell of it", false],
  ])("notices a reset when the board %s", async (_, tells) => {
    await up();
    board.reset({ tells });
    await clock.advance(2000);
    expect(types()).toEqual(["up", "down", "up"]);
    expect(events[1]).toMatchObject({ error: { code: "HUB_RESET" } });
    expect(events[2]).toMatchObject({ rebooted: true });
  });

  it("keeps the board awake while nobody asks anything", async () => {
    const hub = await up({ hostLossMs: 2000 });
    const before = board.heard;
    await clock.advance(5000);
    expect(board.heard - before).toBe(10);
    expect(hub.board).toBeDefined();
  });

  it("counts samples that were lost, over the counter's end too, and hands on the rest", async () => {
    const hub = await up();
    for (const counter of [65_534, 65_535, 0, 3])
      board.tell("sample", { channel: 2, value: 20, counter, atMs: counter });
    board.tell("heartbeat", {
      uptimeMs: 5000,
      loopMaxUs: 90,
      loopMeanUs: 20,
      worstTask: "link",
      worstTaskUs: 80,
      stackFree: 900,
      rxDrops: 0,
      crcErrors: 0,
      txDrops: 0,
      armed: false,
    });
    expect(events.slice(1)).toMatchObject([
      { type: "sample", missed: 0 },
      { missed: 0 },
      { missed: 0 },
      { missed: 2 },
      { type: "heartbeat", heartbeat: { worstTask: "link" } },
    ]);
    expect(hub.stats.missed).toBe(2);
  });

  it("takes the answer to READ for one of the channel's samples, and not for a gap", async () => {
    const hub = await up();
    const tell = () => board.tell("sample", { channel: 2, value: 20, counter: board.count(2), atMs: 0 });
    tell();
    await hub.ask("read", { channel: 2 });
    tell();
    expect(events.slice(1)).toMatchObject([{ missed: 0 }, { missed: 0 }]);
    expect(hub.stats.missed).toBe(0);
  });

  it("notices a reset at whatever order comes next, and begins anew", async () => {
    const hub = await up();
    board.reset({ tells: false });
    await expect(hub.ask("set", { channel: 1, value: 1 })).rejects.toMatchObject({ reason: "hello-first" });
    await clock.advance(10);
    expect(types()).toEqual(["up", "down"]);
    await clock.advance(1000);
    expect(events.at(-1)).toMatchObject({ type: "up", rebooted: true });
  });

  it("sends nothing of what waited once a question stayed unanswered", async () => {
    const hub = await up();
    board.deaf = 3;
    const before = board.heard;
    const outcome = Promise.allSettled([
      hub.ask("set", { channel: 1, value: 1 }),
      hub.ask("set", { channel: 1, value: 2 }),
    ]);
    await clock.advance(460);
    expect(board.heard - before).toBe(3);
    await outcome;
    await clock.advance(2000);
    expect(board.done).toEqual([]);
  });

  it("refuses a board of another major version, and says which is older", async () => {
    board = new FakeBoard([LAMP], { major: 2, minor: 0 });
    link();
    await clock.advance(2000);
    expect(events).toMatchObject([{ type: "down", line: "open", error: { code: "HUB_VERSION" } }]);
  });

  it("lets a megabyte of noise pass and goes on", async () => {
    const hub = await up();
    const random = seededRandom(7);
    for (let n = 0; n < 250; n++) board.say(random.bytes(4096));
    board.say(Buffer.of(0));
    await hub.ask("set", { channel: 1, value: 9 });
    expect(board.values.get(1)).toBe(9);
    expect(types()).toEqual(["up"]);
  });

  it("is told of once when the port is not there, and ends at once when it is not wanted", async () => {
    board.plugged = false;
    const hub = link();
    await clock.advance(30_000);
    expect(events).toMatchObject([{ type: "down", line: "closed", error: { code: "HUB_LINE_UNUSABLE" } }]);
    await hub.close();
    links = [];
  });
});
