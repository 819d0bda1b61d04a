import { EventEmitter } from "node:events";
import { isFollowerId, isId } from "@skein/contracts";
import { FakeClock, SkeinError } from "@skein/kit";
import type { Node, NodeAPI } from "node-red";
import {
  becauseOf,
  chosenIds,
  createSender,
  createStatus,
  isChoice,
  isDeviceChoice,
  isFollowerChoice,
  isIdentity,
  isIdText,
  keyOfFailure,
  matcher,
  migrate,
  onClose,
  onInput,
  shortTopic,
  tellFailure,
  withCode,
  wrongIn,
} from ".";
import { preselectBus } from "./editor/bus-select";

const fakeNode = () =>
  Object.assign(new EventEmitter(), { status: jest.fn(), send: jest.fn(), error: jest.fn() }) as unknown as Node &
    Record<"status" | "send" | "error", jest.Mock>;
/** A Node-RED whose flows are being started. */
const starting = () => ({ events: new EventEmitter() }) as unknown as NodeAPI;

describe("followers chosen by pattern", () => {
  it.each([
    [[], "cv-1", true],
    [[" "], "cv-1", true],
    [["cv-1"], "cv-1", true],
    [["cv-1"], "cv-10", false],
    [["cv-*"], "cv-10", true],
    [["*-hall", "hub"], "cam-hall", true],
    [["c.-1"], "cv-1", false],
    [["attic, kitchen"], "kitchen", true],
    [["attic, cv-*", "hub"], "attic, cv-1", false],
  ])("%j watches %s: %s", (patterns, id, watched) => {
    expect(matcher(patterns)(id)).toBe(watched);
  });
});

describe("what an owner types", () => {
  it.each`
    text                    | choice   | follower | because
    ${"attic"}              | ${true}  | ${true}  | ${"an id"}
    ${"cv-*"}               | ${true}  | ${true}  | ${"a pattern"}
    ${"*-hall"}             | ${true}  | ${true}  | ${"another"}
    ${"*"}                  | ${true}  | ${true}  | ${"everybody"}
    ${"leader"}             | ${true}  | ${false} | ${"somebody, but no follower"}
    ${"l*r"}                | ${true}  | ${true}  | ${"others fit it, too"}
    ${"Attic"}              | ${false} | ${false} | ${"a name"}
    ${"ATTIC"}              | ${false} | ${false} | ${"ids are small"}
    ${"../x"}               | ${false} | ${false} | ${"no id has these"}
    ${"-x*"}                | ${false} | ${false} | ${"no id begins so"}
    ${"a b"}                | ${false} | ${false} | ${"nor has a space"}
    ${"x".repeat(64)}       | ${false} | ${false} | ${"nor is that long"}
    ${`${"x".repeat(64)}*`} | ${false} | ${false} | ${"and so fits no such pattern"}
    ${"room:kitchen"}       | ${false} | ${true}  | ${"who stands in a room"}
    ${"room:kit*"}          | ${false} | ${false} | ${"rooms are named whole"}
    ${"room:"}              | ${false} | ${false} | ${"and have an id"}
  `("$text: $because", ({ text, choice, follower }) => {
    expect([isChoice(text), isFollowerChoice(text)]).toEqual([choice, follower]);
  });

  it.each(["leader", "cv-1", "-a", "A", "a".repeat(63), "a".repeat(64), "a.b", ""])(
    "%j is an id where the contract says so",
    (text) => expect([isIdText(text), isIdentity(text)]).toEqual([isId(text), isFollowerId(text)]),
  );

  it.each`
    text               | device
    ${"kasa-50c7bf01"} | ${true}
    ${"room:hall"}     | ${true}
    ${"group:movie"}   | ${true}
    ${"group:"}        | ${false}
    ${"group:Movie"}   | ${false}
    ${"The lamp"}      | ${false}
    ${"lamp-*"}        | ${false}
  `("$text names devices: $device", ({ text, device }) => expect(isDeviceChoice(text as string)).toBe(device));

  it("is not judged while a variable stands for it", () => {
    expect(wrongIn(["${MANY}", "cv-1", "Attic", "${"], isChoice)).toEqual(["Attic", "${"]);
  });
});

