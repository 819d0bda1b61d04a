/** The node in a Node-RED without a leader, against a board that speaks the link on a real socket. */
import helper from "node-red-node-test-helper";
import { FakeBoard } from "../../../packages/stm32-link/src/testing/fake-board";
import { eventually, until } from "../../../test/support/eventually";
import type { Offers } from "./config";
import { startBoardServer, type BoardServer } from "./testing/board-server";
import { at, codes, type Told } from "./testing/hub-house";
import registerDirect = require("./direct");
import registerPeripheral = require("./stm32-peripheral");

describe("a direct connection", () => {
  let server: BoardServer;

  const load = async (channel: string, line = server.line, more: object = {}) => {
    helper.settings({});
    const flow = [
      { id: "tab", type: "tab" },
      { id: "direct", type: "skein-stm32-direct", name: "Door" },
      {
        id: "n",
        type: "skein-stm32-peripheral",
        direct: "direct",
        channel,
        wires: [["stands"], ["events"]],
        ...at,
        ...more,
      },
      { id: "stands", type: "helper", ...at },
      { id: "events", type: "helper", ...at },
      { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]], ...at },
      { id: "caught", type: "helper", ...at },
    ];
    await helper.load([registerDirect, registerPeripheral] as never, flow as never, { direct: { line } } as never);
  };
  const collect = (id: string): Told[] => {
    const heard: Told[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const send = (payload: unknown) => helper.getNode("n").receive({ payload } as never);
  const isUp = () =>
    eventually(() => {
      const { status } = helper.getNode("n") as unknown as { status: { lastCall: { args: unknown[] } | null } };
      expect(status.lastCall?.args[0]).toMatchObject({ fill: "green", shape: "dot" });
    });

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve as never)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(async () => {
    server = await startBoardServer(new FakeBoard());
    server.board.values.set(1, 0);
  });
  afterEach(async () => {
    await helper.unload();
    await server.close();
  });

  it("learns the channels, drives one, and has the board watch each", async () => {
    await load("Lamp");
    const told = collect("stands");
    await isUp();
    const { body } = (await helper.request().get("/skein/stm32-peripheral/offers?direct=direct")) as { body: Offers };
    expect(body.boards).toMatchObject([{ id: "board", name: "Door", channels: [{ name: "Lamp" }, { name: "Room" }] }]);
    send("40 %");
    await until(() => told.length === 1);
    expect(told).toMatchObject([
      {
        topic: "followers/board/channels/1",
        payload: { board: "board", name: "Lamp", value: 40, unit: "%" },
        skein: { from: "node-red", asked: "40 %" },
      },
    ]);
    expect(server.board.values.get(1)).toBe(40);
    send("safe");
    await until(() => told.length === 2);
    expect(server.board.done.filter((name) => name !== "watch")).toEqual(["set", "safe"]);
    expect(server.board.done.filter((name) => name === "watch")).toHaveLength(2);
  });

  it("tells what a sensor measures when it changes, and what happens", async () => {
    await load("Room");
    const [told, events] = [collect("stands"), collect("events")];
    await isUp();
    server.board.tell("sample", { channel: 2, value: 25, counter: 1, atMs: 5 });
    server.board.tell("sample", { channel: 2, fault: 1, counter: 2, atMs: 6 });
    server.board.tell("event", { event: 5, channel: 2, value: 1, counter: 1, atMs: 6 });
    server.board.tell("event", { event: 2, channel: 1, counter: 2, atMs: 7 });
    server.board.tell("event", { event: 7, counter: 3, atMs: 8 });
    await until(() => events.length === 2);
    expect(told).toMatchObject([{ payload: { value: 25 } }, { payload: { value: null, fault: "no-answer" } }]);
    expect(events).toMatchObject([
      { payload: { event: "fault", name: "Room", fault: "no-answer" } },
      { payload: { event: "brown-out", board: "board" } },
    ]);
  });

  it("says at once that the cable is pulled, and goes on when it is back", async () => {
    await load("Lamp");
    const [told, caught] = [collect("stands"), collect("caught")];
    await isUp();
    server.pull();
    await eventually(() => {
      send(10);
      expect(codes(caught)).toContain("HUB_BOARD_AWAY");
    });
    server.plug();
    await isUp();
    await eventually(() => {
      send(20);
      expect(told.length).toBeGreaterThan(0);
    });
    expect(server.board.values.get(1)).toBe(20);
  });

  it("makes the board safe when the flow is closed, before the line ends", async () => {
    await load("Lamp", server.line, { safeOnClose: true });
    await isUp();
    await helper.unload();
    expect(server.board.done).toContain("safe");
  });

  it("says what is wrong with the line when the board was never reached", async () => {
    await server.close();
    await load("Lamp");
    const caught = collect("caught") as unknown as { error: { code: string; message: string } }[];
    send(1);
    await until(() => caught.length === 1);
    expect(caught[0]?.error).toMatchObject({ code: "HUB_BOARD_UNKNOWN" });
    expect(caught[0]?.error.message).toContain("cannot be reached: connect ECONNREFUSED");
    server = await startBoardServer(new FakeBoard());
  });

  it("asks for a line where none is set", async () => {
    await load("Lamp", " ");
    const caught = collect("caught");
    send(1);
    await eventually(() => expect(codes(caught)).toContain("HUB_LINE_MISSING"));
  });
});
