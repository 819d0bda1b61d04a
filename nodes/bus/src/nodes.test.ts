import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { memoryHub, type Bus, type Refusal } from "@skein/bus";
import { agentCommand, birth, flowEvent, flowState, heartbeat, houseState } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { houseRegistryOf, type SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import type { NodeMessage } from "node-red";
import helper from "node-red-node-test-helper";
import { eventually } from "../../../test/support/eventually";
import { startMosquitto } from "../../../test/support/mosquitto";
import registerBus = require("./bus");
import registerIn = require("./in");
import registerOut = require("./out");

helper.init(require.resolve("node-red"));

interface Heard {
  topic: string;
  payload: unknown;
  ids?: object;
  skein?: { from: string; id: string };
  initial?: boolean;
  error?: { code: string };
  kept?: string;
}

const at = { z: "tab", x: 1, y: 1 };
const around = [
  { id: "tab", type: "tab" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  { id: "out", type: "helper", ...at },
  { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]], ...at },
  { id: "caught", type: "helper", ...at },
  { id: "complete", type: "complete", scope: ["n"], wires: [["completed"]], ...at },
  { id: "completed", type: "helper", ...at },
];
const node = (type: string, more: object) => ({ id: "n", type, bus: "bus", wires: [["out"]], ...at, ...more });
const bootId = "8b0a1c1e-7e0f-4f6e-9a39-1c1d8f0a2b3c";
const beat = { bootId, nextInMs: 5000, capabilities: {} };
const born = { name: "Hall", bootId, host: {}, versions: { agent: "1" }, capabilities: [] };
const inHall = (leader: Bus, ...ids: string[]) =>
  leader.publish(
    houseState,
    {},
    {
      rooms: [{ id: "hall", name: "Hall" }],
      residents: [],
      places: ids.map((id) => ({ kind: "follower" as const, id, room: "hall" })),
    },
  );

