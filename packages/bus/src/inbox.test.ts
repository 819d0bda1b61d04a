import { flowEvent } from "@skein/contracts";
import { FakeClock, silentLogger } from "@skein/kit";
import { Inbox } from "./inbox";
import { Listeners } from "./listeners";

/** An inbox that has just connected, and nobody listens yet. */
function setUp() {
  const clock = new FakeClock();
  const listeners = new Listeners();
  const inbox = new Inbox({
    listeners,
    clock,
    logger: silentLogger,
    onReceived: () => undefined,
    onRejected: () => undefined,
  });
  const heard: string[] = [];
  const topic = flowEvent.topic({ host: "flow", name: "n" });
  inbox.connected();
  return {
    clock,
    inbox,
    heard,
    arrive: (text: string | Buffer) => inbox.take({ topic, payload: Buffer.from(text), retained: false }),
    listen() {
      listeners.join(topic, undefined).raw.add(({ payload }) => heard.push(Buffer.from(payload).toString()));
      inbox.deliverEarly();
    },
  };
}

test("mail that comes before anybody listens is given to who listens a moment later", async () => {
  const { arrive, listen, heard, clock } = setUp();
  for (const text of ["one", "two"]) arrive(text);
  await clock.advance(9000);
  listen();
  expect(heard).toEqual(["one", "two"]);
});

test("who listens much later gets only what is new", async () => {
  const { arrive, listen, heard, clock } = setUp();
  arrive("old");
  await clock.advance(3_600_000);
  arrive("later, with nobody there");
  listen();
  arrive("new");
  expect(heard).toEqual(["new"]);
});

test("of much mail the first is kept, to a limit of bytes", () => {
  const { arrive, listen, heard } = setUp();
  const large = Buffer.alloc(256 * 1024, "x");
  for (let n = 0; n < 100; n++) arrive(large);
  listen();
  expect(heard).toHaveLength(16);
});