describe("what an owner typed, at run time", () => {
  const env: Record<string, unknown> = { MANY: "attic, kitchen", LIST: ["hub", "cv-*"], NAME: "Attic" };
  const RED = {
    util: { evaluateNodeProperty: (text: string) => env[text.slice(2, -1)] ?? "" },
  } as unknown as NodeAPI;
  const chosen = (setting: unknown) => chosenIds(RED, fakeNode(), setting, isFollowerChoice);

  it("is a list, whether a hand, the dialog or a variable made it", () => {
    expect(chosen(["attic, kitchen", "${LIST}"])).toEqual(["attic", "kitchen", "hub", "cv-*"]);
    expect(chosen("cv-1, ${MANY}")).toEqual(["cv-1", "attic", "kitchen"]);
    expect(chosen(undefined)).toEqual([]);
  });

  it.each`
    setting                | said
    ${["Attic"]}           | ${'"Attic" is no id and no pattern.'}
    ${["cv-1", "${NAME}"]} | ${'"Attic" is no id and no pattern.'}
    ${["${NOPE}"]}         | ${"${NOPE} is not set."}
  `("is refused when it can be nobody: $setting", ({ setting, said }) => {
    expect(() => chosen(setting)).toThrow(
      expect.objectContaining({ code: "ID_INVALID", message: expect.stringContaining(said as string) as string }),
    );
  });
});

describe("a node's bus when it comes onto the canvas", () => {
  const buses = [
    { id: "other", type: "skein-bus", mode: "broker" },
    { id: "house", type: "skein-bus", mode: "leader" },
  ];
  const nodes = {
    eachConfig: (tell: (config: object) => boolean) => buses.forEach(tell),
    node: (id: string) => buses.find((bus) => bus.id === id) ?? null,
  };
  beforeAll(() => void Object.assign(globalThis, { RED: { nodes } }));
  afterAll(() => void Reflect.deleteProperty(globalThis, "RED"));

  it.each`
    bus                | gets               | because
    ${undefined}       | ${"house"}         | ${"a new one takes the house's"}
    ${""}              | ${"house"}         | ${"so does one that had none"}
    ${"other"}         | ${"other"}         | ${"a chosen one stays"}
    ${"gone"}          | ${"gone"}          | ${"also when it is missing: another bus could act on another house"}
    ${"${GARDEN_BUS}"} | ${"${GARDEN_BUS}"} | ${"and when the environment names it"}
  `("$bus becomes $gets: $because", ({ bus, gets }) => {
    const node = { bus };
    preselectBus(node);
    expect(node.bus).toBe(gets);
  });
});

describe("what a node says while flows start", () => {
  const sendersOf = (RED: NodeAPI, count: number) =>
    Array.from({ length: count }, () => {
      const node = fakeNode();
      return { node, say: createSender(RED, node) as (text: unknown) => void };
    });
  const said = (senders: ReturnType<typeof sendersOf>) =>
    senders.map(({ node }) => node.send.mock.calls.flat() as string[]);

  it("comes out when they stand, once, and not from a node that was closed before", () => {
    const RED = starting();
    const senders = sendersOf(RED, 3);
    for (const { say } of senders) say("early");
    senders[1]?.node.emit("close");
    expect(said(senders)).toEqual([[], [], []]);
    RED.events.emit("flows:started");
    senders[0]?.say("late");
    expect(said(senders)).toEqual([["early", "late"], [], ["early"]]);
  });

  it("waits at a later deploy, too, that leaves the node alone: Node-RED empties its lists of listeners there", () => {
    const RED = starting();
    const [sender] = sendersOf(RED, 1);
    sender?.say("first");
    RED.events.emit("flows:started");
    RED.events.emit("flows:starting");
    sender?.say("second");
    expect(sender?.node.send).toHaveBeenCalledTimes(1);
    RED.events.emit("flows:started");
    expect(sender?.node.send).toHaveBeenLastCalledWith("second");
  });

  it("keeps its order: messages, statuses and errors as they came", () => {
    const RED = starting();
    const node = fakeNode();
    createStatus(RED, node)("bad", "first");
    tellFailure(RED, node, "second");
    RED.events.emit("flows:started");
    expect(node.error).toHaveBeenCalledWith(expect.objectContaining({ code: "NODE_FAILED", message: "second" }), {});
    expect(node.status.mock.invocationCallOrder[0]).toBeLessThan(node.error.mock.invocationCallOrder[0] ?? 0);
  });

  it("takes one listener of Node-RED's, however many nodes wait, and one of a node's, however often it waits", () => {
    const RED = starting();
    const senders = sendersOf(RED, 20);
    for (let start = 0; start < 3; start++) {
      for (const { say } of senders) say("early");
      RED.events.emit("flows:started");
      RED.events.emit("flows:starting");
    }
    expect(RED.events.listenerCount("flows:started")).toBe(1);
    expect(senders[0]?.node.listenerCount("close")).toBe(1);
  });
});

