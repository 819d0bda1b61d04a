import { flowEvent, flowState, heartbeat } from "@skein/contracts";
import { beat, linked, pause, type Stage, until } from "./stage";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Nothing that must arrive is lost while somebody is away: the broker, the sender, the receiver. */
export function reconnectTests(stage: () => Stage): void {
  test.each(["SIGTERM", "SIGKILL"] as const)(
    "what is sent while the broker is away (%s) comes when it is back: events all, states latest, telemetry never",
    async (signal) => {
      const [id, flow] = [stage().id("f"), stage().id("flow")];
      const leader = await stage().join("leader");
      const [follower, sender] = [await stage().join(id), await stage().join(flow)];
      const heard: unknown[] = [];
      const states: unknown[] = [];
      const beats: unknown[] = [];
      await leader.subscribe(flowEvent, { host: flow }, ({ data }) => heard.push(data));
      await leader.subscribe(flowState, { host: flow }, ({ data }) => states.push(data));
      await leader.subscribe(heartbeat, { id }, ({ data }) => beats.push(data));
      await stage().broker.stop(signal);
      await Promise.all([linked(sender, false), linked(follower, false)]);
      for (const n of upTo(50)) await sender.publish(flowEvent, { host: flow, name: "n" }, n);
      for (const n of upTo(5)) await sender.publish(flowState, { host: flow, name: "s" }, n);
      for (const _ of upTo(5)) await follower.publish(heartbeat, { id }, beat);
      await stage().broker.start();
      await until(
        () => heard.length >= 50 && states.length > 0,
        () => [heard, states],
      );
      expect(heard).toEqual(upTo(50));
      // Who was away as well is told what is kept and then the news, or only one of them.
      expect(new Set(states)).toEqual(new Set([4]));
      expect(beats).toEqual([]);
      expect(follower.stats.dropped.telemetry).toBe(5);
      expect(sender.stats.dropped).toEqual({ state: 0, telemetry: 0, event: 0, command: 0, media: 0 });
    },
  );

  test("a stream of events that a restart of the broker interrupts arrives whole and in order", async () => {
    const flow = stage().id("flow");
    const leader = await stage().join("leader");
    const sender = await stage().join(flow);
    const heard: number[] = [];
    await leader.subscribe(flowEvent, { host: flow }, ({ data }) => heard.push(data as number));
    for (const n of upTo(200)) {
      void sender.publish(flowEvent, { host: flow, name: "n" }, n);
      if (n === 60)
        void stage()
          .broker.stop("SIGTERM")
          .then(() => stage().broker.start());
      if (n % 10 === 0) await pause(5);
    }
    await until(
      () => heard.length >= 200,
      () => heard.length,
    );
    expect(heard).toEqual(upTo(200));
  });

  test("what is sent while the receiver is away waits for it, even when it listens a moment late", async () => {
    const flow = stage().id("flow");
    const clientId = `skein-leader-${stage().id("away")}`;
    const sender = await stage().join(flow);
    const first = await stage().join("leader", { clientId });
    await first.subscribe(flowEvent, { host: flow }, () => undefined);
    first.kill();
    for (const n of upTo(50)) await sender.publish(flowEvent, { host: flow, name: "n" }, n);
    const again = await stage().join("leader", { clientId });
    await pause(100);
    const heard: unknown[] = [];
    await again.subscribe(flowEvent, { host: flow }, ({ data }) => heard.push(data));
    await until(
      () => heard.length >= 50,
      () => heard,
    );
    expect(heard).toEqual(upTo(50));
  });

  test("a receiver that dies while it handles an event gets it again", async () => {
    const flow = stage().id("flow");
    const clientId = `skein-leader-${stage().id("dies")}`;
    const sender = await stage().join(flow);
    const first = await stage().join("leader", { clientId });
    const handled: unknown[] = [];
    await first.subscribe(flowEvent, { host: flow }, ({ data }) => {
      if (data === 3) first.kill();
      else handled.push(data);
    });
    for (const n of upTo(6)) await sender.publish(flowEvent, { host: flow, name: "n" }, n);
    await linked(first, false);
    const again = await stage().join("leader", { clientId, early: true });
    const later: unknown[] = [];
    await again.subscribe(flowEvent, { host: flow }, ({ data }) => later.push(data));
    await until(
      () => later.includes(5),
      () => [handled, later],
    );
    expect(handled).toEqual([0, 1, 2]);
    // What was handled and not yet acknowledged may come once more: at least once, in order.
    expect(later.slice(-3)).toEqual([3, 4, 5]);
  });
}
