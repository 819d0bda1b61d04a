import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hubCommand } from "@skein/contracts";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../test/support/eventually";
import { directCredentials, directDefaults, MAX_FOR_MS, MAX_RAMP_MS } from "./config";
import { at, codes, flow, hubHouse } from "./testing/hub-house";

it("holds in its dialog to what the contract takes", () => {
  const fits = (more: object) =>
    hubCommand.schema.safeParse({ action: "set", changes: [{ channel: 1, value: 1, ...more }] }).success;
  expect([{ rampMs: MAX_RAMP_MS }, { forMs: MAX_FOR_MS }, { forMs: 1 }].map(fits)).toEqual([true, true, true]);
  expect([{ rampMs: MAX_RAMP_MS + 1 }, { forMs: MAX_FOR_MS + 1 }, { forMs: 0 }].map(fits)).toEqual([
    false,
    false,
    false,
  ]);
});

it("exports nothing of a direct connection but its name: where the board hangs is a credential", () => {
  expect(Object.keys(directDefaults)).toEqual(["configVersion", "name"]);
  expect(Object.keys(directCredentials)).toEqual(["line"]);
});

describe("the stm32 peripheral node", () => {
  const { asked, stands, believe, desk, enter, load, collect, status, send, url } = hubHouse();

  it("drives a channel, and tells where it stands then, with what asked for it", async () => {
    await load(flow({ channel: "Lamp" }));
    const [told, completed] = [collect("stands"), collect("completed")];
    send(40, { topic: "button", kept: "yes", skein: { id: "m-1" } });
    await until(() => completed.length === 1);
    expect(asked()).toEqual([{ action: "set", changes: [{ channel: 1, value: 40 }] }]);
    expect(told).toMatchObject([
      {
        topic: "followers/hub-1/channels/1",
        payload: { board: "hub-1", channel: 1, name: "Lamp", value: 40, unit: "%", virtual: false },
        kept: "yes",
        skein: { from: "flow-host", causes: ["m-1"], asked: 40 },
      },
    ]);
    await eventually(() => expect(desk().reading("hub-1", 1)?.value).toBe(40));
    // The state that follows on the bus is no second answer.
    expect(told).toHaveLength(1);
  });

  it.each`
    payload                                    | change
    ${"40"}                                    | ${{ value: 40 }}
    ${" 12.5 % "}                              | ${{ value: 12.5 }}
    ${true}                                    | ${{ value: 100 }}
    ${"OFF"}                                   | ${{ value: 0 }}
    ${{ value: "on" }}                         | ${{ value: 100 }}
    ${{ value: 30, rampMs: 500, forMs: 9000 }} | ${{ value: 30, rampMs: 500, forMs: 9000 }}
  `("understands $payload", async ({ payload, change }) => {
    await load(flow({ channel: "lamp" }));
    send(payload);
    await until(() => asked().length === 1);
    expect(asked()).toEqual([{ action: "set", changes: [{ channel: 1, ...change }] }]);
  });

  it("takes ramp and duration from its dialog where the message says nothing, and no ramp for what knows none", async () => {
    await load(flow({ channel: "", rampMs: "500", forMs: 60_000 }));
    send(10, { channel: "Lamp" });
    send({ value: 20, rampMs: 0, forMs: 5 }, { channel: 1 });
    send("off", { channel: "Motor" });
    await until(() => asked().length === 3);
    expect(asked()).toEqual([
      { action: "set", changes: [{ channel: 1, value: 10, rampMs: 500, forMs: 60_000 }] },
      { action: "set", changes: [{ channel: 1, value: 20, rampMs: 0, forMs: 5 }] },
      { action: "set", changes: [{ channel: 2, value: 0, forMs: 60_000 }] },
    ]);
  });

  it.each`
    payload                     | channel     | code
    ${101}                      | ${"Lamp"}   | ${"CHANNEL_OUT_OF_RANGE"}
    ${{ value: -0.5 }}          | ${"Lamp"}   | ${"CHANNEL_OUT_OF_RANGE"}
    ${true}                     | ${"Motor"}  | ${"PAYLOAD_INVALID"}
    ${"10 mm"}                  | ${"Lamp"}   | ${"PAYLOAD_INVALID"}
    ${"fast"}                   | ${"Lamp"}   | ${"PAYLOAD_INVALID"}
    ${{ value: 1, rampms: 3 }}  | ${"Lamp"}   | ${"PAYLOAD_INVALID"}
    ${{ value: 1, rampMs: 3 }}  | ${"Motor"}  | ${"PAYLOAD_INVALID"}
    ${{ value: 1, safe: true }} | ${"Lamp"}   | ${"PAYLOAD_INVALID"}
    ${{ value: 20 }}            | ${"Room"}   | ${"CHANNEL_NOT_DRIVEN"}
    ${1}                        | ${"Heart"}  | ${"CHANNEL_UNKNOWN"}
    ${1}                        | ${""}       | ${"HUB_TARGET_MISSING"}
    ${1}                        | ${{ a: 1 }} | ${"HUB_TARGET_MISSING"}
  `("refuses $payload to $channel with $code before anything is sent", async ({ payload, channel, code }) => {
    await load(flow({ channel: "" }));
    const [caught, completed] = [collect("caught"), collect("completed")];
    send(payload, { channel });
    await until(() => caught.length === 1);
    expect(codes(caught)).toEqual([code]);
    expect([asked(), completed]).toEqual([[], []]);
  });

  it("hands on why the board says no", async () => {
    await load(flow({ channel: "Motor" }));
    const caught = collect<{ error: { message: string } }>("caught");
    send(-20);
    await until(() => caught.length === 1);
    expect(codes(caught)).toEqual(["HUB_REFUSED"]);
    expect(caught[0]?.error.message).toContain("not-armed");
  });

  it("arms the board and makes it safe, whatever channel it is set to", async () => {
    await load(flow({ channel: "Room" }));
    const told = collect("stands");
    send({ arm: true });
    await until(() => told.length === 1);
    send({ safe: true });
    await until(() => told.length === 2);
    send("safe");
    await until(() => told.length === 3);
    expect(asked()).toEqual([{ action: "arm", armed: true }, { action: "safe" }, { action: "safe" }]);
    expect(told).toMatchObject([
      { topic: "followers/hub-1", payload: { board: "hub-1", armed: true } },
      {
        payload: {
          safe: true,
          channels: [
            { name: "Lamp", value: 0 },
            { name: "Motor", value: 0 },
          ],
        },
      },
      {},
    ]);
  });

  it.each([[1_764_000_003_000], ["how warm?"], [undefined]])(
    "asks a channel that is read at a message of %p",
    async (payload) => {
      await load();
      const told = collect("stands");
      send(payload);
      await until(() => told.length === 1);
      expect(asked()).toEqual([{ action: "read", channel: 3 }]);
      expect(told).toMatchObject([{ payload: { name: "Room", value: 21.5, unit: "Cel" } }]);
    },
  );

  it.each([
    // As the leader judges (packages/liveness): behind a bridge that is gone nobody knows.
    ["dead", "link-lost", /is dead: it does not answer on its cable/],
    ["unknown", "gateway-lost", /is unknown: the host whose cable it hangs on is away/],
  ] as const)("refuses an order to a board that is %s, %s, at once, and says why", async (state, cause, why) => {
    await load(flow({ channel: "Lamp" }));
    const caught = collect<{ error: { message: string } }>("caught");
    await believe(state, { cause });
    await eventually(() => expect(status()).toMatchObject({ fill: "red", shape: "ring" }));
    send(1);
    await until(() => caught.length === 1);
    expect(codes(caught)).toEqual(["HUB_BOARD_AWAY"]);
    expect(caught[0]?.error.message).toMatch(why);
    expect(asked()).toEqual([]);
    await believe("alive");
    await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
    send(1);
    await until(() => asked().length === 1);
  });

  it("works as it fell from the palette: the only board, and msg.channel; of two boards msg.board says which", async () => {
    await load([
      { id: "tab", type: "tab" },
      { id: "n", type: "skein-stm32-peripheral", wires: [["stands"], []], ...at },
      { id: "stands", type: "helper", ...at },
      { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]], ...at },
      { id: "caught", type: "helper", ...at },
    ]);
    const [told, caught] = [collect("stands"), collect("caught")];
    send(5, { channel: "Lamp" });
    await until(() => told.length === 1);
    await enter("hub-2");
    await eventually(() => expect(desk().boards()).toHaveLength(2));
    send(6, { channel: "Lamp" });
    await until(() => caught.length === 1);
    expect(codes(caught)).toEqual(["HUB_TARGET_MISSING"]);
    send(7, { channel: "Lamp", board: "hub-2" });
    await until(() => told.length === 2);
    expect(told[1]).toMatchObject({ topic: "followers/hub-2/channels/1", payload: { value: 7 } });
    send(8, { channel: "Lamp", board: "hub-3" });
    await eventually(() => expect(codes(caught)).toContain("HUB_BOARD_UNKNOWN"));
  });

  it("shows a fault, a channel that is not there, and a board in doubt", async () => {
    await load();
    await stands(3, { fault: "no-answer" });
    await eventually(() => expect(status()).toMatchObject({ fill: "red", shape: "ring" }));
    await stands(3, { value: 20.04 });
    await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
    await believe("suspect", { cause: "silence" });
    await eventually(() => expect(status()).toMatchObject({ fill: "yellow", shape: "ring" }));
    await helper.setFlows(flow({ channel: "Heart" }) as never, "full");
    await believe("alive");
    await eventually(() => expect(status()).toMatchObject({ fill: "red" }));
  });

  it("makes the board safe when its flow is closed, where that is wanted", async () => {
    await load(flow({ channel: "Lamp", safeOnClose: true }));
    await helper.setFlows(flow({ channel: "Lamp" }) as never, "full");
    expect(asked()).toEqual([{ action: "safe" }]);
    await helper.setFlows(flow({ channel: "Room" }) as never, "full");
    expect(asked()).toHaveLength(1);
  });

  it("makes it safe also when the bus is closed with the flow, as where there is no leader", async () => {
    const nodes = flow({ channel: "Lamp", safeOnClose: true });
    await load(
      nodes.map((node) => (node.id === "bus" ? { ...node, mode: "broker", url: url(), identity: "stock" } : node)),
    );
    await helper.unload();
    expect(asked()).toEqual([{ action: "safe" }]);
  });

  it.each`
    config                          | code
    ${{ direct: "gone" }}           | ${"HUB_DIRECT_MISSING"}
    ${{ direct: "direct" }}         | ${"HUB_DIRECT_IN_HOUSE"}
    ${{ bus: "gone" }}              | ${"BUS_NOT_CONFIGURED"}
    ${{ board: "The hub" }}         | ${"ID_INVALID"}
    ${{ board: "hub-1, hub-2" }}    | ${"ID_INVALID"}
    ${{ channel: "${CHANNEL}" }}    | ${"ID_INVALID"}
    ${{ forMs: "${MS}" }}           | ${"HUB_SETTING_INVALID"}
    ${{ tell: "every", everyS: 0 }} | ${"HUB_SETTING_INVALID"}
  `("is red and fails with $code when it is set to $config", async ({ config, code }) => {
    await load([...flow(config as object), { id: "direct", type: "skein-stm32-direct", name: "" }], false);
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const caught = collect("caught");
    send(1);
    await eventually(() => expect(codes(caught)).toContain(code));
  });

  const fixtures = join(__dirname, "fixtures");
  it.each(readdirSync(fixtures))("still loads and works as release %s saved it", async (file) => {
    await load(JSON.parse(readFileSync(join(fixtures, file), "utf8")) as object[]);
    const told = collect("stands");
    send(30);
    await until(() => told.length === 1);
    expect(asked()).toEqual([{ action: "set", changes: [{ channel: 1, value: 30, rampMs: 500 }] }]);
  });
});
