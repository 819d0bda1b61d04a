/** What the node says of its own accord: changes and events, once, and never what only seems to be news. */
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../test/support/eventually";
import { flow, hubHouse, type Told } from "./testing/hub-house";

describe("of its own accord the stm32 peripheral node", () => {
  const { stands, happens, believe, desk, enter, load, collect } = hubHouse();
  const values = (told: Told[]) => told.map(({ payload }) => payload["value"]);
  const measures = (value: number) => eventually(() => expect(desk().reading("hub-1", 3)).toMatchObject({ value }));
  const isBelieved = (state: string) => eventually(() => expect(desk().board("hub-1")).toMatchObject({ state }));

  it("tells changes that reach the deadband, and nothing that was so before", async () => {
    await load(flow({ deadband: "0.5" }));
    const told = collect("stands");
    await measures(21.5);
    await stands(3, { value: 21.9 });
    await stands(3, { value: 21.200000762939453 });
    await stands(3, { value: 22 });
    await stands(3, { value: 22.4 });
    await stands(3, { value: 21.399999618530273 });
    await until(() => told.length === 2);
    expect(told).toMatchObject([
      {
        topic: "followers/hub-1/channels/3",
        payload: { board: "hub-1", name: "Room", value: 22, unit: "Cel" },
        skein: { from: "hub-1" },
      },
      { payload: { value: 21.4 } },
    ]);
    expect(told[0]).not.toHaveProperty("initial");
  });

  it("tells that a value cannot be had, why, and that it can again", async () => {
    await load(flow({ deadband: 5 }));
    const told = collect("stands");
    await stands(3, { fault: "bus-stuck" });
    await stands(3, { fault: "bus-stuck" });
    await stands(3, { value: 21.5 });
    await until(() => told.length === 2);
    expect(told.map(({ payload }) => [payload["value"], payload["fault"]])).toEqual([
      [null, "bus-stuck"],
      [21.5, undefined],
    ]);
  });

  it("takes nothing for a change before anything was measured", async () => {
    await stands(3, {});
    await load(flow({ sendInitial: true }), false);
    const told = collect("stands");
    await stands(3, {});
    await stands(3, { value: 18 });
    await stands(3, { value: 19 });
    await until(() => told.length === 2);
    expect(told.map(({ payload, initial }) => [payload["value"], initial])).toEqual([
      [18, true],
      [19, undefined],
    ]);
  });

  it("tells of every channel that is read where none is chosen, not of those that are driven, and of on and off as such", async () => {
    await load(flow({ board: "", channel: "" }));
    const told = collect("stands");
    await stands(1, { value: 70 });
    await stands(4, { value: 1 });
    await stands(3, { value: 30 });
    await until(() => told.length === 2);
    expect(told).toMatchObject([
      { payload: { name: "Button", value: 1, on: true, unit: "" } },
      { payload: { name: "Room", value: 30 } },
    ]);
  });

  it.each(["full", "nodes"] as const)("is silent at a redeploy of kind %s, and goes on from there", async (type) => {
    await load();
    const before = collect("stands");
    await stands(3, { value: 25 });
    await until(() => before.length === 1);
    await helper.setFlows(flow({ name: "changed" }) as never, type);
    const told = collect("stands");
    await measures(25);
    await stands(3, { value: 26 });
    await until(() => told.length > 0);
    expect(values(told)).toEqual([26]);
  });

  it("is silent when the board comes back and says again what it said before", async () => {
    await load();
    const told = collect("stands");
    await believe("dead", { cause: "link-lost" });
    await isBelieved("dead");
    await enter();
    await measures(21.5);
    await stands(3, { value: 19 });
    await until(() => told.length > 0);
    expect(values(told)).toEqual([19]);
  });

  it("tells the first value after a deploy when that is wanted, once and marked", async () => {
    await load(flow({ sendInitial: true }), false);
    const told = collect("stands");
    await until(() => told.length === 1);
    await stands(3, { value: 21.5 });
    await stands(3, { value: 22 });
    await until(() => told.length === 2);
    expect(told).toMatchObject([{ initial: true, payload: { value: 21.5 } }, { payload: { value: 22 } }]);
    expect(told[1]).not.toHaveProperty("initial");
  });

  it("tells every so often instead, and nothing of a board that is away", async () => {
    await load(flow({ tell: "every", everyS: "0.1" }));
    const told = collect("stands");
    await until(() => told.length >= 2);
    expect(values(told.slice(0, 2))).toEqual([21.5, 21.5]);
    await believe("dead", { cause: "silence" });
    await isBelieved("dead");
    told.length = 0;
    await believe("alive");
    await until(() => told.length > 0);
  });

  it("tells nothing by itself where only a message is to ask", async () => {
    await load(flow({ tell: "request" }));
    const told = collect("stands");
    await stands(3, { value: 40 });
    await measures(40);
    expect(told).toEqual([]);
  });

  it("tells what happens to its channel and to the whole board, and to no other", async () => {
    await load(flow({ channel: "Motor" }));
    const events = collect("events");
    await happens("time-over", { channel: 1 });
    await happens("obstacle", { channel: 2, value: 2.5 });
    await happens("host-lost");
    await until(() => events.length === 2);
    expect(events).toMatchObject([
      {
        topic: "followers/hub-1/events",
        payload: { board: "hub-1", event: "obstacle", channel: 2, name: "Motor", value: 2.5, unit: "%" },
        skein: { from: "hub-1" },
      },
      { payload: { event: "host-lost" } },
    ]);
  });
});
