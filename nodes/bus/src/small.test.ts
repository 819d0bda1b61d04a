import type { LinkState } from "@skein/bus";
import { FakeClock } from "@skein/kit";
import { addressOf, identityOf } from "./connection";
import { isFollowerId } from "@skein/contracts";
import { isIdentity, mayBeIdentity } from "@skein/palette";
import { busDefaults, isTopic, isTopicFilter } from "./config";
import { contractMessages } from "./contract-list";
import { fitsId, idsAsked, idsToSave } from "./editor-ids";
import { createFirstPicture } from "./first-picture";
import { decode, encode } from "./payload";
import { createSettling } from "./settled";

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => new TextEncoder().encode(value);

describe("bytes from the bus", () => {
  it.each`
    raw                | as          | value
    ${text('{"a":1}')} | ${"auto"}   | ${{ a: 1 }}
    ${text("21.5")}    | ${"auto"}   | ${21.5}
    ${text("on")}      | ${"auto"}   | ${"on"}
    ${bytes(0xff, 0)}  | ${"auto"}   | ${Buffer.from([0xff, 0])}
    ${text("21.5")}    | ${"string"} | ${"21.5"}
    ${text("on")}      | ${"buffer"} | ${Buffer.from("on")}
  `("become $value as $as", ({ raw, as, value }) => expect(decode(raw, as)).toEqual(value));

  it("that are not what was chosen are refused with a code", () => {
    expect(() => decode(text("on"), "json")).toThrow(expect.objectContaining({ code: "PAYLOAD_NO_JSON" }));
    expect(() => decode(bytes(0xff), "string")).toThrow(expect.objectContaining({ code: "PAYLOAD_NO_TEXT" }));
  });
});

describe("what the dialog takes for an id", () => {
  const [theirs, others] = [{ follower: "id" }, { follower: undefined }];
  it.each`
    chosen              | id        | contract     | taken    | because
    ${"room:hall, a-*"} | ${"id"}   | ${theirs}    | ${true}  | ${"followers stand in rooms"}
    ${"room:hall"}      | ${"id"}   | ${others}    | ${false} | ${"a routine does not"}
    ${"room:hall"}      | ${"id"}   | ${undefined} | ${true}  | ${"it may be a follower's while the contract is not there"}
    ${"room:hall"}      | ${"name"} | ${undefined} | ${false} | ${"this is never one's"}
    ${"leader"}         | ${"id"}   | ${theirs}    | ${false} | ${"no follower is called so"}
    ${"leader"}         | ${"id"}   | ${others}    | ${true}  | ${"something else may be"}
    ${"leader"}         | ${"id"}   | ${undefined} | ${true}  | ${"it may be something else's"}
    ${"${WHOM}"}        | ${"id"}   | ${theirs}    | ${true}  | ${"what a variable holds is known later"}
    ${"Bad id"}         | ${"id"}   | ${others}    | ${false} | ${"that is no id"}
  `("is what the runtime takes: $chosen for {$id} with $contract, $because", ({ chosen, id, contract, taken }) => {
    expect(fitsId(chosen, id as string, contract as { follower: string | undefined } | undefined)).toBe(taken);
  });
});

describe("values to the bus", () => {
  it.each`
    value                 | as          | sent
    ${{ a: 1 }}           | ${"auto"}   | ${'{"a":1}'}
    ${"on"}               | ${"auto"}   | ${"on"}
    ${"on"}               | ${"json"}   | ${'"on"'}
    ${true}               | ${"string"} | ${"true"}
    ${Buffer.from("raw")} | ${"auto"}   | ${"raw"}
    ${"on"}               | ${"buffer"} | ${"on"}
  `("go out as $sent as $as", ({ value, as, sent }) => expect(Buffer.from(encode(value, as)).toString()).toBe(sent));

  it("that cannot be sent are refused with a code", () => {
    expect(() => encode(undefined, "auto")).toThrow(expect.objectContaining({ code: "PAYLOAD_UNFIT" }));
    expect(() => encode({}, "buffer")).toThrow(expect.objectContaining({ code: "PAYLOAD_UNFIT" }));
  });
});

