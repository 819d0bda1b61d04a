import type { Kind } from "@skein/contracts";
import { FakeClock, SkeinError } from "@skein/kit";
import { Outbox, type Outgoing } from "./outbox";

/** A link that takes what it is given and answers when the test says so. */
function setUp(maxQueued = 3) {
  const clock = new FakeClock();
  const sent: string[] = [];
  const dropped: Kind[] = [];
  const refused: string[] = [];
  const answers: { resolve(): void; reject(error: unknown): void }[] = [];
  const outbox = new Outbox({
    clock,
    maxQueued,
    onSent: () => undefined,
    onDrop: (kind) => dropped.push(kind),
    onRefused: (topic, { code }) => refused.push(`${topic}: ${code}`),
    send(_topic, payload, { expiresInMs }) {
      sent.push(Buffer.from(payload).toString() + (expiresInMs === undefined ? "" : ` expires ${expiresInMs}`));
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
  });
  const settled: string[] = [];
  const put = (kind: Kind, topic: string, text: string, extra: Partial<Outgoing> = {}) =>
    outbox.put({
      topic,
      kind,
      bytes: text.length,
      encode: () => Buffer.from(text),
      settle: (error) => settled.push(error ? `${text}: ${(error as SkeinError).code}` : text),
      ...extra,
    });
  const answerAll = async () => {
    for (const answer of answers.splice(0)) answer.resolve();
    await clock.advance(0);
  };
  return { clock, sent, dropped, refused, answers, outbox, settled, put, answerAll };
}

test("what was under way when the link fell is sent again first, in its order", async () => {
  const { outbox, put, sent, answers, answerAll, clock } = setUp(10);
  outbox.linkUp();
  for (const n of [1, 2, 3]) put("event", "e", `e${n}`);
  answers[0]?.resolve();
  await clock.advance(0);
  outbox.linkDown();
  put("event", "e", "e4");
  sent.length = 0;
  outbox.linkUp();
  for (let n = 0; n < 3; n++) await answerAll();
  expect(sent).toEqual(["e2", "e3", "e4"]);
});

test("a promise is kept when the message is with the broker, or when it waits", async () => {
  const { outbox, put, settled, answerAll } = setUp();
  outbox.linkUp();
  put("event", "e", "sent");
  expect(settled).toEqual([]);
  await answerAll();
  expect(settled).toEqual(["sent"]);
  outbox.linkDown();
  put("event", "e", "waits");
  expect(settled).toEqual(["sent", "waits"]);
});

test("states are said again at every connection, the first first, and before what waits", async () => {
  const { outbox, put, sent, answerAll } = setUp();
  const renewed: string[] = [];
  put("state", "presence", "online", { renew: () => renewed.push("presence") });
  put("event", "e", "e1");
  put("state", "level", "1");
  put("state", "level", "2");
  outbox.linkUp();
  expect(sent).toEqual(["online", "2", "e1"]);
  // It was not sent before, so that it is as new as it was.
  expect(renewed).toEqual([]);
  outbox.linkDown();
  sent.length = 0;
  outbox.linkUp();
  for (let n = 0; n < 3; n++) await answerAll();
  expect(sent).toEqual(["online", "2", "e1"]);
  expect(renewed).toEqual(["presence"]);
});

test("a state that was taken away while the link was down is taken away at the connection, and not said again", async () => {
  const { outbox, put, sent, answerAll } = setUp();
  outbox.linkUp();
  put("state", "level", "1");
  await answerAll();
  outbox.linkDown();
  put("state", "level", "");
  sent.length = 0;
  outbox.linkUp();
  await answerAll();
  expect(sent).toEqual([""]);
  outbox.linkDown();
  outbox.linkUp();
  expect(sent).toEqual([""]);
});

test("the oldest event is dropped when the queue is full; telemetry never waits", () => {
  const { outbox, put, sent, dropped } = setUp(2);
  for (const n of [1, 2, 3]) put("event", "e", `e${n}`);
  put("telemetry", "t", "t1");
  expect(dropped).toEqual(["event", "telemetry"]);
  outbox.linkUp();
  expect(sent).toEqual(["e2", "e3"]);
});

test("states are kept to a limit of bytes, the oldest topics go first", async () => {
  const { outbox, put, sent, dropped, answerAll } = setUp();
  const large = 4 * 1024 * 1024;
  for (let n = 0; n < 17; n++) put("state", `level-${n}`, `s${n}`, { bytes: large });
  expect(dropped).toEqual(["state"]);
  put("state", "level-5", "smaller", { bytes: 1 });
  put("state", "one-more", "fits now", { bytes: large - 1 });
  expect(dropped).toEqual(["state"]);
  outbox.linkUp();
  for (let n = 0; n < 20; n++) await answerAll();
  expect(sent).toHaveLength(17);
  expect(sent).toEqual(expect.arrayContaining(["s1", "s16", "smaller", "fits now"]));
});

test("a command carries what is left of its time, and is not sent when nothing is left", async () => {
  const { outbox, put, sent, dropped, clock } = setUp();
  put("command", "c", "short", { deadline: clock.monotonic() + 1000 });
  put("command", "c", "long", { deadline: clock.monotonic() + 5000 });
  await clock.advance(2000);
  outbox.linkUp();
  expect(sent).toEqual(["long expires 3000"]);
  expect(dropped).toEqual(["command"]);
});

describe("what the broker refuses", () => {
  const no = new SkeinError("BUS_REFUSED", "no");
  /** Refuses all that is under way. */
  const refuseAll = async ({ answers, clock }: ReturnType<typeof setUp>) => {
    for (const answer of answers.splice(0)) answer.reject(no);
    await clock.advance(0);
  };

  test("is told to its sender while that waits for the answer, and to nobody else", async () => {
    const house = setUp();
    house.outbox.linkUp();
    house.put("event", "foreign", "1");
    await refuseAll(house);
    expect([house.settled, house.refused, house.dropped]).toEqual([["1: BUS_REFUSED"], [], ["event"]]);
  });

  test("is told of when its sender was told before that it waits", async () => {
    const house = setUp();
    house.put("event", "e", "1");
    house.put("state", "s", "2");
    house.outbox.linkUp();
    await refuseAll(house);
    expect(house.settled).toEqual(["1", "2"]);
    expect(house.refused.toSorted()).toEqual(["e: BUS_REFUSED", "s: BUS_REFUSED"]);
    expect(house.dropped.toSorted()).toEqual(["event", "state"]);
  });

  test("is said again if it is a state, but not at a connection that follows at once: some hang up after their no", async () => {
    const house = setUp();
    const { outbox, put, sent, clock } = house;
    outbox.linkUp();
    put("state", "foreign", "1");
    await refuseAll(house);
    outbox.linkDown();
    outbox.linkUp();
    expect(sent).toEqual(["1"]);
    await clock.advance(60_000);
    expect(sent).toEqual(["1", "1"]);
    await refuseAll(house);
    expect(house.refused).toEqual(["foreign: BUS_REFUSED"]);
    // Each no doubles the wait.
    await clock.advance(60_000);
    expect(sent).toEqual(["1", "1"]);
    await clock.advance(60_000);
    await house.answerAll();
    outbox.linkDown();
    outbox.linkUp();
    expect(sent).toEqual(["1", "1", "1", "1"]);
  });

  test("gives way to a newer state of its topic", async () => {
    const house = setUp();
    house.outbox.linkUp();
    house.put("state", "s", "1");
    await refuseAll(house);
    house.put("state", "s", "2");
    await house.answerAll();
    await house.clock.advance(60_000);
    expect(house.sent).toEqual(["1", "2"]);
  });
});

test("while the link is slow the latest state replaces the one that waits, and telemetry is dropped", async () => {
  const { outbox, put, sent, dropped, answerAll } = setUp(1000);
  outbox.linkUp();
  const full = 256;
  for (let n = 0; n < full; n++) put("event", "e", "e");
  put("state", "level", "1");
  put("state", "level", "2");
  for (let n = 0; n < 1100; n++) put("telemetry", "t", "t");
  expect(dropped.length).toBe(1100 - 1024);
  await answerAll();
  expect(sent.filter((text) => text === "1" || text === "2")).toEqual(["2"]);
});

test("is idle when all has been acknowledged", async () => {
  const { outbox, put, answerAll } = setUp();
  outbox.linkUp();
  put("event", "e", "e1");
  let idle = false;
  const waiting = outbox.idle().then(() => (idle = true));
  await Promise.resolve();
  expect(idle).toBe(false);
  await answerAll();
  await waiting;
  expect(idle).toBe(true);
});

describe("a message at which the broker hangs up", () => {
  /** What was sent at this connection, which then falls if `poison` was among it; else all of it is acknowledged. */
  const connection = async (house: ReturnType<typeof setUp>, afterMs = 10) => {
    const { outbox, sent, clock, answers } = house;
    sent.length = 0;
    answers.length = 0;
    outbox.linkUp();
    for (let round = 0; round < 20 && !sent.includes("poison"); round++) await house.answerAll();
    await clock.advance(afterMs);
    if (sent.includes("poison")) outbox.linkDown();
    return [...sent];
  };

  test("is sent alone, dropped after three falls, told of, and holds up nothing else", async () => {
    const house = setUp(10);
    const { put, dropped, refused } = house;
    for (const text of ["e1", "poison", "e2"]) put("event", text, text);
    expect(await connection(house)).toEqual(["e1", "poison", "e2"]);
    expect(await connection(house)).toEqual(["e1", "poison"]);
    expect(await connection(house)).toEqual(["poison"]);
    expect([dropped, refused]).toEqual([[], []]);
    expect(await connection(house)).toEqual(["poison"]);
    expect([dropped, refused]).toEqual([["event"], ["poison: BUS_REFUSED"]]);
    expect(await connection(house)).toEqual(["e2"]);
  });

  test("is given up when it is a state, too, its topic is refused for a minute, and then it is tried again", async () => {
    const house = setUp();
    const { put, settled, clock, sent } = house;
    put("state", "level", "poison");
    for (let fall = 0; fall < 3; fall++) expect(await connection(house)).toEqual(["poison"]);
    expect(await connection(house)).toEqual([]);
    put("state", "level", "another");
    expect(settled).toContain("another: BUS_REFUSED");
    await clock.advance(60_000);
    expect(sent).toEqual(["poison"]);
    put("state", "level", "later");
    await house.answerAll();
    expect(sent).toEqual(["poison", "later"]);
  });

  test("is not blamed for a link that falls long after it was sent, nor when it was sent with others", async () => {
    const house = setUp(10);
    house.put("event", "slow", "poison");
    for (let fall = 0; fall < 10; fall++) expect(await connection(house, 10_000)).toEqual(["poison"]);
    expect(house.dropped).toEqual([]);
  });

  test("is found also when each is replaced by a newer state before it was tried three times", async () => {
    const house = setUp(10);
    for (let fall = 0; fall < 3; fall++) {
      house.put("state", "level", "poison");
      expect(await connection(house)).toEqual(["poison"]);
    }
    expect(house.refused).toEqual(["level: BUS_REFUSED"]);
    expect(await connection(house)).toEqual([]);
  });

  test("takes with it what else waits for its topic, and not the rest", async () => {
    const house = setUp(20);
    for (let n = 0; n < 8; n++) house.put("event", "e", "poison");
    house.put("event", "other", "o");
    for (let fall = 0; fall < 4; fall++) await connection(house);
    expect([house.refused, house.dropped]).toEqual([["e: BUS_REFUSED"], Array(8).fill("event")]);
    expect(await connection(house)).toEqual(["o"]);
  });

  test("is found when it is telemetry that nobody answers, and that is not blamed for a link that falls later", async () => {
    const house = setUp();
    const send = async (text: string, fallsAfterMs: number) => {
      house.outbox.linkUp();
      house.put("telemetry", text, text);
      await house.answerAll();
      await house.clock.advance(fallsAfterMs);
      house.outbox.linkDown();
    };
    for (let n = 0; n < 10; n++) await send("beat", 1000);
    for (let n = 0; n < 2; n++) await send("beat", 10);
    // It stood longer than any hang-up takes: what was is forgotten at the next one.
    await send("beat", 6000);
    for (let n = 0; n < 2; n++) await send("beat", 10);
    expect(house.refused).toEqual([]);
    for (let n = 0; n < 3; n++) await send("picture", 10);
    expect(house.refused).toEqual(["picture: BUS_REFUSED"]);
    house.sent.length = 0;
    await send("picture", 10);
    expect([house.sent, house.settled.at(-1)]).toEqual([[], "picture: BUS_REFUSED"]);
  });

  test("is on trial without telemetry, which may be what the broker hangs up at", async () => {
    const house = setUp(10);
    const { put, outbox, sent, dropped } = house;
    put("event", "e", "e1");
    outbox.linkUp();
    outbox.linkDown();
    outbox.linkUp();
    put("telemetry", "t", "t1");
    expect(dropped).toEqual(["telemetry"]);
    await house.answerAll();
    put("telemetry", "t", "t2");
    expect(sent).toEqual(["e1", "e1", "t2"]);
  });
});