describe("the bus nodes", () => {
  let house: MemoryHouse;
  let skein: SkeinRedSettings;

  const load = async (nodes: object[], credentials = {}) => {
    helper.settings({ skein } as object);
    await helper.load([registerBus, registerIn, registerOut] as never, nodes as never, credentials);
  };
  const collect = (id: string): Heard[] => {
    const heard: Heard[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const status = (id = "n") =>
    (helper.getNode(id) as unknown as { status: { lastCall: { args: unknown[] } } }).status.lastCall.args[0];
  const joined = async (id: string): Promise<Bus> => {
    const bus = house.join(id, id === "leader" ? "leader" : "none");
    await eventually(() => expect(bus.link.up).toBe(true));
    return bus;
  };

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve as never)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(() => {
    house = memoryHouse();
    skein = { bus: house.bus };
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  describe("skein-in", () => {
    it("sends what fits the contract, with short topic, ids and source, and nothing else", async () => {
      await load([...around, node("skein-in", { message: "heartbeat", ids: { id: "cv-*" } })]);
      const heard = collect("out");
      const [cv, audio] = [await joined("cv-1"), await joined("audio-1")];
      await cv.publishRaw(heartbeat.topic({ id: "cv-1" }), Buffer.from("garbage"), "telemetry");
      await audio.publish(heartbeat, { id: "audio-1" }, beat);
      await cv.publish(heartbeat, { id: "cv-1" }, beat);
      await eventually(() => expect(heard).toHaveLength(1));
      expect(heard[0]).toMatchObject({
        topic: "followers/cv-1/heartbeat",
        payload: beat,
        ids: { id: "cv-1" },
        skein: { from: "cv-1" },
      });
      await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
    });

    it.each([
      [false, []],
      [true, ["followers/cv-1/birth"]],
    ])("with kept state of before asked for: %s, sends it so", async (sendInitial, topics) => {
      const cv = await joined("cv-1");
      await cv.publish(birth, { id: "cv-1" }, born);
      await load([...around, node("skein-in", { message: "birth", sendInitial })]);
      const heard = collect("out");
      await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
      await cv.publish(birth, { id: "cv-1" }, { ...born, name: "New" });
      await eventually(() =>
        expect(heard.filter(({ initial }) => !initial)).toMatchObject([{ payload: { name: "New" } }]),
      );
      expect(heard.filter(({ initial }) => initial).map(({ topic }) => topic)).toEqual(topics);
    });

    it("hears who stands in a room now, and what was kept of them before it knew who that is", async () => {
      const leader = await joined("leader");
      const [one, two] = [await joined("cv-1"), await joined("cv-2")];
      const three = await joined("cv-3");
      await two.publish(birth, { id: "cv-2" }, born);
      await three.publish(birth, { id: "cv-3" }, born);
      await load([...around, node("skein-in", { message: "birth", ids: { id: "room:hall" }, sendInitial: true })]);
      const heard = collect("out");
      await eventually(() => expect(status()).toMatchObject({ fill: "yellow", shape: "ring" }));
      // What is taken back before it is known whom it was of is not told.
      await three.publishRaw(birth.topic({ id: "cv-3" }), new Uint8Array(), "state");
      await inHall(leader, "cv-2", "cv-3");
      await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
      await eventually(() => expect(heard).toMatchObject([{ topic: "followers/cv-2/birth", initial: true }]));
      await inHall(leader, "cv-1");
      await eventually(() => expect(houseRegistryOf(house.bus).roomOf("cv-1")).toBe("hall"));
      await two.publish(birth, { id: "cv-2" }, { ...born, name: "Two" });
      await one.publish(birth, { id: "cv-1" }, { ...born, name: "One" });
      await eventually(() => expect(heard.slice(1)).toMatchObject([{ payload: { name: "One" } }]));
    });

    it("hears at once whom it chose by id, also where no leader ever tells who stands in a room", async () => {
      const [one, two] = [await joined("cv-1"), await joined("cv-2")];
      await load([...around, node("skein-in", { message: "heartbeat", ids: { id: "cv-1, room:hall" } })]);
      const heard = collect("out");
      await eventually(() => expect(status()).toMatchObject({ fill: "yellow", shape: "ring" }));
      await two.publish(heartbeat, { id: "cv-2" }, beat);
      await one.publish(heartbeat, { id: "cv-1" }, beat);
      await eventually(() => expect(heard).toMatchObject([{ ids: { id: "cv-1" } }]));
    });

    it("takes nothing for news that a restarted broker has kept of somebody who was moved into the room", async () => {
      const leader = await joined("leader");
      const one = await joined("cv-1");
      await one.publish(birth, { id: "cv-1" }, born);
      await inHall(leader, "cv-2");
      await load([...around, node("skein-in", { message: "birth", ids: { id: "room:hall" } })]);
      const heard = collect("out");
      await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
      await inHall(leader, "cv-1");
      await eventually(() => expect(houseRegistryOf(house.bus).roomOf("cv-1")).toBe("hall"));
      const hub = memoryHub(house.url.slice("memory:".length));
      hub.stop();
      hub.start();
      await eventually(() => expect([house.bus.stats.connections, one.stats.connections]).toEqual([2, 2]));
      await one.publish(birth, { id: "cv-1" }, { ...born, name: "New" });
      await eventually(() => expect(heard.at(-1)).toMatchObject({ payload: { name: "New" } }));
      expect(heard).toHaveLength(1);
    });

    it.each([
      ["at once", { message: "", topic: "lamps/#" }, "lamps/#"],
      ["at a later connection", { message: "birth", ids: { id: "cv-1" } }, birth.filter({ id: "cv-1" })],
    ])("is red and tells a Catch node when the broker refuses it %s", async (when, config, filter) => {
      const refusal = new SkeinError("BUS_REFUSED", "the broker does not let us read it.");
      const refuse: ((refusal: Refusal) => void)[] = [];
      const bus = Object.create(house.bus) as Bus;
      bus.onRefused = (listener) => (refuse.push(listener), () => {});
      if (when === "at once") bus.subscribeRaw = () => Promise.reject(refusal);
      skein = { bus };
      await load([...around, node("skein-in", config)]);
      const caught = collect("caught");
      if (when !== "at once") {
        await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
        for (const topic of ["somebody/elses", filter])
          for (const tell of refuse) tell({ action: "read", topic, error: refusal });
        await eventually(() => expect(caught).toMatchObject([{ topic: filter, error: { code: "BUS_REFUSED" } }]));
      }
      await eventually(() => expect(status()).toMatchObject({ fill: "red", shape: "ring" }));
    });

    it("takes any topic, and says what does not fit the chosen form where a Catch node hears it", async () => {
      await load([...around, node("skein-in", { message: "", topic: "lamps/+/state", payloadAs: "json" })]);
      const [heard, caught] = [collect("out"), collect("caught")];
      const lamp = await joined("lamp");
      await lamp.publishRaw("lamps/1/state", Buffer.from('{"on":true}'), "event");
      await lamp.publishRaw("lamps/2/state", Buffer.from("on"), "event");
      await eventually(() => expect(caught).toHaveLength(1));
      expect(heard).toMatchObject([{ topic: "lamps/1/state", payload: { on: true } }]);
      expect(caught[0]?.error).toMatchObject({ code: "PAYLOAD_NO_JSON" });
    });

    it.each`
      config                                                         | code
      ${{ message: "", topic: "a/#/b" }}                             | ${"TOPIC_INVALID"}
      ${{ message: "", topic: "" }}                                  | ${"TOPIC_INVALID"}
      ${{ message: "", topic: "${SKEIN_TEST_NONE}" }}                | ${"TOPIC_INVALID"}
      ${{ message: "", topic: null }}                                | ${"TOPIC_INVALID"}
      ${{ message: "heartbeat", ids: { id: "Bad Id!" } }}            | ${"ID_INVALID"}
      ${{ message: "heartbeat", ids: { id: "leader" } }}             | ${"ID_INVALID"}
      ${{ message: "heartbeat", ids: { id: "${SKEIN_TEST_NONE}" } }} | ${"ID_INVALID"}
      ${{ message: "fromTheFuture" }}                                | ${"MESSAGE_UNKNOWN"}
      ${{ message: "birth", bus: "gone" }}                           | ${"BUS_NOT_CONFIGURED"}
    `(
      "is red, says $code where a Catch node hears it, and keeps the flow running with $config",
      async ({ config, code }) => {
        await load([...around, node("skein-in", config)]);
        const caught = collect("caught");
        expect(status()).toMatchObject({ fill: "red", shape: "ring" });
        await eventually(() => expect(caught).toMatchObject([{ error: { code } }]));
      },
    );

    it.each(["${MANY}", "attic, ${ONE}"])("takes ids that the flow's environment holds: %s", async (id) => {
      const env = [
        { name: "MANY", value: "attic, cv-*", type: "str" },
        { name: "ONE", value: "cv-1", type: "str" },
      ];
      await load([
        { id: "tab", type: "tab", env },
        ...around.filter(({ type }) => type !== "tab"),
        node("skein-in", { message: "heartbeat", ids: { id } }),
      ]);
      const heard = collect("out");
      for (const name of ["audio-1", "cv-1", "attic"])
        await (await joined(name)).publish(heartbeat, { id: name }, beat);
      await eventually(() => expect(heard.map(({ ids }) => ids)).toEqual([{ id: "cv-1" }, { id: "attic" }]));
    });
  });

  describe("skein-out", () => {
    it("says a house message under our own id, is done when the bus has it, and names its cause", async () => {
      await load([
        ...around,
        node("skein-out", { message: "flowEvent", ids: { name: { value: "topic", type: "msg" } } }),
      ]);
      const [passed, completed] = [collect("out"), collect("completed")];
      const heard: unknown[] = [];
      const other = await joined("other");
      await other.subscribe(flowEvent, {}, ({ ids, data, envelope }) => void heard.push([ids, data, envelope.causes]));
      helper
        .getNode("n")
        .receive({ topic: "doorbell", payload: { pressed: true }, skein: { id: "cause" }, kept: "yes" } as NodeMessage);
      await eventually(() =>
        expect(heard).toEqual([[{ host: "flow-host", name: "doorbell" }, { pressed: true }, ["cause"]]]),
      );
      await eventually(() => expect(completed).toHaveLength(1));
      expect(passed[0]).toMatchObject({ kept: "yes", skein: { from: "flow-host" } });
    });

    it.each`
      message                                              | said
      ${{ topic: "door", payload: "open" }}                | ${"flowEvent door"}
      ${{ topic: "door/1", follower: "x", payload: "no" }} | ${undefined}
    `("works as it fell from the palette: $message says $said", async ({ message, said }) => {
      await load([...around, { id: "n", type: "skein-out", wires: [["out"]], ...at }]);
      const caught = collect("caught");
      const heard: string[] = [];
      const other = await joined("other");
      await other.subscribe(flowEvent, {}, ({ ids }) => void heard.push(`flowEvent ${ids.name}`));
      helper.getNode("n").receive(message);
      if (said) await eventually(() => expect(heard).toEqual([said]));
      else await eventually(() => expect(caught.at(-1)?.error).toMatchObject({ code: "ID_INVALID" }));
    });

    it("takes a command to the follower that the message names, when nothing was set", async () => {
      const follower = await joined("cv-1");
      await follower.serve(agentCommand, { target: "cv-1" }, () => ({ pong: true }));
      await load([...around, node("skein-out", { message: "agentCommand" })]);
      const answers = collect("out");
      helper.getNode("n").receive({ follower: "cv-1", payload: { action: "ping" } } as NodeMessage);
      await eventually(() => expect(answers).toMatchObject([{ payload: { pong: true } }]));
    });

    it.each`
      what                       | config                                                                     | topic
      ${"an event of the house"} | ${{ message: "flowEvent", ids: { name: { value: "door", type: "str" } } }} | ${flowEvent.topic({ host: "flow-host", name: "door" })}
      ${"a free topic"}          | ${{ message: "", topic: "lamps/1/set" }}                                   | ${"lamps/1/set"}
    `(
      "is red and tells a Catch node when the broker refuses $what later, until another has gone well",
      async ({ config, topic }) => {
        const refuse: ((refusal: Refusal) => void)[] = [];
        const bus = Object.create(house.bus) as Bus;
        bus.onRefused = (listener) => (refuse.push(listener), () => {});
        skein = { bus };
        await load([...around, node("skein-out", config)]);
        const [passed, caught] = [collect("out"), collect("caught")];
        const error = new SkeinError("BUS_REFUSED", "the broker hangs up at it.");
        const tell = (action: Refusal["action"], of: string) => {
          for (const listener of refuse) listener({ action, topic: of, error });
        };
        tell("write", topic as string);
        helper.getNode("n").receive({ payload: "on" });
        await eventually(() => expect(passed).toHaveLength(1));
        tell("write", "somebody/elses");
        tell("read", topic as string);
        await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
        tell("write", topic as string);
        await eventually(() => expect(caught).toMatchObject([{ topic, error: { code: "BUS_REFUSED" } }]));
        expect(status()).toMatchObject({ fill: "red", shape: "ring" });
        // What is sent next has gone well: the link is what there is to show again.
        helper.getNode("n").receive({ payload: "off" });
        await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
      },
    );

    it("gives a command's answer, or its refusal as an error with the other side's code", async () => {
      const follower = await joined("cv-1");
      await follower.serve(agentCommand, { target: "cv-1" }, ({ data }) => {
        if (data.action === "restart") throw Object.assign(new Error("not now"), { code: "BUSY" });
        return { pong: true };
      });
      await load([
        ...around,
        node("skein-out", { message: "agentCommand", ids: { target: { value: "cv-1", type: "str" } } }),
      ]);
      const [answers, caught] = [collect("out"), collect("caught")];
      helper.getNode("n").receive({ payload: { action: "ping" } });
      await eventually(() => expect(answers).toMatchObject([{ payload: { pong: true } }]));
      helper.getNode("n").receive({ payload: { action: "restart" } });
      await eventually(() => expect(caught[0]?.error).toMatchObject({ code: "BUSY" }));
    });

    it("says anything on a free topic, msg.topic where none is set", async () => {
      await load([...around, node("skein-out", { message: "", kind: "state" })]);
      const heard: string[] = [];
      const other = await joined("other");
      await other.subscribeRaw(
        "lamps/#",
        ({ topic, payload }) => void heard.push(`${topic} ${Buffer.from(payload).toString()}`),
      );
      helper.getNode("n").receive({ topic: "lamps/1/set", payload: "on" });
      await eventually(() => expect(heard).toEqual(["lamps/1/set on"]));
    });

    it.each`
      config                               | message                         | code
      ${{ message: "flowState" }}          | ${{ payload: 1 }}               | ${"ID_INVALID"}
      ${{ message: "heartbeat" }}          | ${{ payload: 1 }}               | ${"MESSAGE_UNKNOWN"}
      ${{ message: "" }}                   | ${{ topic: "a/+", payload: 1 }} | ${"TOPIC_INVALID"}
      ${{ message: "maintenanceCommand" }} | ${{ payload: { follower: 5 } }} | ${"MESSAGE_INVALID"}
      ${{ message: "", bus: "gone" }}      | ${{ topic: "a", payload: 1 }}   | ${"BUS_NOT_CONFIGURED"}
    `("fails with $code where a Catch node hears it: $config, $message", async ({ config, message, code }) => {
      await load([...around, node("skein-out", config)]);
      const caught = collect("caught");
      helper.getNode("n").receive(message);
      await eventually(() => expect(caught.at(-1)?.error).toMatchObject({ code }));
    });
  });

  const fixtures = join(__dirname, "fixtures");
  it.each(readdirSync(fixtures))("still load and work as release %s saved them", async (file) => {
    await load(JSON.parse(readFileSync(join(fixtures, file), "utf8")) as object[]);
    const heard = collect("out");
    const events: unknown[] = [];
    const [cv, audio] = [await joined("cv-1"), await joined("audio-1")];
    await audio.subscribe(flowEvent, {}, ({ ids, data }) => void events.push([ids.name, data]));
    await audio.publish(heartbeat, { id: "audio-1" }, beat);
    await cv.publish(heartbeat, { id: "cv-1" }, beat);
    await eventually(() => expect(heard).toMatchObject([{ topic: "lamps/1/set", payload: "on" }]));
    await eventually(() => expect(events).toEqual([["beat", 5000]]));
  });

  describe("skein-bus", () => {
    it("connects to a broker of its own, with its secrets in the credentials and ${VAR} from the environment", async () => {
      process.env["SKEIN_TEST_BUS"] = house.url;
      const own = { id: "bus", type: "skein-bus", mode: "broker", url: "${SKEIN_TEST_BUS}" };
      await load(
        [
          ...around.filter(({ id }) => id !== "bus"),
          own,
          node("skein-out", { message: "flowState", ids: { name: { value: "mode", type: "str" } } }),
        ],
        { bus: { username: "garden", password: "secret" } },
      );
      const heard: unknown[] = [];
      const other = await joined("other");
      await other.subscribe(flowState, {}, ({ ids, data }) => void heard.push([ids, data]));
      helper.getNode("n").receive({ payload: "night" });
      await eventually(() => expect(heard).toEqual([[{ host: "garden", name: "mode" }, "night"]]));
      delete process.env["SKEIN_TEST_BUS"];
    });

    it("says that this is not the leader's Node-RED when there is no bus at hand", async () => {
      skein = {};
      await load([...around, node("skein-out", { message: "" })]);
      const caught = collect("caught");
      helper.getNode("n").receive({ topic: "a", payload: 1 });
      await eventually(() => expect(caught.at(-1)?.error).toMatchObject({ code: "BUS_NO_LEADER" }));
    });

    it.each`
      dialog                                                             | answer
      ${{ mode: "broker", url: "the house" }}                            | ${{ up: true }}
      ${{ mode: "broker", url: "mqtt://127.0.0.1:1" }}                   | ${{ up: false, code: "BUS_UNREACHABLE" }}
      ${{ mode: "broker", url: "" }}                                     | ${{ code: "BUS_NOT_CONFIGURED" }}
      ${{ mode: "broker", url: "${NOPE}" }}                              | ${{ code: "BUS_NOT_CONFIGURED", message: expect.stringContaining("${NOPE} is not set") }}
      ${{ mode: "broker", url: "mqtt://${NOPE}:1883" }}                  | ${{ code: "BUS_NOT_CONFIGURED", message: expect.stringContaining("${NOPE} is not set") }}
      ${{ mode: "broker", url: "mqtt://127.0.0.1", identity: "leader" }} | ${{ code: "ID_INVALID" }}
      ${{ mode: "leader" }}                                              | ${{ up: true }}
    `("tries a connection as the dialog has it: $dialog is answered $answer", async ({ dialog, answer }) => {
      await load(around);
      await eventually(() => expect(house.bus.link.up).toBe(true));
      const asked = { id: "bus", credentials: {}, ...dialog };
      if (asked.url === "the house") asked.url = house.url;
      const { body } = await helper.request().post("/skein/bus/test").send(asked);
      expect(body).toMatchObject(answer);
    });

    it("says of a web server that it speaks no MQTT", async () => {
      const web = createServer((_request, response) => response.end("hello"));
      await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
      try {
        await load(around);
        const url = `mqtt://127.0.0.1:${(web.address() as AddressInfo).port}`;
        const { body } = await helper.request().post("/skein/bus/test").send({ id: "bus", mode: "broker", url });
        expect(body).toMatchObject({ up: false, why: "what answers there speaks no MQTT" });
      } finally {
        web.closeAllConnections();
        await new Promise((resolve) => web.close(resolve));
      }
    });

    it("tries a connection with the stored password where the dialog only shows that there is one", async () => {
      const mosquitto = await startMosquitto({ users: { garden: "secret" } });
      try {
        const own = { id: "bus", type: "skein-bus", mode: "broker", url: mosquitto.url };
        await load([...around.filter(({ id }) => id !== "bus"), own], {
          bus: { username: "garden", password: "secret" },
        });
        const test = async (password: string) => {
          const credentials = { username: "garden", password };
          const asked = { id: "bus", mode: "broker", url: mosquitto.url, credentials };
          return (await helper.request().post("/skein/bus/test").send(asked)).body as object;
        };
        expect(await test("__PWRD__")).toMatchObject({ up: true });
        expect(await test("wrong")).toMatchObject({ up: false, code: "BUS_NOT_AUTHORISED" });
      } finally {
        await mosquitto.close();
      }
    });

    it("tries a connection with what the environment holds, as a deployed bus has it", async () => {
      const mosquitto = await startMosquitto({ users: { garden: "secret" } });
      Object.assign(process.env, { SKEIN_TEST_USER: "garden", SKEIN_TEST_PASSWORD: "secret" });
      try {
        const own = { id: "bus", type: "skein-bus", mode: "broker", url: mosquitto.url };
        await load([...around.filter(({ id }) => id !== "bus"), own], { bus: { password: "${SKEIN_TEST_PASSWORD}" } });
        const test = async (id: string, identity: string, password: string) => {
          const credentials = { username: "${SKEIN_TEST_USER}", password };
          const asked = { id, mode: "broker", url: mosquitto.url, identity, credentials };
          return (await helper.request().post("/skein/bus/test").send(asked)).body as object;
        };
        expect(await test("bus", "${SKEIN_TEST_USER}", "__PWRD__")).toMatchObject({ up: true });
        expect(await test("not deployed", "", "${SKEIN_TEST_PASSWORD}")).toMatchObject({ up: true });
        expect(await test("bus", "${SKEIN_TEST_NONE}", "__PWRD__")).toMatchObject({ code: "ID_INVALID" });
      } finally {
        delete process.env["SKEIN_TEST_USER"];
        delete process.env["SKEIN_TEST_PASSWORD"];
        await mosquitto.close();
      }
    });

    it("tells the dialogs who is there and what can be said", async () => {
      const leader = house.join("leader", "leader");
      await eventually(() => expect(leader.link.up).toBe(true));
      await house.say(leader, "cv-1", "alive", { virtual: true });
      await load([...around, node("skein-in", { message: "birth" })]);
      const { body } = await helper.request().get("/skein/followers?bus=bus").expect(200);
      expect(body).toEqual([{ id: "cv-1", name: "cv-1", virtual: true, state: "alive" }]);
      const rooms = [{ id: "hall", name: "Hall", private: false }];
      const told = {
        rooms,
        residents: [{ id: "ann", name: "Ann" }],
        places: [{ kind: "follower" as const, id: "cv-1", room: "hall" }],
        groups: [],
      };
      expect((await helper.request().get("/skein/house?bus=bus").expect(200)).body).toMatchObject({ rooms: [] });
      await leader.publish(houseState, {}, told);
      await eventually(async () =>
        expect((await helper.request().get("/skein/house?bus=bus").expect(200)).body).toEqual(told),
      );
      const messages = (await helper.request().get("/skein/messages").expect(200)).body as { name: string }[];
      expect(messages.map(({ name }) => name)).toContain("heartbeat");
    });
  });
});
