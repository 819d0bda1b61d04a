import { flowEvent, flowState, heartbeat } from "@skein/contracts";
import { tcpRelay } from "../../../../test/support/tcp-relay";
import { choosyWire } from "./choosy-wire";
import { beat, bytes, linked, listeningLogger, type Stage, until } from "./stage";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Too much, too large, or nonsense: what is dropped, what is told, and that the rest goes on. */
export function limitTests(stage: () => Stage): void {
  test("while away a full queue drops its oldest events, keeps the latest states, and counts", async () => {
    const [id, flow] = [stage().id("f"), stage().id("flow")];
    const leader = await stage().join("leader");
    const sender = await stage().join(flow, { maxQueued: 10 });
    const follower = await stage().join(id);
    const heard: unknown[] = [];
    await leader.subscribe(flowEvent, { host: flow }, ({ data }) => heard.push(data));
    await leader.subscribe(flowState, { host: flow }, ({ ids, data }) =>
      heard.push(`${ids.name} ${JSON.stringify(data)}`),
    );
    await stage().broker.stop("SIGTERM");
    await linked(sender, false);
    await linked(follower, false);
    for (const n of upTo(25)) {
      await sender.publish(flowEvent, { host: flow, name: "n" }, n);
      await sender.publish(flowState, { host: flow, name: n % 2 ? "odd" : "even" }, n);
      await follower.publish(heartbeat, { id }, beat);
    }
    await stage().broker.start();
    await until(
      () => heard.includes(24) && heard.includes("odd 23"),
      () => heard,
    );
    expect(heard.filter((what) => typeof what === "number")).toEqual(upTo(25).slice(15));
    expect(new Set(heard.filter((what) => typeof what === "string"))).toEqual(new Set(["even 24", "odd 23"]));
    expect(sender.stats.dropped).toEqual({ state: 0, telemetry: 0, event: 15, command: 0, media: 0 });
    expect(follower.stats.dropped.telemetry).toBe(25);
  });

  test("telemetry faster than the link is dropped and counted, and an event behind it still arrives", async () => {
    const flow = stage().id("flow");
    const leader = await stage().join("leader");
    const sender = await stage().join(flow);
    let beats = 0;
    const heard: unknown[] = [];
    const topic = `skein/v1/flows/${flow}/noise`;
    await leader.subscribeRaw(topic, () => void beats++);
    await leader.subscribe(flowEvent, { host: flow }, ({ data }) => heard.push(data));
    const noise = bytes("x".repeat(500));
    const sent = upTo(5000).map(() => sender.publishRaw(topic, noise, "telemetry"));
    await Promise.all([...sent, sender.publish(flowEvent, { host: flow, name: "n" }, "still here")]);
    await until(() => heard.length === 1);
    expect(sender.stats.dropped.telemetry).toBeGreaterThan(0);
    expect(beats).toBeGreaterThan(0);
    expect(beats).toBeLessThanOrEqual(5000 - sender.stats.dropped.telemetry);
  });

  test("what does not fit is rejected with its reason, logged once per sender and reason, and nothing else suffers", async () => {
    const id = stage().id("f");
    const { logger, warnings } = listeningLogger();
    const leader = await stage().join("leader", { logger });
    const follower = await stage().join(id);
    const heard: unknown[] = [];
    const rejections: string[] = [];
    leader.onReject(({ topic, code }) => void (topic.includes(id) && rejections.push(code)));
    await leader.subscribe(heartbeat, {}, ({ data }) => heard.push(data.nextInMs));
    const topic = heartbeat.topic({ id });
    const header = { id: "1", at: 1, from: id, run: "r", session: "s", seq: 1 };
    const send = (text: string | Uint8Array) =>
      follower.publishRaw(topic, typeof text === "string" ? bytes(text) : text, "telemetry");
    await send("this is no JSON");
    await send(Uint8Array.of(0xff, 0xfe, 0x00));
    await send("");
    await send("[]");
    await send(JSON.stringify({ ...header, data: { ...beat, nextInMs: "soon" } }));
    await send(JSON.stringify({ ...header, from: "somebody-else", data: beat }));
    await send("x".repeat(20 * 1024));
    await send(JSON.stringify({ ...header, id: "2", somethingNew: true, data: { ...beat, later: 1 } }));
    await follower.publish(heartbeat, { id }, { ...beat, nextInMs: 4000 });
    await until(
      () => heard.length === 2,
      () => [heard, rejections],
    );
    expect(heard).toEqual([5000, 4000]);
    expect(rejections).toEqual([
      "MESSAGE_NO_JSON",
      "MESSAGE_NO_JSON",
      "MESSAGE_NO_JSON",
      "MESSAGE_INVALID",
      "MESSAGE_INVALID",
      "MESSAGE_WRONG_SENDER",
      "MESSAGE_TOO_LARGE",
    ]);
    expect(leader.stats.rejected).toEqual({
      MESSAGE_NO_JSON: 3,
      MESSAGE_INVALID: 2,
      MESSAGE_WRONG_SENDER: 1,
      MESSAGE_TOO_LARGE: 1,
    });
    expect(warnings.map(({ sender, code }) => [sender, code])).toEqual([
      [id, "MESSAGE_NO_JSON"],
      [id, "MESSAGE_INVALID"],
      [id, "MESSAGE_WRONG_SENDER"],
      [id, "MESSAGE_TOO_LARGE"],
    ]);
  });

  test("nobody sends what is too large or does not fit", async () => {
    const flow = stage().id("flow");
    const sender = await stage().join(flow);
    const publish = (data: unknown) => sender.publish(flowEvent, { host: flow, name: "n" }, data as string);
    await expect(publish("x".repeat(65 * 1024))).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    await expect(publish(undefined)).rejects.toMatchObject({ code: "MESSAGE_INVALID" });
    await expect(sender.publishRaw("skein/v1/x", new Uint8Array(257 * 1024), "event")).rejects.toMatchObject({
      code: "MESSAGE_TOO_LARGE",
    });
    const deep = `skein/v1/flows/${flow}${"/x".repeat(40)}`;
    await expect(sender.publishRaw(deep, bytes("x"), "event")).rejects.toMatchObject({ code: "TOPIC_INVALID" });
    await expect(sender.subscribeRaw(`${deep}/#`, () => undefined)).rejects.toMatchObject({ code: "TOPIC_INVALID" });
    const long = `skein/v1/flows/${flow}/`.padEnd(1024, "x");
    await expect(sender.publishRaw(long, new Uint8Array(256 * 1024), "event")).rejects.toMatchObject({
      code: "MESSAGE_TOO_LARGE",
    });
    await expect(sender.publishRaw("skein/v1/+", bytes("x"), "event")).rejects.toMatchObject({ code: "TOPIC_INVALID" });
    await expect(sender.publish(flowEvent, { host: flow, name: "a/b" }, 1)).rejects.toThrow(TypeError);
    expect(sender.stats.sent).toBe(0);
  });

  test("a message at which the broker hangs up is given up, told of, and holds up nothing else", async () => {
    const { port } = stage().broker;
    // Where there is no wire nobody hangs up.
    if (port === undefined) return;
    const flow = stage().id("flow");
    const wire = await choosyWire(port, "poison");
    stage().atEnd(() => wire.close());
    const leader = await stage().join("leader");
    const sender = await stage().join(flow, { port: wire.port });
    const heard: unknown[] = [];
    const refused: string[] = [];
    sender.onRefused(({ action, topic, error }) => refused.push(`${action} ${topic} ${error.code}`));
    await leader.subscribe(flowEvent, { host: flow }, ({ data }) => heard.push(data));
    const say = (what: string, name = "n") => sender.publish(flowEvent, { host: flow, name }, what);
    await Promise.all([say("before"), say("poison", "p"), say("behind")]);
    await until(() => refused.length > 0 && sender.link.up);
    await say("after");
    await until(() => heard.includes("after"));
    expect(refused).toEqual([`write ${flowEvent.topic({ host: flow, name: "p" })} BUS_REFUSED`]);
    expect(new Set(heard)).toEqual(new Set(["before", "behind", "after"]));
    expect(sender.stats.dropped.event).toBe(1);
    expect(sender.stats.connections).toBeLessThanOrEqual(6);
  });

  test("a listener that fails does not keep the message from the others", async () => {
    const flow = stage().id("flow");
    const sender = await stage().join(flow);
    const leader = await stage().join("leader");
    const heard: unknown[] = [];
    await leader.subscribe(flowEvent, { host: flow }, () => {
      throw new Error("a fault of the listener");
    });
    await leader.subscribe(flowEvent, { host: flow }, ({ data }) => heard.push(data));
    await sender.publish(flowEvent, { host: flow, name: "n" }, 1);
    await until(() => heard.length === 1);
  });

  test("a slow subscriber holds up nobody else and misses no event", async () => {
    const { broker } = stage();
    const flow = stage().id("flow");
    const relay = broker.port === undefined ? undefined : await tcpRelay(broker.port);
    if (relay) stage().atEnd(() => relay.close());
    const slow = await stage().join("leader", relay ? { port: relay.port } : {});
    const fast = await stage().join("leader");
    const sender = await stage().join(flow);
    const [slowly, quickly]: [unknown[], unknown[]] = [[], []];
    const number = (data: unknown) => (data as { n: number }).n;
    await slow.subscribe(flowEvent, { host: flow }, ({ data }) => {
      slowly.push(number(data));
      // Without a wire that can be held, slowness is in the listener.
      if (!relay) for (const end = performance.now() + 1; performance.now() < end;);
    });
    await fast.subscribe(flowEvent, { host: flow }, ({ data }) => quickly.push(number(data)));
    relay?.pause();
    const ballast = "x".repeat(2000);
    await Promise.all(upTo(200).map((n) => sender.publish(flowEvent, { host: flow, name: "n" }, { n, ballast })));
    await until(
      () => quickly.length >= 200,
      () => quickly.length,
    );
    if (relay) expect(slowly.length).toBeLessThan(200);
    relay?.heal();
    await until(
      () => slowly.length >= 200,
      () => slowly.length,
    );
    expect([quickly, slowly]).toEqual([upTo(200), upTo(200)]);
  });
}
