/** A board behind a bridge as the house sees it: real agents on a memory bus, and a board at the other end of a line in memory. */
import { writeFileSync } from "node:fs";
import { createBus, createTransport, type Bus } from "@skein/bus";
import {
  birth,
  heartbeat,
  hubChannelState,
  hubCommand,
  hubDescription,
  hubEvent,
  hubFigures,
  hubSamples,
  presence,
  type AnyMessage,
  type HubCommand,
} from "@skein/contracts";
import { createIds, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "../../../../test/support/eventually";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { FakeBoard } from "../../../../packages/stm32-link/src/testing/fake-board";
import { createMembers } from "../../members";
import { bridgeBoard, type BridgedBoard } from "./board";

const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
let houses = 0;

describe("A board behind a bridge", () => {
  let dir: TempDir;
  let house: string;
  let leader: Bus;
  let board: FakeBoard;
  let bridged: BridgedBoard;
  let heard: { pattern: string; ids: Record<string, string>; data: unknown }[];

  const busOf = (id: string, as: "follower" | "none"): Bus =>
    createBus({
      id,
      transport: createTransport({ url: `memory:${house}`, clientId: `skein-${id}` }, parts),
      ...parts,
      ids: createIds(systemClock, systemRandom),
      presence: { as },
    });
  const all = (message: AnyMessage) => heard.filter(({ pattern }) => pattern === message.pattern);
  const last = (message: AnyMessage) => all(message).at(-1)?.data;
  const order = (data: HubCommand) => leader.request(hubCommand, { target: "door-robot" }, data);
  const comesUp = () => eventually(() => expect(last(hubDescription)).toBeDefined());

  beforeEach(async () => {
    dir = tempDir();
    house = `hub-${++houses}`;
    heard = [];
    leader = busOf("leader", "none");
    for (const message of [
      birth,
      presence,
      heartbeat,
      hubDescription,
      hubChannelState,
      hubSamples,
      hubEvent,
      hubFigures,
    ])
      await leader.subscribe(message as AnyMessage, {}, ({ ids, data }) =>
        heard.push({ pattern: message.pattern, ids, data }),
      );
    const file = dir.join("follower.yaml");
    writeFileSync(file, `id: door-robot\nname: Door robot\nbus: { url: "memory:${house}" }\nstateDir: state\n`);
    board = new FakeBoard();
    const members = createMembers({ dir: dir.path, ...parts, busOf: () => busOf("door-robot", "follower") });
    bridged = bridgeBoard({
      member: members.load("follower.yaml"),
      open: board.open,
      hostLossMs: 2000,
      via: "garage",
      virtual: false,
      ...parts,
      descriptions: new Map(),
    });
  });
  afterEach(async () => {
    await bridged.stop();
    await leader.close();
    dir.remove();
  });

  it("is a follower of its own, via its bridge, and says what its channels are", async () => {
    await comesUp();
    expect(last(birth)).toMatchObject({
      name: "Door robot",
      via: "garage",
      host: { model: "fake", os: "firmware 1.0.0" },
      capabilities: [{ name: "hub" }],
    });
    expect(last(hubDescription)).toMatchObject({
      board: "fake",
      channels: [
        { id: 1, name: "Lamp", driven: true, unit: "%" },
        { id: 2, name: "Room", driven: false },
      ],
    });
    await eventually(() =>
      expect(all(hubChannelState).find(({ ids }) => ids["channel"] === "2")?.data).toMatchObject({ value: 21.5 }),
    );
    expect(bridged.isUp).toBe(true);
  });

  it("is driven over the bus, and answers where it stands", async () => {
    await comesUp();
    const outcome = await order({ action: "set", changes: [{ channel: 1, value: 40 }] });
    expect(outcome).toMatchObject({ ok: true, result: { channels: [{ channel: 1, value: 40 }] } });
    expect(board.values.get(1)).toBe(40);
  });

  it.each<[what: string, order: HubCommand, code: string]>([
    ["a channel that it has not", { action: "read", channel: 9 }, "CHANNEL_UNKNOWN"],
    ["a value out of range", { action: "set", changes: [{ channel: 1, value: 101 }] }, "CHANNEL_OUT_OF_RANGE"],
    ["driving what is only read", { action: "set", changes: [{ channel: 2, value: 20 }] }, "CHANNEL_NOT_DRIVEN"],
  ])("refuses %s, and does nothing of the order", async (_, wrong, code) => {
    await comesUp();
    const first = { channel: 1, value: 70 };
    const whole = wrong.action === "set" ? { ...wrong, changes: [first, ...wrong.changes] } : wrong;
    expect(await order(whole)).toMatchObject({ ok: false, code });
    expect(board.values.get(1)).toBeUndefined();
  });

  it("tells each sample in batches, a channel's state now and then, events and figures, and beats as the board does", async () => {
    await comesUp();
    for (let counter = 1; counter <= 100; counter++)
      board.tell("sample", { channel: 2, value: 20 + counter / 10, counter, atMs: counter });
    board.tell("sample", { channel: 1, fault: 5, counter: 9, atMs: 1 });
    board.tell("event", { event: 4, channel: 1, value: 3, counter: 0, atMs: 1 });
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
    await eventually(() => {
      const samples = all(hubSamples).flatMap(({ data }) => (data as { samples: unknown[][] }).samples);
      expect(samples.filter(([channel]) => channel === 2).length).toBeGreaterThanOrEqual(100);
      expect(
        all(hubChannelState)
          .filter(({ ids }) => ids["channel"] === "2")
          .at(-1)?.data,
      ).toMatchObject({ value: 30 });
    });
    expect(all(hubSamples).length).toBeLessThan(10);
    expect(all(hubChannelState).length).toBeLessThan(10);
    expect(all(hubChannelState).find(({ data }) => "fault" in (data as object))?.data).toMatchObject({
      fault: "out-of-range",
    });
    await eventually(() => expect(last(hubEvent)).toMatchObject({ event: "obstacle", channel: 1, value: 3 }));
    await eventually(() =>
      expect(last(heartbeat)).toMatchObject({ nextInMs: 5000, capabilities: { hub: "degraded" } }),
    );
    expect(last(hubFigures)).toMatchObject({ stackFreeBytes: 900, armed: false });
  });

  it("goes from the bus as if its current had gone when its cable is pulled, and comes back as itself", async () => {
    await comesUp();
    board.pull();
    await eventually(() => expect(last(presence)).toMatchObject({ status: "lost" }));
    expect(bridged.isUp).toBe(false);
    heard.length = 0;
    board.plugged = true;
    await comesUp();
    expect(last(presence)).toMatchObject({ status: "online" });
  });

  it("stays when the link falters for a moment", async () => {
    await comesUp();
    board.deaf = 3;
    await order({ action: "arm", armed: true });
    await eventually(() => expect(board.heard).toBeGreaterThan(10));
    expect(all(presence).map(({ data }) => (data as { status: string }).status)).not.toContain("lost");
  });

  it("is another boot on the bus after a reset", async () => {
    await comesUp();
    const before = (last(birth) as { bootId: string }).bootId;
    heard.length = 0;
    board.reset();
    await comesUp();
    expect((last(birth) as { bootId: string }).bootId).not.toBe(before);
  });

  it("leaves with a word when its bridge is stopped", async () => {
    await comesUp();
    await bridged.stop();
    await eventually(() => expect(last(presence)).toMatchObject({ status: "leaving" }));
  });
});
