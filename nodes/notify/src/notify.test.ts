import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryHub, type Bus, type LinkState, type Refusal } from "@skein/bus";
import {
  flowMedia,
  leaderClock,
  MAX_NOTICE_ACTIONS,
  noticeAnswerCommand,
  noticeCommand,
  severity,
  type DataOf,
} from "@skein/contracts";
import { FakeClock, mediaHash, SkeinError } from "@skein/kit";
import { migrate, type SkeinRedSettings } from "@skein/palette";
import { memoryHouse, type MemoryHouse } from "@skein/palette/testing/memory-house";
import helper from "node-red-node-test-helper";
import { eventually, until } from "../../../test/support/eventually";
import registerBus = require("../../bus/src/bus");
import { defaults, MAX_BUTTONS, MAX_LABEL, MAX_VALID_MINUTES, MAX_VALUE, minutesToSave, SEVERITIES } from "./config";
import { steps } from "./migrations";
import registerNotify = require("./notify");

helper.init(require.resolve("node-red"));

interface Heard {
  topic?: string;
  payload: unknown;
  notice: { id: string; sent?: object; action?: string; label?: string; by?: string; picture?: boolean };
  skein?: { from: string; by?: string };
  kept?: string;
  req?: unknown;
}

const at = { z: "tab", x: 1, y: 1 };
const flow = (more: object = {}) => [
  { id: "tab", type: "tab" },
  { id: "bus", type: "skein-bus", mode: "leader" },
  { id: "n", type: "skein-notify", bus: "bus", wires: [["sent"], ["pressed"]], ...at, ...more },
  { id: "sent", type: "helper", ...at },
  { id: "pressed", type: "helper", ...at },
  { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]], ...at },
  { id: "caught", type: "helper", ...at },
  { id: "complete", type: "complete", scope: ["n"], wires: [["completed"]], ...at },
  { id: "completed", type: "helper", ...at },
];
const buttons = { restart: "Restart it", leave: "Leave it" };
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);

it("holds in its dialog to what the contract takes", () => {
  const fits = (more: object) => noticeCommand.schema.safeParse({ text: "x", ...more }).success;
  const button = (value: number, label: number) => [{ id: "v".repeat(value), label: "l".repeat(label) }];
  expect(SEVERITIES).toEqual(severity.options);
  expect(MAX_BUTTONS).toBe(MAX_NOTICE_ACTIONS);
  expect([
    fits({ actions: button(MAX_VALUE, MAX_LABEL) }),
    fits({ actions: button(MAX_VALUE + 1, 1) }),
    fits({ actions: button(1, MAX_LABEL + 1) }),
    fits({ validForMs: MAX_VALID_MINUTES * 60_000 }),
    fits({ validForMs: MAX_VALID_MINUTES * 60_000 + 1 }),
  ]).toEqual([true, false, false, true, false]);
});

it.each`
  saved                                    | buttons                                                                   | because
  ${{ yes: "Yes", no: "No" }}              | ${{ 1: { value: "yes", label: "Yes" }, 2: { value: "no", label: "No" } }} | ${"as version 1 had them"}
  ${{ 1: { value: "3", label: "Three" } }} | ${{ 1: { value: "3", label: "Three" } }}                                  | ${"as some of version 1 had them already"}
  ${undefined}                             | ${{}}                                                                     | ${"none"}
`("brings buttons of version 1 to their places: $because", ({ saved, buttons: placed }) => {
  const version1 = Object.freeze({ configVersion: 1, name: "ask", buttons: saved as object });
  expect(migrate(version1, steps, defaults)).toEqual({ ...defaults, name: "ask", configVersion: 2, buttons: placed });
});

it.each`
  line            | saved
  ${" 30 "}       | ${30}
  ${""}           | ${0}
  ${"0.5"}        | ${0.5}
  ${"${MINUTES}"} | ${"${MINUTES}"}
  ${"2h"}         | ${"2h"}
  ${"-1"}         | ${"-1"}
`("saves $line as $saved minutes, so that a slip of the pen is not for ever", ({ line, saved }) => {
  expect(minutesToSave(line as string)).toBe(saved);
});

