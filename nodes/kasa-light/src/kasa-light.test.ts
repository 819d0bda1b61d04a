import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { devicesCommand, type DeviceChange } from "@skein/contracts";
import { systemClock } from "@skein/kit";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../test/support/eventually";
import { busDeskOf } from "./bus-desk";
import { directCredentials, directDefaults, MAX_SCENE_NAME, MAX_TRANSITION_MS } from "./config";
import { at, codes, flow, lightHouse } from "./testing/light-house";

it("holds in its dialog to what the contract takes", () => {
  const fits = (set: DeviceChange) =>
    devicesCommand.schema.safeParse({ action: "set", changes: [{ device: "a", set }] }).success;
  const saves = (name: string) =>
    devicesCommand.schema.safeParse({ action: "scene-save", name, devices: ["a"] }).success;
  expect([fits({ transitionMs: MAX_TRANSITION_MS }), fits({ transitionMs: MAX_TRANSITION_MS + 1 })]).toEqual([
    true,
    false,
  ]);
  expect([saves("n".repeat(MAX_SCENE_NAME)), saves("n".repeat(MAX_SCENE_NAME + 1))]).toEqual([true, false]);
});

it("exports nothing of a direct connection but its name: account and addresses are credentials", () => {
  expect(Object.keys(directDefaults)).toEqual(["configVersion", "name"]);
  expect(Object.keys(directCredentials)).toEqual(["username", "password", "addresses"]);
});
describe("the kasa light node", () => {
  const lights = lightHouse();
  const { asked, changes, unreach, stepFades, publish, elsewhere, load, collect, status, send } = lights;

  it("has a light follow, and tells how it stands then, with what asked for it", async () => {
    await load();
    const [confirmed, completed] = [collect("confirmed"), collect("completed")];
    send(50, {
      topic: "button",
      kept: "yes",
      skein: { id: "m-1", trace: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
    });
    await until(() => completed.length === 1);
    expect(changes()).toEqual([[{ device: "lamp", set: { brightness: 50 } }]]);
    expect(confirmed).toMatchObject([
      {
        topic: "devices/lamp",
        payload: { on: true, brightness: 50 },
        kept: "yes",
        skein: { from: "flow-host", causes: ["m-1"], asked: 50, reached: [{ device: "lamp", ok: true, ms: 5 }] },
      },
    ]);
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
  });

  it("works as it fell from the palette: every light follows, and no plug", async () => {
    await load([
      { id: "tab", type: "tab" },
      { id: "n", type: "skein-kasa-light", wires: [["confirmed"], []], ...at },
      { id: "confirmed", type: "helper", ...at },
    ]);
    const confirmed = collect("confirmed");
    send("on");
    await until(() => confirmed.length === 1);
    expect(changes()).toEqual([
      [
        { device: "lamp", set: { on: true } },
        { device: "strip", set: { on: true } },
      ],
    ]);
    expect(confirmed[0]).toMatchObject({
      topic: "devices",
      payload: { on: true, devices: { lamp: { on: true }, strip: { on: true } } },
    });
  });

  it.each`
    targets                    | payload      | sets                                                                                                                                 | topic
    ${["room:kitchen"]}        | ${"toggle"}  | ${{ lamp: { on: false }, strip: { on: false }, fridge: { on: false } }}                                                              | ${"rooms/kitchen"}
    ${["group:movie"]}         | ${"toggle"}  | ${{ strip: { on: true } }}                                                                                                           | ${"groups/movie"}
    ${["lamp"]}                | ${"+10%"}    | ${{ lamp: { brightness: 50 } }}                                                                                                      | ${"devices/lamp"}
    ${["lamp", "group:movie"]} | ${"-10"}     | ${{ lamp: { brightness: 30 } }}                                                                                                      | ${"devices"}
    ${["room:kitchen"]}        | ${"#ff0000"} | ${{ lamp: { hue: 0, saturation: 100, brightness: 100 }, strip: { hue: 0, saturation: 100, brightness: 100 }, fridge: { on: true } }} | ${"rooms/kitchen"}
  `("asks once, absolutely, of whoever $targets are: $payload", async ({ targets, payload, sets, topic }) => {
    await load(flow({ targets }));
    const confirmed = collect("confirmed");
    send(payload);
    await until(() => confirmed.length === 1);
    expect(asked()).toHaveLength(1);
    expect(
      Object.fromEntries(
        changes()
          .flat()
          .map(({ device, set }) => [device, set]),
      ),
    ).toEqual(sets);
    expect(confirmed[0]).toMatchObject({ topic });
  });

  it("steps and toggles on top of what is under way: a knob is quicker than a lamp", async () => {
    await load();
    const confirmed = collect("confirmed");
    for (const payload of ["+10%", "+10%", "+10%", "toggle", "toggle"]) send(payload);
    await until(() => confirmed.length === 5);
    const sets = changes()
      .flat()
      .map(({ set }) => set);
    expect(sets).toEqual([{ brightness: 50 }, { brightness: 60 }, { brightness: 70 }, { on: false }, { on: true }]);
    // Somebody else was at it: then that counts.
    await elsewhere("lamp", { on: true, brightness: 20 });
    await eventually(() => expect(busDeskOf(lights.bus, systemClock).get("lamp")?.state?.brightness).toBe(20));
    send("-10");
    await until(() => changes().length === 6);
    expect(changes()[5]).toEqual([{ device: "lamp", set: { brightness: 10 } }]);
  });

  it("toggles from how the light is, also when a hand put it back to how it was before the last order", async () => {
    await load();
    const [confirmed, news] = [collect("confirmed"), collect("elsewhere")];
    send("toggle");
    await until(() => confirmed.length === 1);
    await publish("lamp", { state: { on: false, brightness: 40 }, cause: { kind: "command", issuer: "flow-host" } });
    await elsewhere("lamp", { on: true, brightness: 40 });
    await until(() => news.length === 1);
    send("toggle");
    await until(() => confirmed.length === 2);
    expect(changes().map(([one]) => one?.set)).toEqual([{ on: false }, { on: false }]);
  });

  it("takes its target and what is asked from wherever the owner says", async () => {
    await load(flow({ targetType: "msg", target: "room", payload: '{"kelvin":2700}', payloadType: "json" }));
    send("whatever", { room: "group:movie" });
    await eventually(() => expect(changes()).toEqual([[{ device: "strip", set: { kelvin: 2700 } }]]));
    const caught = collect("caught");
    send("whatever", { room: "The kitchen" });
    send("whatever", { room: 5.5 });
    send("whatever", { room: "group:gone" });
    await eventually(() =>
      expect(codes(caught).toSorted()).toEqual(["TARGET_INVALID", "TARGET_INVALID", "TARGET_UNKNOWN"]),
    );
  });

  it.each([[undefined], [null], [""], [" , "], [[]], [[""]]])(
    "takes a target that came to nothing (%j) for a mistake, and not for every light of the house",
    async (room) => {
      await load(flow({ targetType: "msg", target: "room" }));
      const caught = collect("caught");
      send("on", { room });
      await eventually(() => expect(codes(caught)).toEqual(["TARGET_INVALID"]));
      expect(asked()).toEqual([]);
    },
  );

  it("applies a scene whoever a message names: the scene says itself whom it is for", async () => {
    await load(flow({ targetType: "msg", target: "room", does: "apply", scene: "Movie" }));
    send(true);
    await eventually(() => expect(asked()).toEqual([{ action: "scene-apply", scene: "Movie" }]));
  });

  it.each([
    ["a list", { targets: ["${SKEIN_TEST_LIGHTS}"] }],
    ["the environment", { targetType: "env", target: "SKEIN_TEST_LIGHTS" }],
  ])("says at the deploy that a variable in %s is empty, and switches nobody", async (_where, more) => {
    process.env["SKEIN_TEST_LIGHTS"] = "";
    try {
      await load(flow(more), false);
      await eventually(() => expect(status()).toMatchObject({ fill: "red" }));
      const caught = collect("caught");
      send("on");
      // Once for the deploy and once for the message.
      await eventually(() => expect(new Set(codes(caught))).toEqual(new Set(["TARGET_INVALID"])));
      expect(asked()).toEqual([]);
    } finally {
      delete process.env["SKEIN_TEST_LIGHTS"];
    }
  });

  it("fades as the node is set, unless the message says otherwise; a plug does not", async () => {
    await load(flow({ targets: ["lamp", "fridge"], transitionMs: "800" }));
    send(true);
    send({ on: false, transitionMs: 0 });
    await until(() => changes().length === 2);
    expect(changes()).toEqual([
      [
        { device: "lamp", set: { on: true, transitionMs: 800 } },
        { device: "fridge", set: { on: true } },
      ],
      [
        { device: "lamp", set: { on: false, transitionMs: 0 } },
        { device: "fridge", set: { on: false } },
      ],
    ]);
  });

  it("says of a fade of steps that it is under way, and how the light stands when it is over", async () => {
    stepFades("lamp");
    await load();
    const confirmed = collect("confirmed");
    send({ brightness: 90, transitionMs: 3000 });
    await until(() => confirmed.length === 1);
    expect(confirmed[0]).toMatchObject({
      payload: { on: true, brightness: 8 },
      skein: { reached: [{ device: "lamp", ok: true, fading: true }] },
    });
    const cause = { kind: "command" as const, issuer: "flow-host", command: "c-1" };
    // The first step is told after it was answered; then the others.
    await publish("lamp", { state: { on: true, brightness: 8 }, cause, fading: true });
    await publish("lamp", { state: { on: true, brightness: 90 }, cause, fading: true });
    await publish("lamp", { cause, fading: undefined });
    await until(() => confirmed.length === 2);
    expect(confirmed[1]).toMatchObject({ topic: "devices/lamp", payload: { on: true, brightness: 90 } });
    expect(confirmed[1]?.skein.reached).toEqual([{ device: "lamp", ok: true, ms: 5 }]);
  });

  it("leaves a fade that somebody else ended to whoever tells of that", async () => {
    stepFades("lamp");
    await load();
    const [confirmed, news] = [collect("confirmed"), collect("elsewhere")];
    send({ brightness: 90, transitionMs: 3000 });
    await until(() => confirmed.length === 1);
    const cause = { kind: "command" as const, issuer: "flow-host", command: "c-1" };
    await publish("lamp", { state: { on: true, brightness: 8 }, cause, fading: true });
    await publish("lamp", { state: { on: false, brightness: 8 }, cause: { kind: "elsewhere" }, fading: undefined });
    await until(() => news.length === 1);
    expect(confirmed).toHaveLength(1);
  });

  it("applies and saves scenes, as a message names them or as it is set", async () => {
    await load(flow({ transitionMs: 500 }));
    const confirmed = collect("confirmed");
    send({ scene: "Movie", transitionMs: 2000 });
    await until(() => confirmed.length === 1);
    expect(confirmed[0]).toMatchObject({
      topic: "scenes/Movie",
      payload: { on: true, devices: { lamp: { brightness: 5 } } },
    });
    send({ saveScene: "Supper" });
    await until(() => confirmed.length === 2);
    expect(asked()).toEqual([
      { action: "scene-apply", scene: "Movie", transitionMs: 2000 },
      { action: "scene-save", name: "Supper", devices: ["lamp"] },
    ]);
    await helper.setFlows(flow({ does: "apply", scene: "Gone" }) as never, "full");
    const caught = collect("caught");
    send(true);
    await eventually(() => expect(codes(caught)).toEqual(["SCENE_UNKNOWN"]));
  });

  it("only tells how its lights stand when it is asked for that", async () => {
    await load();
    const confirmed = collect("confirmed");
    send("getInfo");
    await until(() => confirmed.length === 1);
    expect(confirmed[0]).toMatchObject({ topic: "devices/lamp", payload: { on: true, brightness: 40 } });
    expect(asked()).toEqual([]);
  });

  it("fails with a code where a light is not reached, and tells of those that are", async () => {
    unreach("strip");
    await load(flow({ targets: ["lamp", "group:movie"] }));
    const [confirmed, caught, completed] = [
      collect("confirmed"),
      collect<{ error: { message: string } }>("caught"),
      collect("completed"),
    ];
    send("on");
    await until(() => caught.length === 1);
    expect(codes(caught)).toEqual(["DEVICE_UNREACHABLE"]);
    expect(caught[0]?.error.message).toContain("1 of 2 devices did not follow. strip (DEVICE_UNREACHABLE)");
    expect(confirmed).toMatchObject([
      {
        payload: { devices: { lamp: { on: true } } },
        skein: {
          reached: [
            { device: "lamp", ok: true },
            { device: "strip", ok: false, code: "DEVICE_UNREACHABLE" },
          ],
        },
      },
    ]);
    expect(completed).toEqual([]);
    unreach("lamp");
    send("on");
    await until(() => caught.length === 2);
    expect(confirmed).toHaveLength(1);
  });

  it("refuses what says nothing to a light", async () => {
    await load();
    const caught = collect("caught");
    send("reddish");
    send("getMeterInfo");
    await eventually(() => expect(codes(caught)).toEqual(["PAYLOAD_INVALID", "PAYLOAD_NOT_TAKEN_OVER"]));
  });
  it("shows in red that its light is not reached, and that it is back", async () => {
    await load();
    await publish("lamp", { condition: "unreachable" });
    await eventually(() => expect(status()).toMatchObject({ fill: "red", shape: "ring" }));
    await publish("lamp", { condition: "ok" });
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
  });
  it("refuses a direct connection in the leader's Node-RED, and says why", async () => {
    await load([...flow({ direct: "direct" }), { id: "direct", type: "skein-kasa-direct", name: "" }], false);
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const caught = collect("caught");
    send("on");
    await eventually(() => expect(codes(caught)).toContain("KASA_DIRECT_IN_HOUSE"));
  });

  it.each`
    config                         | code
    ${{ direct: "gone" }}          | ${"KASA_DIRECT_MISSING"}
    ${{ bus: "gone" }}             | ${"BUS_NOT_CONFIGURED"}
    ${{ targets: ["Lamp!"] }}      | ${"ID_INVALID"}
    ${{ transitionMs: "${FADE}" }} | ${"TRANSITION_INVALID"}
  `("is red and fails with $code when it is set to $config", async ({ config, code }) => {
    await load(flow(config as object), false);
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const caught = collect("caught");
    send("on");
    await eventually(() => expect(codes(caught)).toContain(code));
  });

  const fixtures = join(__dirname, "fixtures");
  it.each(readdirSync(fixtures))("still loads and works as release %s saved it", async (file) => {
    await load(JSON.parse(readFileSync(join(fixtures, file), "utf8")) as object[]);
    const confirmed = collect("confirmed");
    send("off");
    await until(() => confirmed.length === 1);
    expect(changes().flat()).toContainEqual({ device: "lamp", set: { on: false, transitionMs: 500 } });
  });
});
