import { birth, flowEvent, flowState, heartbeat } from "@skein/contracts";
import { BOOT, beat, bytes, pause, type Stage, until } from "./stage";

/** What arrives, in which order, and what a late listener is told. */
export function deliveryTests(stage: () => Stage): void {
  test("events of a sender arrive in their order, and of two senders each in its own", async () => {
    const [a, b] = [stage().id("flow"), stage().id("flow")];
    const leader = await stage().join("leader");
    const senders = [await stage().join(a), await stage().join(b)];
    const heard: Record<string, number[]> = { [a]: [], [b]: [] };
    await leader.subscribe(flowEvent, { name: "count" }, ({ ids, data }) => void heard[ids.host]?.push(data as number));
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    await Promise.all(
      numbers.flatMap((n) => senders.map((bus) => bus.publish(flowEvent, { host: bus.id, name: "count" }, n))),
    );
    await until(() => heard[a]?.length === 300 && heard[b]?.length === 300);
    expect(heard).toEqual({ [a]: numbers, [b]: numbers });
  });

  test("the envelope says who, in which run and session, and counts from one", async () => {
    const id = stage().id("flow");
    const leader = await stage().join("leader");
    const sender = await stage().join(id);
    const heard: unknown[] = [];
    await leader.subscribe(flowEvent, { host: id }, ({ envelope: { from, run, session, seq, causes } }) =>
      heard.push({ from, run, session, seq, causes }),
    );
    await sender.publish(flowEvent, { host: id, name: "n" }, "a");
    await sender.publish(flowEvent, { host: id, name: "n" }, "b", { causes: ["x"] });
    await until(() => heard.length === 2);
    const { run, session } = sender;
    expect(heard).toEqual([
      { from: id, run, session, seq: 1, causes: undefined },
      { from: id, run, session, seq: 2, causes: ["x"] },
    ]);
  });

  test("a late listener gets the latest state as kept, and later ones as news", async () => {
    const id = stage().id("flow");
    const sender = await stage().join(id);
    const leader = await stage().join("leader");
    for (const level of [1, 2, 3]) await sender.publish(flowState, { host: id, name: "level" }, level);
    const heard: unknown[] = [];
    await leader.subscribe(flowState, { host: id }, ({ data, retained }) => heard.push([data, retained]));
    await until(() => heard.length === 1);
    await sender.publish(flowState, { host: id, name: "level" }, 4);
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      [3, true],
      [4, false],
    ]);
    const second: unknown[] = [];
    await leader.subscribe(flowState, { host: id }, ({ data, retained }) => second.push([data, retained]));
    await until(() => second.length > 0);
    expect(second).toEqual([[4, true]]);
  });

  test("events and telemetry are not kept for a late listener", async () => {
    const id = stage().id("f");
    const flow = stage().id("flow");
    const follower = await stage().join(id);
    const sender = await stage().join(flow);
    const leader = await stage().join("leader");
    await follower.publish(heartbeat, { id }, beat);
    await sender.publish(flowEvent, { host: flow, name: "n" }, 1);
    const heard: unknown[] = [];
    await leader.subscribe(heartbeat, { id }, (received) => heard.push(received));
    await leader.subscribe(flowEvent, { host: flow }, (received) => heard.push(received.data));
    await sender.publish(flowEvent, { host: flow, name: "n" }, 2);
    await until(() => heard.length > 0);
    expect(heard).toEqual([2]);
  });

  test("a state that is taken away is gone, and its listeners hear of it", async () => {
    const id = stage().id("flow");
    const sender = await stage().join(id);
    const leader = await stage().join("leader");
    const cleared: unknown[] = [];
    await leader.subscribe(flowState, { host: id }, () => undefined, { onCleared: (ids) => cleared.push(ids) });
    await sender.publish(flowState, { host: id, name: "gone" }, 1);
    await sender.publishRaw(flowState.topic({ host: id, name: "gone" }), bytes(""), "state");
    await until(() => cleared.length > 0);
    expect(cleared).toEqual([{ host: id, name: "gone" }]);
    const heard: unknown[] = [];
    const second = await stage().join("leader");
    await second.subscribe(flowState, { host: id }, ({ data }) => heard.push(data));
    await sender.publish(flowState, { host: id, name: "other" }, 2);
    await until(() => heard.length > 0);
    expect(heard).toEqual([2]);
  });

  test("an id left out is a wildcard, an id given is not, and raw filters see all", async () => {
    const [one, two] = [stage().id("f"), stage().id("f")];
    const [first, second] = [await stage().join(one), await stage().join(two)];
    const leader = await stage().join("leader");
    const all: string[] = [];
    const only: string[] = [];
    const raw: string[] = [];
    const unsubscribe = await leader.subscribe(heartbeat, {}, ({ ids }) => all.push(ids.id));
    await leader.subscribe(heartbeat, { id: two }, ({ ids }) => only.push(ids.id));
    await leader.subscribeRaw(
      `skein/v1/followers/${one}/#`,
      ({ topic, retained }) => void (!retained && raw.push(topic)),
    );
    await first.publish(heartbeat, { id: one }, beat);
    await second.publish(heartbeat, { id: two }, beat);
    await until(() => all.length >= 2 && only.length >= 1 && raw.length >= 1);
    // Overlapping filters bring a message twice on some brokers: typed listeners are told once.
    await pause(100);
    expect([all.toSorted(), only]).toEqual([[one, two], [two]]);
    expect(new Set(raw)).toEqual(new Set([heartbeat.topic({ id: one })]));
    await unsubscribe();
    await second.publish(heartbeat, { id: two }, beat);
    await until(() => only.length === 2);
    expect(all).toHaveLength(2);
  });

  test("defaults of the contract are filled in on the way, and unknown fields never leave", async () => {
    const id = stage().id("f");
    const follower = await stage().join(id);
    const leader = await stage().join("leader");
    const heard: unknown[] = [];
    await leader.subscribe(birth, { id }, ({ data }) => heard.push(data.virtual));
    const me = { name: "Attic", bootId: BOOT, host: {}, versions: { agent: "1" }, capabilities: [] };
    await follower.publish(birth, { id }, me);
    await until(() => heard.length === 1);
    expect(heard).toEqual([false]);
    await expect(follower.publish(birth, { id }, { ...me, shoeSize: 43 } as typeof me)).rejects.toMatchObject({
      code: "MESSAGE_INVALID",
      message: expect.stringContaining('"shoeSize"') as string,
    });
  });
}