describe("a node's status", () => {
  it("is under 20 characters and sent only when it changes", () => {
    const node = fakeNode();
    const RED = starting();
    const show = createStatus(RED, node);
    RED.events.emit("flows:started");
    show("good", "10000 of 10000 are alive");
    show("good", "10000 of 10000 are alive");
    expect(node.status.mock.calls).toEqual([[{ fill: "green", shape: "dot", text: "10000 of 10000 are…" }]]);
    show("good", "node-red:common.status.connected");
    expect(node.status).toHaveBeenLastCalledWith(expect.objectContaining({ text: "node-red:common.status.connected" }));
    show("unknown", "no leader", true);
    expect(node.status).toHaveBeenLastCalledWith({ fill: "grey", shape: "ring", text: "no leader" });
  });
});

describe("the line under a node that gets no bus", () => {
  it.each`
    code                    | key
    ${"BUS_NOT_CONFIGURED"} | ${"noBusNode"}
    ${"BUS_NO_LEADER"}      | ${"noHouse"}
    ${"BUS_NODE_OUTDATED"}  | ${"failed"}
  `("is $key for $code", ({ code, key }) => {
    expect(keyOfFailure(new SkeinError(code as string, "no."))).toBe(key);
  });
});

describe("an input", () => {
  const ask = async (handler: () => Promise<void> | void) => {
    const node = fakeNode();
    onInput(node, handler);
    const done = jest.fn();
    node.emit("input", {}, () => {}, done);
    await new Promise(setImmediate);
    return done.mock.calls as unknown[][];
  };

  it("is done once, after what it asked for", async () => {
    expect(await ask(async () => {})).toEqual([[undefined]]);
  });

  it("is done with an Error that has a code of its own, whatever was thrown", async () => {
    const thrown = [new SkeinError("BUS_DOWN", "no link"), new Error("plain"), "a string"];
    for (const error of thrown) {
      const [call] = await ask(() => {
        throw error;
      });
      expect(call?.[0]).toBeInstanceOf(Error);
      expect(Object.hasOwn(call?.[0] as object, "code")).toBe(true);
    }
    expect(withCode("a string")).toMatchObject({ code: "NODE_FAILED", message: "a string" });
  });
});

describe("closing", () => {
  it("does not hold a deploy when what it waits for never ends", async () => {
    const clock = new FakeClock();
    const node = fakeNode();
    onClose(node, clock, () => new Promise<void>(() => {}), 2000);
    const done = jest.fn();
    node.emit("close", false, done);
    await clock.advance(1999);
    expect(done).not.toHaveBeenCalled();
    await clock.advance(2);
    expect(done).toHaveBeenCalledTimes(1);
  });
});

describe("saved settings", () => {
  const defaults = { configVersion: 3, colour: "red", size: 1 };
  const steps = {
    1: ({ color, ...rest }: Record<string, unknown>) => ({ ...rest, colour: color }),
    2: (config: Record<string, unknown>) => ({ ...config, size: Number(config["size"]) * 10 }),
  };

  it("are brought up step by step, and what is missing is the default", () => {
    expect(migrate({ color: "blue", size: 2 }, steps, defaults)).toEqual({
      configVersion: 3,
      colour: "blue",
      size: 20,
    });
    expect(migrate({ configVersion: 3 }, steps, defaults)).toEqual(defaults);
  });

  it.each`
    saved                       | followers           | because
    ${undefined}                | ${["cv-*"]}         | ${"missing is the default"}
    ${null}                     | ${["cv-*"]}         | ${"so is nothing"}
    ${7}                        | ${["cv-*"]}         | ${"and what cannot be a list"}
    ${"attic, hub"}             | ${["attic", "hub"]} | ${"a text is a list"}
    ${["attic", null, ["hub"]]} | ${["attic", "hub"]} | ${"of what is of use"}
    ${[]}                       | ${[]}               | ${"an empty one stays"}
  `("written by hand are brought into shape: $because", ({ saved, followers }) => {
    const standard = { configVersion: 1, followers: ["cv-*"], ids: {} as object };
    expect(migrate({ followers: saved, ids: saved }, {}, standard)).toEqual({
      configVersion: 1,
      followers,
      ids: Array.isArray(saved) ? saved : {},
    });
  });

  it("of a newer release are left as they are", () => {
    expect(migrate({ configVersion: 9, colour: "green" }, steps, defaults)).toEqual({
      configVersion: 9,
      colour: "green",
      size: 1,
    });
  });
});

describe("messages", () => {
  it("have the same short topic everywhere, and name their cause", () => {
    expect(shortTopic("skein/v1/followers/cv-1/birth")).toBe("followers/cv-1/birth");
    expect(shortTopic("zigbee2mqtt/lamp")).toBe("zigbee2mqtt/lamp");
    expect(becauseOf({ skein: { id: "a", trace: "t" } })).toEqual({ causes: ["a"], trace: "t" });
    expect(becauseOf({ skein: "nonsense" })).toEqual({});
  });
});