describe("a connection of one's own", () => {
  it("is who the owner said, or who it logs in as, or always the same", () => {
    expect(identityOf({ identity: "garden" }, { username: "flows-1" }, "n1")).toBe("garden");
    expect(identityOf({ identity: "" }, { username: "flows-1" }, "n1")).toBe("flows-1");
    expect(identityOf({ identity: "" }, { username: "Some One" }, "n1")).toMatch(/^node-red-[0-9a-f]{12}$/);
  });

  it.each(["leader", "flows", "Garden", "a.b"])("is not called %s, and says so", (identity) => {
    expect(() => identityOf({ identity }, { username: "flows-1" }, "n1")).toThrow(
      expect.objectContaining({ code: "ID_INVALID" }),
    );
  });

  it.each(["leader", "flows", "garden", "-a", "a".repeat(64), "flow-host", ""])(
    "is called %j in the dialog where the contract lets it",
    (id) => expect(isIdentity(id)).toBe(isFollowerId(id)),
  );

  it.each`
    identity      | valid
    ${""}         | ${true}
    ${"garden"}   | ${true}
    ${"${WHO}"}   | ${true}
    ${"a-${WHO}"} | ${false}
    ${"${WHO"}    | ${false}
    ${"Garden"}   | ${false}
  `("may be called $identity in the dialog: $valid", ({ identity, valid }) =>
    expect(mayBeIdentity(identity)).toBe(valid),
  );

  it("takes secrets from the credentials, and says when there is no address", () => {
    const config = { ...busDefaults, mode: "broker" as const, url: " mqtts://broker:8883 " };
    expect(addressOf(config, { username: "u", password: "p", ca: "CA" }, "garden")).toEqual({
      url: "mqtts://broker:8883",
      clientId: "skein-garden",
      username: "u",
      password: "p",
      tls: { ca: "CA", rejectUnauthorized: true },
    });
    expect(() => addressOf({ ...config, url: "" }, {}, "x")).toThrow(
      expect.objectContaining({ code: "BUS_NOT_CONFIGURED" }),
    );
  });
});

describe("a free topic", () => {
  it.each`
    topic                  | listen   | say
    ${"zigbee2mqtt/lamp"}  | ${true}  | ${true}
    ${"zigbee2mqtt/+/set"} | ${true}  | ${false}
    ${"a/#"}               | ${true}  | ${false}
    ${"#"}                 | ${true}  | ${false}
    ${"a/#/b"}             | ${false} | ${false}
    ${"a+/b"}              | ${false} | ${false}
    ${""}                  | ${false} | ${false}
  `("$topic: to listen to $listen, to speak on $say", ({ topic, listen, say }) => {
    expect([isTopicFilter(topic), isTopic(topic)]).toEqual([listen, say]);
  });
});