describe("the notify node", () => {
  let house: MemoryHouse;
  let leader: Bus;
  let skein: SkeinRedSettings;
  let asked: DataOf<typeof noticeCommand>[];
  let answer: () => object;

  const join_ = async () => {
    leader = house.join("leader", "leader");
    await leader.serve(noticeCommand, {}, ({ data }) => {
      asked.push(data);
      return answer();
    });
  };
  const load = async (nodes: object[] = flow(), ready = true) => {
    helper.settings({ skein });
    await helper.load([registerBus, registerNotify] as never, nodes, {});
    if (ready) await eventually(() => expect(status()).toMatchObject({ fill: "green" }));
  };
  const collect = (id: string): Heard[] => {
    const heard: Heard[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const codes = (caught: unknown[]) => (caught as { error: { code: string } }[]).map(({ error }) => error.code);
  const status = () =>
    (helper.getNode("n") as unknown as { status: { lastCall: { args: unknown[] } | null } }).status.lastCall?.args[0];
  const press = (action: string, more: object = {}, nth = asked.length - 1) => {
    const { node = "", mark, actions } = asked[nth] ?? { actions: [] };
    const chosen = actions.find(({ id }) => id === action);
    const said = { notice: "n-1", node, action: chosen ?? { id: action, label: action }, by: "ann", at: 5 };
    return leader.request(noticeAnswerCommand, { target: "flow-host" }, { ...said, ...(mark && { mark }), ...more });
  };

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(async () => {
    house = memoryHouse();
    skein = { bus: house.bus };
    asked = [];
    answer = () => ({ id: "n-1", sent: { page: { ok: true } } });
    await join_();
  });
  afterEach(async () => {
    await helper.unload();
    await house.close();
  });

  it("has the leader tell it, and hands on the message with how each channel did", async () => {
    await load(flow({ title: "Cellar", severity: "warning", validMinutes: 2 }));
    const [sent, completed] = [collect("sent"), collect("completed")];
    helper.getNode("n").receive({ payload: "Water!", kept: "yes" });
    await eventually(() => expect(completed).toHaveLength(1));
    expect(asked).toMatchObject([
      { text: "Water!", title: "Cellar", severity: "warning", actions: [], validForMs: 120_000, node: "n" },
    ]);
    expect(sent).toMatchObject([
      { payload: "Water!", kept: "yes", notice: { id: "n-1", sent: { page: { ok: true } } } },
    ]);
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
  });

  it("works as it fell from the palette, with no bus chosen", async () => {
    await load([
      { id: "tab", type: "tab" },
      { id: "n", type: "skein-notify", wires: [[], []], ...at },
    ]);
    helper.getNode("n").receive({ payload: { door: "open" } });
    await eventually(() => expect(asked).toMatchObject([{ text: '{"door":"open"}', severity: "info" }]));
  });

  it("shows in yellow when a channel did not have it", async () => {
    answer = () => ({ id: "n-1", sent: { page: { ok: true }, ntfy: { ok: false, detail: "no answer" } } });
    await load();
    helper.getNode("n").receive({ payload: "x" });
    await eventually(() => expect(status()).toMatchObject({ fill: "yellow", shape: "dot" }));
  });

  it("brings what was pressed back, with the other properties of the message that asked and who it was", async () => {
    await load(flow({ buttons }));
    const pressed = collect("pressed");
    helper.getNode("n").receive({ payload: "cv-1 died", follower: "cv-1", kept: "yes", req: { socket: 1 } });
    await until(() => asked.length === 1);
    expect(asked[0]?.actions).toEqual([
      { id: "restart", label: "Restart it" },
      { id: "leave", label: "Leave it" },
    ]);
    expect(await press("restart")).toEqual({ ok: true });
    await until(() => pressed.length === 1);
    expect(pressed[0]).toMatchObject({
      topic: "notices/n-1",
      payload: "restart",
      follower: "cv-1",
      kept: "yes",
      notice: { id: "n-1", action: "restart", label: "Restart it", by: "ann", at: 5 },
      skein: { from: "leader", by: "ann" },
    });
    expect(pressed[0]).not.toHaveProperty("req");
  });

  it("brings it back once, whoever asks again", async () => {
    await load(flow({ buttons }));
    const pressed = collect("pressed");
    helper.getNode("n").receive({ payload: "x" });
    await until(() => asked.length === 1);
    await press("restart");
    expect(await press("leave")).toMatchObject({ ok: false, code: "NOTICE_CLOSED" });
    await eventually(() => expect(pressed).toMatchObject([{ payload: "restart" }]));
  });

  it("brings it back after a redeploy", async () => {
    await load(flow({ buttons }));
    helper.getNode("n").receive({ payload: "x", kept: "yes" });
    await until(() => asked.length === 1);
    await helper.setFlows(flow({ buttons, name: "changed" }), "full");
    const pressed = collect("pressed");
    expect(await press("leave")).toEqual({ ok: true });
    await eventually(() => expect(pressed).toMatchObject([{ payload: "leave", kept: "yes" }]));
  });

  it("answers that it is gone when it was deleted", async () => {
    await load(flow({ buttons }));
    helper.getNode("n").receive({ payload: "x" });
    await until(() => asked.length === 1);
    await helper.setFlows(
      flow().filter(({ id }) => id !== "n"),
      "full",
    );
    expect(await press("leave")).toMatchObject({ ok: false, code: "NOTICE_NODE_GONE" });
  });

  it("sends a picture ahead, named by its hash, whether it is beside the text or instead of it", async () => {
    const media: { topic: string; payload: Uint8Array }[] = [];
    await leader.subscribeRaw(flowMedia.filter(), (message) => void media.push(message));
    await load(flow({ title: "At the door" }));
    helper.getNode("n").receive({ payload: "somebody", picture: PNG });
    await until(() => asked.length === 1);
    helper.getNode("n").receive({ payload: PNG });
    await until(() => asked.length === 2);
    expect(asked).toMatchObject([
      { text: "somebody", title: "At the door", picture: mediaHash(PNG) },
      { text: "At the door", picture: mediaHash(PNG) },
    ]);
    expect(media.map(({ topic }) => topic)).toEqual(
      [1, 2].map(() => flowMedia.topic({ host: "flow-host", hash: mediaHash(PNG) })),
    );
    expect(Buffer.from(media[0]?.payload ?? [])).toEqual(PNG);
  });

  it("takes a picture from JSONata, or as a data URL out of the environment", async () => {
    const url = `data:image/png;base64,${PNG.toString("base64")}`;
    await load(flow({ picture: "payload.snapshot", pictureType: "jsonata", text: "at the door", textType: "str" }));
    for (const snapshot of [PNG, url]) helper.getNode("n").receive({ payload: { snapshot } });
    await until(() => asked.length === 2);
    expect(asked).toMatchObject([{ picture: mediaHash(PNG) }, { picture: mediaHash(PNG) }]);
  });

  it("shows its buttons in the order of the dialog, also when what they send are numbers", async () => {
    const placed = { "1": { value: "3", label: "Three" }, "2": { value: "1", label: "One" } };
    await load(flow({ buttons: placed }));
    helper.getNode("n").receive({ payload: "x" });
    await until(() => asked.length === 1);
    expect(asked[0]?.actions).toEqual([
      { id: "3", label: "Three" },
      { id: "1", label: "One" },
    ]);
  });

  it.each`
    message                                                                      | code                        | because
    ${{ payload: "" }}                                                           | ${"NOTICE_EMPTY"}           | ${"there is nothing to tell"}
    ${{ payload: "x", severity: "terrible" }}                                    | ${"NOTICE_INVALID"}         | ${"of that severity there is none"}
    ${{ payload: "x", actions: ["a", "b", "c", "d"] }}                           | ${"NOTICE_INVALID"}         | ${"three buttons are the most"}
    ${{ payload: "x", actions: [{}] }}                                           | ${"NOTICE_INVALID"}         | ${"a button has something on it"}
    ${{ payload: "x", actions: [{ id: "a", label: "A" }, "a"] }}                 | ${"NOTICE_INVALID"}         | ${"two that send the same cannot be told apart"}
    ${{ payload: "x", picture: "cat.jpg" }}                                      | ${"NOTICE_PICTURE_INVALID"} | ${"a name is no picture"}
    ${{ payload: Buffer.from("<svg/>") }}                                        | ${"NOTICE_PICTURE_INVALID"} | ${"neither JPEG nor PNG"}
    ${{ payload: "x", picture: Buffer.concat([PNG, Buffer.alloc(256 * 1024)]) }} | ${"NOTICE_PICTURE_INVALID"} | ${"too large"}
  `(
    "fails with $code where a Catch node hears it: $because",
    async ({ message, code }: { message: object; code: string }) => {
      await load();
      const caught = collect("caught");
      helper.getNode("n").receive(message as never);
      await eventually(() => expect(codes(caught)).toEqual([code]));
      expect(asked).toEqual([]);
    },
  );

  it.each`
    actions                          | sent
    ${["Yes", "No"]}                 | ${[["Yes", "Yes"], ["No", "No"]]}
    ${["3", "1", "2"]}               | ${[["3", "3"], ["1", "1"], ["2", "2"]]}
    ${{ yes: "Yes" }}                | ${[["yes", "Yes"]]}
    ${[{ id: "yes", label: "Yes" }]} | ${[["yes", "Yes"]]}
    ${[]}                            | ${[]}
  `(
    "takes msg.actions in place of its own: $actions",
    async ({ actions, sent }: { actions: unknown; sent: unknown }) => {
      await load(flow({ buttons }));
      helper.getNode("n").receive({ payload: "x", actions } as never);
      await until(() => asked.length === 1);
      expect(asked[0]?.actions.map(({ id, label }) => [id, label])).toEqual(sent);
    },
  );

  it("hands on the leader's no", async () => {
    answer = () => {
      throw Object.assign(new Error("too many"), { code: "NOTICE_TOO_MANY" });
    };
    await load();
    const caught = collect("caught");
    helper.getNode("n").receive({ payload: "x" });
    await eventually(() => expect(codes(caught)).toEqual(["NOTICE_TOO_MANY"]));
    expect(status()).toMatchObject({ fill: "red" });
  });

  it("says that nobody is there to show it, and fails soon, where no leader was ever heard", async () => {
    await house.close();
    house = memoryHouse();
    skein = { bus: house.bus };
    await load(flow(), false);
    await eventually(() =>
      expect(status()).toMatchObject({ fill: "grey", shape: "ring", text: expect.stringContaining("noLe") }),
    );
    const caught = collect("caught");
    helper.getNode("n").receive({ payload: "x" });
    await eventually(() => expect(codes(caught)).toEqual(["LEADER_ABSENT"]));
  });

  it("waits for the link and the leader right after a deploy, when neither is there yet", async () => {
    await house.close();
    house = memoryHouse();
    const bus = Object.create(house.bus) as Bus;
    const told: ((state: LinkState) => void)[] = [];
    bus.onLink = (listener) => {
      listener({ up: false, code: "BUS_UNREACHABLE", why: "not yet" });
      told.push(listener);
      return () => {};
    };
    // On which a leader that is not heard yet is waited for as long as it takes.
    skein = { bus, clock: new FakeClock() };
    await load(flow(), false);
    const [sent, caught] = [collect("sent"), collect("caught")];
    helper.getNode("n").receive({ payload: "at once" });
    await eventually(() => expect(status()).toMatchObject({ fill: "grey", text: expect.stringContaining("noBus") }));
    for (const tell of told) tell({ up: true });
    await eventually(() => expect(status()).toMatchObject({ fill: "grey", text: expect.stringContaining("noLe") }));
    await join_();
    await eventually(() => expect(sent).toMatchObject([{ payload: "at once" }]));
    expect(caught).toEqual([]);
  });

  it("says that a leader that is there did not answer, and not that there is none", async () => {
    const bus = Object.create(house.bus) as Bus;
    bus.request = () => Promise.reject(new SkeinError("REQUEST_TIMEOUT", "leader did not answer within 60000 ms."));
    skein = { bus };
    await load();
    const caught = collect("caught");
    helper.getNode("n").receive({ payload: "x" });
    await eventually(() => expect(codes(caught)).toEqual(["REQUEST_TIMEOUT"]));
    await leader.close(200);
    await eventually(() => expect(status()).toMatchObject({ fill: "grey", text: expect.stringContaining("away") }));
    helper.getNode("n").receive({ payload: "x" });
    await eventually(() => expect(codes(caught)).toEqual(["REQUEST_TIMEOUT", "LEADER_ABSENT"]));
  });

  it("stays red while the broker does not let it hear what is pressed, whatever else it does", async () => {
    const bus = Object.create(house.bus) as Bus;
    bus.serve = () => Promise.reject(new SkeinError("BUS_REFUSED", "the broker does not let us."));
    skein = { bus };
    await load(flow(), false);
    await eventually(() => expect(status()).toMatchObject({ fill: "red", shape: "ring" }));
    const sent = collect("sent");
    helper.getNode("n").receive({ payload: "x" });
    await until(() => sent.length === 1);
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
  });

  it("is red, too, when the broker says so at a later link, until the next one at which it does not", async () => {
    const bus = Object.create(house.bus) as Bus;
    const refuse: ((refusal: Refusal) => void)[] = [];
    bus.onRefused = (listener) => (refuse.push(listener), () => {});
    skein = { bus };
    await load();
    const caught = collect("caught");
    const topic = noticeAnswerCommand.filter({ target: "flow-host" });
    for (const tell of refuse) tell({ action: "read", topic, error: new SkeinError("BUS_REFUSED", "no.") });
    await eventually(() => expect(codes(caught)).toEqual(["BUS_REFUSED"]));
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const hub = memoryHub(house.url.slice("memory:".length));
    hub.stop();
    hub.start();
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
  });

  it.each`
    minutes               | ms           | because
    ${"2"}                | ${120_000}   | ${"a number as a text is one"}
    ${"${SKEIN_MINUTES}"} | ${180_000}   | ${"the environment may say it"}
    ${"0.001"}            | ${1000}      | ${"a second is the least"}
    ${"0"}                | ${undefined} | ${"as long as it is kept"}
    ${"${SKEIN_NONE}"}    | ${"refused"} | ${"a variable that is not set says nothing"}
    ${"50000"}            | ${"refused"} | ${"31 days are the most"}
    ${"2h"}               | ${"refused"} | ${"that is no number of minutes"}
  `("is valid for $minutes minutes: $because", async ({ minutes, ms }: { minutes: string; ms: number | string }) => {
    const env = [{ name: "SKEIN_MINUTES", value: "3", type: "str" }];
    await load([{ id: "tab", type: "tab", env }, ...flow({ validMinutes: minutes }).slice(1)]);
    const caught = collect("caught");
    helper.getNode("n").receive({ payload: "x" });
    if (ms === "refused") return eventually(() => expect(codes(caught)).toEqual(["NOTICE_INVALID"]));
    await until(() => asked.length === 1);
    expect(asked[0]?.validForMs).toBe(ms);
  });

  it("waits for a leader that is away for a moment", async () => {
    await load();
    // By its clock the notice has a deadline: one without would not be told after a wait.
    await leader.publish(leaderClock, {}, { nextInMs: 10_000 });
    await until(() => house.bus.leaderNow() !== undefined);
    await leader.close(200);
    await eventually(() => expect(status()).toMatchObject({ fill: "grey", text: expect.stringContaining("away") }));
    const sent = collect("sent");
    helper.getNode("n").receive({ payload: "still true" });
    await join_();
    await eventually(() => expect(sent).toMatchObject([{ payload: "still true" }]));
    expect(asked).toMatchObject([{ text: "still true" }]);
  });

  it("says in red that it has no bus, fails every input, and keeps no flow from starting", async () => {
    await load(flow({ bus: "gone" }), false);
    expect(status()).toMatchObject({ fill: "red", shape: "ring" });
    const caught = collect("caught");
    helper.getNode("n").receive({ payload: "x" });
    await eventually(() => expect(codes(caught)).toContain("BUS_NOT_CONFIGURED"));
  });

  it("sends a test when its button is pressed, and says when it is not deployed", async () => {
    await load(flow({ buttons, severity: "alarm" }));
    const { body } = (await helper.request().post("/skein/notify/n/test").expect(200)) as { body: object };
    expect(body).toEqual({ id: "n-1", sent: { page: { ok: true } } });
    expect(asked).toMatchObject([{ severity: "alarm", actions: [] }]);
    expect((await helper.request().post("/skein/notify/nobody/test").expect(404)).body).toMatchObject({
      code: "NODE_UNKNOWN",
    });
  });

  const fixtures = join(__dirname, "fixtures");
  it.each(readdirSync(fixtures))("still loads and works as release %s saved it", async (file) => {
    await load(JSON.parse(readFileSync(join(fixtures, file), "utf8")) as object[]);
    const pressed = collect("pressed");
    helper.getNode("n").receive({ payload: "Water!" });
    await until(() => asked.length === 1);
    expect(asked).toMatchObject([{ text: "Water!", title: "Cellar", severity: "warning", validForMs: 1_800_000 }]);
    expect(await press("pump")).toEqual({ ok: true });
    await eventually(() => expect(pressed).toMatchObject([{ payload: "pump" }]));
  });
});
