import { flowEvent } from "@skein/contracts";
import { createIds, FakeClock, seededRandom, SkeinError } from "@skein/kit";
import { createBus, type Transport, type TransportHandlers } from "./index";
import { listeningLogger } from "./testing/stage";

/** A bus over a transport that answers as the test says. */
function setUp(presence: "follower" | "none") {
  const clock = new FakeClock();
  const random = seededRandom(1);
  const no = () => new SkeinError("BUS_REFUSED", "no");
  const broker = { refuses: true };
  const sent: string[] = [];
  let handlers: TransportHandlers | undefined;
  const answer = async (): Promise<void> => {
    await Promise.resolve();
    if (broker.refuses) throw no();
  };
  const transport: Transport = {
    name: "memory",
    features: { wills: "broker", messageExpiry: false, reasonCodes: true },
    start: (given) => void (handlers = given),
    publish: (topic) => answer().then(() => void sent.push(topic)),
    subscribe: answer,
    unsubscribe: async () => undefined,
    close: async () => undefined,
    kill: () => undefined,
  };
  const { logger, warnings } = listeningLogger();
  const bus = createBus({
    id: "f-1",
    clock,
    random,
    ids: createIds(clock, random),
    transport,
    logger,
    presence: { as: presence },
  });
  const link = async (up: boolean) => {
    handlers?.onLink(up ? { up } : { up, code: "BUS_UNREACHABLE", why: "a test" });
    await clock.advance(0);
  };
  return { bus, broker, clock, link, sent, warnings };
}

test("a presence and an event that the broker refuses at the connection are told of, and the presence is not lost", async () => {
  const { bus, broker, clock, link, sent, warnings } = setUp("follower");
  await bus.publish(flowEvent, { host: "f-1", name: "n" }, 1);
  await link(true);
  const topics = ["skein/v1/followers/f-1/presence", "skein/v1/flows/f-1/events/n"];
  const told = warnings.filter(({ topic }) => topics.includes(topic as string));
  expect(told).toEqual(topics.map((topic) => ({ code: "BUS_REFUSED", topic })));
  expect(bus.stats.dropped).toMatchObject({ state: 1, event: 1 });
  broker.refuses = false;
  await link(false);
  await link(true);
  await clock.advance(60_000);
  expect(sent).toEqual([topics[0]]);
});

test("whoever listens second, while the broker is still asked, hears its no as well", async () => {
  const { bus, link } = setUp("none");
  await link(true);
  const listen = () => bus.subscribe(flowEvent, { host: "f-1" }, () => undefined);
  const answers = await Promise.allSettled([listen(), listen()]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