describe("the list in the dialogs", () => {
  it("offers every message to listen to, and to send only what a flow may", () => {
    const list = contractMessages();
    expect(list.find(({ name }) => name === "heartbeat")).toMatchObject({ ids: ["id"], sendable: false });
    expect(
      list
        .filter(({ sendable }) => sendable)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([
      "agentCommand",
      "devicesCommand",
      "flowEvent",
      "flowState",
      "hostCommand",
      "hubCommand",
      "lampCommand",
      "maintenanceCommand",
      "noticeCommand",
      "routineCommand",
    ]);
  });
});

describe("the ids in a dialog", () => {
  const saved = { message: "heartbeat", ids: { id: "cv-1" } };
  const contract = [
    { name: "heartbeat", ids: ["id", "part"] },
    { name: "leaderStatus", ids: [] },
  ];
  const row = (id: string, value?: string) => new Map([[id, value]]);

  it.each`
    messages             | chosen            | asked             | because
    ${contract}          | ${"heartbeat"}    | ${["id", "part"]} | ${"the contract says which there are"}
    ${contract}          | ${"leaderStatus"} | ${[]}             | ${"another message has its own"}
    ${contract}          | ${""}             | ${[]}             | ${"a free topic has none"}
    ${[]}                | ${"heartbeat"}    | ${["id"]}         | ${"without the contract those that were saved are all there is"}
    ${contract.slice(1)} | ${"heartbeat"}    | ${["id"]}         | ${"a message that the contract lost keeps its own"}
    ${[]}                | ${"birth"}        | ${[]}             | ${"and gives them to no other"}
  `("are $asked: $because", ({ messages, chosen, asked }) => {
    expect(idsAsked(messages, chosen, saved)).toEqual(asked);
  });

  it.each`
    rows                 | chosen            | kept              | because
    ${row("id", "cv-2")} | ${"heartbeat"}    | ${{ id: "cv-2" }} | ${"what was typed counts"}
    ${row("id")}         | ${"heartbeat"}    | ${{}}             | ${"one left empty is any"}
    ${new Map()}         | ${"heartbeat"}    | ${{ id: "cv-1" }} | ${"rows that never came erase nothing"}
    ${new Map()}         | ${"leaderStatus"} | ${{}}             | ${"another message does not inherit them"}
  `("are saved as $kept: $because", ({ rows, chosen, kept }) => {
    expect(idsToSave(rows, chosen, saved)).toEqual(kept);
  });
});

describe("a fleet that a dialog asks about", () => {
  const fleetOf = () => {
    const listeners = new Set<() => void>();
    return {
      ready: false,
      onChange: (listener: () => void) => (listeners.add(listener), () => void listeners.delete(listener)),
      says(ready: boolean) {
        this.ready = ready;
        for (const listener of listeners) listener();
      },
      listeners,
    };
  };
  const asked = (settle: (fleet: ReturnType<typeof fleetOf>) => Promise<void>, fleet: ReturnType<typeof fleetOf>) => {
    const state = { answered: false };
    void settle(fleet).then(() => (state.answered = true));
    return state;
  };

  it("is waited for until it is ready and still, and no more after that", async () => {
    const clock = new FakeClock();
    const settle = createSettling(clock);
    const fleet = fleetOf();
    const first = asked(settle, fleet);
    await clock.advance(500);
    fleet.says(true);
    await clock.advance(80);
    fleet.says(true);
    await clock.advance(80);
    expect(first.answered).toBe(false);
    await clock.advance(30);
    expect(first.answered).toBe(true);
    expect(fleet.listeners.size).toBe(0);
    const second = asked(settle, fleet);
    await clock.advance(0);
    expect(second.answered).toBe(true);
  });

  it("is waited for a second at most, when nobody judges or it is never still", async () => {
    for (const ready of [false, true]) {
      const clock = new FakeClock();
      const fleet = fleetOf();
      const settle = createSettling(clock);
      const first = asked(settle, fleet);
      for (let ms = 0; ms < 990; ms += 90) {
        fleet.says(ready);
        await clock.advance(90);
      }
      expect(first.answered).toBe(false);
      await clock.advance(11);
      const second = asked(settle, fleet);
      await clock.advance(0);
      expect(second.answered).toBe(true);
      expect(first.answered).toBe(true);
    }
  });
});

describe("kept state", () => {
  const said = (mark: string, session = "") => ({ mark, session });
  const linked = (session: string) => ({
    session,
    onLink(listener: (state: LinkState) => void) {
      listener({ up: true });
      return () => {};
    },
  });

  it("is news when it was first said while the bus was away, also where nothing was kept before", () => {
    const bus = linked("one");
    const picture = createFirstPicture(bus);
    bus.session = "two";
    expect(picture("t", said("a"), true)).toBe("news");
  });

  it("is initial when it comes while the first connection is being made, which may take several attempts", () => {
    const bus = { ...linked("one"), onLink: () => () => {} };
    const picture = createFirstPicture(bus);
    expect(picture("t", said("a"), true)).toBe("initial");
    bus.session = "two";
    expect(picture("u", said("a"), true)).toBe("initial");
  });

  it("is initial at the first connection, known when it is the same later, and news when it changed meanwhile", () => {
    const bus = linked("one");
    const picture = createFirstPicture(bus);
    expect(picture("t", said("a"), true)).toBe("initial");
    expect(picture("t", said("b"), false)).toBe("news");
    bus.session = "two";
    expect(picture("t", said("b"), true)).toBe("known");
    expect(picture("t", said("c"), true)).toBe("news");
    expect(picture("new", said("x"), true)).toBe("news");
  });

  it("is no news when its sender only says it again after a reconnection of its own", () => {
    const picture = createFirstPicture(linked("one"));
    expect(picture("t", said("a", "s1"), false)).toBe("news");
    expect(picture("t", said("a", "s2"), false)).toBe("known");
    expect(picture("t", said("a", "s2"), false)).toBe("news");
    expect(picture("t", said("b", "s3"), false)).toBe("news");
  });
});
