import type { Bus, LinkState, Refusal } from "@skein/bus";
import { routineCommand } from "@skein/contracts";
import { FakeClock, SkeinError, systemClock } from "@skein/kit";
import { until } from "../../../test/support/eventually";
import { createDesks, type Seat } from "./desk";
import { watchLeaderPresence } from "./leader-presence";
import { memoryHouse, type MemoryHouse } from "./testing/memory-house";

let house: MemoryHouse;
beforeEach(() => void (house = memoryHouse()));
afterEach(() => house.close());

const desks = () =>
  createDesks({
    clock: systemClock,
    message: routineCommand,
    keyOf: ({ routine }) => routine,
    gone: (key) => new SkeinError("GONE", `${key} is gone.`),
  });
const seat = (answer: string): Seat<typeof routineCommand> => ({
  handler: () => answer,
  onDeaf: (error) => {
    throw error;
  },
  onHearing: () => {},
});

describe("a desk", () => {
  const leaderOf = async () => {
    const leader = house.join("leader", "leader");
    await until(() => leader.link.up && house.bus.link.up);
    return (routine: string) => leader.request(routineCommand, { target: "flow-host" }, { routine });
  };

  it("hands each command to the node that it names, with what that answers", async () => {
    const ask = await leaderOf();
    const { sit } = desks();
    sit(house.bus, "a", seat("from a"));
    sit(house.bus, "b", seat("from b"));
    expect(await ask("b")).toEqual({ ok: true, result: "from b" });
    expect(await ask("a")).toEqual({ ok: true, result: "from a" });
  });

  it("waits for one that a deploy makes anew, and says so when none comes", async () => {
    const ask = await leaderOf();
    const { sit } = desks();
    const leave = sit(house.bus, "a", seat("before"));
    leave();
    const [asked, other] = [ask("a"), ask("never")];
    sit(house.bus, "a", seat("after"));
    // The one who left late leaves the other alone.
    leave();
    expect(await asked).toEqual({ ok: true, result: "after" });
    expect(await other).toMatchObject({ ok: false, code: "GONE" });
  });
});

it("a desk tells whoever sits there that it cannot be served, and that it can when the next one has it served anew", async () => {
  const refused = new SkeinError("BUS_REFUSED", "no.");
  let refuse = true;
  const bus = Object.create(house.bus) as Bus;
  bus.serve = ((...args: Parameters<Bus["serve"]>) => {
    if (refuse) return Promise.reject(refused);
    return house.bus.serve(...args);
  }) as Bus["serve"];
  const { sit } = desks();
  const leader = house.join("leader", "leader");
  await until(() => leader.link.up && house.bus.link.up);
  const told: string[] = [];
  const noting = (name: string, onDeaf = () => {}): Seat<typeof routineCommand> => ({
    handler: () => `from ${name}`,
    onDeaf: () => {
      told.push(`${name} deaf`);
      onDeaf();
    },
    onHearing: () => told.push(`${name} hears`),
  });
  sit(
    bus,
    "a",
    noting("a", () => {
      // Somebody who sits down at once, before the others of the failed desk were told.
      refuse = false;
      sit(bus, "c", noting("c"));
    }),
  );
  sit(bus, "b", noting("b"))();
  sit(bus, "d", noting("d"));
  await until(() => told.length === 5);
  expect(told).toEqual(["a deaf", "d deaf", "a hears", "d hears", "c hears"]);
  // The same desk still: one more at another would not be heard of, since a command is served once.
  sit(bus, "e", noting("e"));
  const ask = (routine: string) => leader.request(routineCommand, { target: "flow-host" }, { routine });
  expect([await ask("c"), await ask("e")]).toEqual([
    { ok: true, result: "from c" },
    { ok: true, result: "from e" },
  ]);
});

it("a desk that was opened while the link was down tells of the broker's no after each link up, until it lets it hear", async () => {
  const error = new SkeinError("BUS_REFUSED", "no.");
  let setLink: (state: LinkState) => void = () => {};
  let refuse: (refusal: Refusal) => void = () => {};
  const bus = {
    id: "flow-host",
    serve: () => Promise.resolve(async () => {}),
    onLink: (listener: typeof setLink) => void (setLink = listener),
    onRefused: (listener: typeof refuse) => void (refuse = listener),
  } as unknown as Bus;
  const { sit } = desks();
  const told: string[] = [];
  const noting = (name: string): Seat<typeof routineCommand> => ({
    handler: () => name,
    onDeaf: () => told.push(`${name} deaf`),
    onHearing: () => told.push(`${name} hears`),
  });
  sit(bus, "a", noting("a"));
  setLink({ up: true });
  refuse({ action: "write", topic: routineCommand.filter({ target: "flow-host" }), error });
  refuse({ action: "read", topic: routineCommand.filter({ target: "other" }), error });
  expect(told).toEqual([]);
  refuse({ action: "read", topic: routineCommand.filter({ target: "flow-host" }), error });
  // A deploy between two links.
  sit(bus, "b", noting("b"));
  expect(told).toEqual(["a deaf", "b deaf"]);
  setLink({ up: false, code: "BUS_UNREACHABLE", why: "gone" });
  expect(told).toHaveLength(2);
  setLink({ up: true });
  expect(told.slice(2)).toEqual(["a hears", "b hears"]);
});

describe("the leader's presence", () => {
  it("is never, there, away, and there again", async () => {
    const heard: string[] = [];
    await until(() => house.bus.link.up);
    const view = watchLeaderPresence(house.bus, (presence) => heard.push(presence));
    const first = house.join("leader", "leader");
    await until(() => view.now === "there");
    await first.close(500);
    await until(() => view.now === "away");
    house.join("leader", "leader");
    await until(() => view.now === "there");
    expect(heard).toEqual(["never", "there", "away", "there"]);
    view.stop();
  });

  it("is waited for until it is certain: a link that is not up yet, a leader that is not heard yet", async () => {
    const clock = new FakeClock();
    let setLink: (state: LinkState) => void = () => {};
    let say: (received: unknown) => void = () => {};
    const bus = {
      onLink: (listener: (state: LinkState) => void) => {
        setLink = listener;
        listener({ up: false, code: "BUS_UNREACHABLE", why: "not yet" });
        return () => {};
      },
      subscribe: (_message: unknown, _ids: unknown, listener: (received: unknown) => void) => {
        say = listener;
        return Promise.resolve(async () => {});
      },
    } as unknown as Bus;
    const view = watchLeaderPresence(bus, () => {}, clock);
    const answers: string[] = [];
    const ask = (name: string, withinMs: number) =>
      void view.known(withinMs).then((presence) => answers.push(`${name} ${presence}`));
    ask("first", 1000);
    ask("second", 60_000);
    await clock.advance(1000);
    expect(answers).toEqual(["first no-bus"]);
    setLink({ up: true });
    await clock.advance(2999);
    expect(answers).toHaveLength(1);
    await clock.advance(1);
    // Nobody was heard on a link that has been up for a while: that is soon said again.
    ask("third", 60_000);
    await clock.advance(0);
    expect(answers.slice(1)).toEqual(["second never", "third never"]);
    setLink({ up: false, code: "BUS_UNREACHABLE", why: "gone" });
    ask("fourth", 60_000);
    setLink({ up: true });
    say({ data: { online: true } });
    await clock.advance(0);
    expect(answers.slice(3)).toEqual(["fourth there"]);
    setLink({ up: false, code: "BUS_UNREACHABLE", why: "gone" });
    ask("fifth", 60_000);
    view.stop();
    await clock.advance(0);
    expect(answers.slice(4)).toEqual(["fifth no-bus"]);
  });
});
