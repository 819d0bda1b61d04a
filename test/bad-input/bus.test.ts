import { connectAsync, type MqttClient } from "mqtt";
import { messages, type AnyMessage } from "@skein/contracts";
import { AgentProcess } from "../support/agent";
import { always, eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { startMosquitto, type Mosquitto } from "../support/mosquitto";
import { tempDir } from "../support/temp-dir";

/**
 * Rubbish on the bus: on a Mosquitto without any access rules, where everybody may write everything, so that the leader has
 * only its own checks. (What the embedded broker refuses before that is tested in packages/broker.)
 */
const dir = tempDir("skein-bad-input-");
let mosquitto: Mosquitto;
let leader: Leader;
let agent: AgentProcess;
let vandal: MqttClient;

const GARBAGE: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from("{"),
  Buffer.from("null"),
  Buffer.from("[]"),
  Buffer.from("{}"),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  Buffer.from('{"id":"x","at":"now","data":{}}'),
  Buffer.from(`{"__proto__":{"polluted":true},"data":{"__proto__":{"polluted":true}}}`),
  Buffer.from("[".repeat(50_000)),
  Buffer.alloc(300 * 1024, "x"),
];

/** What core listens to, and how much of the garbage it refuses there: nothing at all on a state's topic means that it is cleared. */
const REJECTED: Readonly<Record<string, number>> = {
  birth: GARBAGE.length - 1,
  presence: GARBAGE.length - 1,
  leaderStatus: GARBAGE.length - 1,
  heartbeat: GARBAGE.length,
  metrics: GARBAGE.length,
  followerReply: GARBAGE.length,
  virtualHome: GARBAGE.length - 1,
  maintenanceCommand: GARBAGE.length,
  routine: GARBAGE.length - 1,
  noticeCommand: GARBAGE.length,
  deviceState: GARBAGE.length - 1,
  devicesCommand: GARBAGE.length,
  hubDescription: GARBAGE.length - 1,
  hubChannelState: GARBAGE.length - 1,
  hubSamples: GARBAGE.length,
  hubEvent: GARBAGE.length,
  hubFigures: GARBAGE.length,
};

/** A sample of core's counters whose names begin so, added up. */
async function counted(prefix: string): Promise<number> {
  const text = await (await leader.fetch("/metrics")).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(prefix))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

const topicOf = (message: AnyMessage, id: string) =>
  message.topic({ id, target: id, issuer: id, host: id, name: id, hash: id, channel: id } as never);

/** A message that would fit, but for what `change` does to it. */
function heartbeatFrom(
  topicId: string,
  change: { from?: string; data?: object; envelope?: object } = {},
): [string, string] {
  const envelope = {
    id: "m1",
    at: Date.now(),
    from: change.from ?? topicId,
    run: "r1",
    session: "s1",
    seq: 1,
    ...change.envelope,
  };
  const data = change.data ?? { bootId: "00000000-0000-4000-8000-000000000001", nextInMs: 5_000, capabilities: {} };
  return [`skein/v1/followers/${topicId}/heartbeat`, JSON.stringify({ ...envelope, data })];
}

beforeAll(async () => {
  mosquitto = await startMosquitto();
  leader = await startLeader({ settings: { bus: { kind: "mqtt", url: mosquitto.url } } });
  agent = new AgentProcess({ id: "witness", folder: dir.path, busUrl: mosquitto.url });
  agent.start();
  vandal = await connectAsync(mosquitto.url, { clientId: "vandal", protocolVersion: 5 });
  await eventually(async () => expect((await leader.follower("witness")).verdict.state).toBe("alive"));
}, 120_000);

afterAll(async () => {
  await vandal?.endAsync(true);
  await agent?.end("SIGKILL");
  await leader?.stop();
  await mosquitto?.close();
  dir.remove();
});

/** Whatever came in: everything works, and the one honest follower is alive. */
async function houseStands(pid: number): Promise<void> {
  await leader.ready();
  expect(leader.pid("core")).toBe(pid);
  await eventually(async () => expect((await leader.follower("witness")).verdict.state).toBe("alive"));
  const { followers } = (await (await leader.fetch("/api/v1/followers")).json()) as { followers: { id: string }[] };
  expect(followers.map(({ id }) => id)).toEqual(["witness"]);
}

describe("rubbish on the bus", () => {
  it("on every topic crashes nothing, and each piece that core hears is counted", async () => {
    const pid = leader.pid("core");
    for (const [name, message] of Object.entries<AnyMessage>(messages)) {
      const before = await counted("skein_bus_rejected_total");
      // Never retained: the leader's own topics carry its own words again at once otherwise.
      for (const payload of GARBAGE) await vandal.publishAsync(topicOf(message, "vandal"), payload, { qos: 1 });
      const rejected = REJECTED[name] ?? 0;
      const check = async () =>
        expect([name, (await counted("skein_bus_rejected_total")) - before]).toEqual([name, rejected]);
      await eventually(check);
      await always(check, 200);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    await houseStands(pid);
  }, 60_000);

  it.each`
    because                                      | message
    ${"somebody speaks for the witness"}         | ${() => heartbeatFrom("witness", { from: "liar" })}
    ${"somebody takes a reserved name"}          | ${() => heartbeatFrom("leader")}
    ${"a topic's id is none"}                    | ${() => ["skein/v1/followers/Über Wache/heartbeat", heartbeatFrom("witness")[1]]}
    ${"a heartbeat promises the next in a year"} | ${() => heartbeatFrom("liar", { data: { bootId: "00000000-0000-4000-8000-000000000001", nextInMs: 31_536_000_000, capabilities: {} } })}
    ${"an envelope has no sender"}               | ${() => heartbeatFrom("liar", { envelope: { from: undefined } })}
  `("is refused by the leader when $because", async ({ message }) => {
    const before = await counted("skein_bus_rejected_total");
    const [topic, payload] = message() as [string, string];
    await vandal.publishAsync(topic, payload, { qos: 1 });
    await eventually(async () => expect(await counted("skein_bus_rejected_total")).toBeGreaterThan(before));
    await houseStands(leader.pid("core"));
  });

  it("at 10,000 messages a second leaves the leader answering, its followers alive, and every one counted", async () => {
    const pid = leader.pid("core");
    const before = await counted("skein_bus_rejected_total");
    const [topic, payload] = heartbeatFrom("witness", { from: "liar" });
    const seconds = 3;
    for (let second = 0; second < seconds; second++) {
      const start = performance.now();
      // QoS 1, so that the broker's own queue limit cannot hide what came: acknowledged means taken.
      await Promise.all(Array.from({ length: 10_000 }, () => vandal.publishAsync(topic, payload, { qos: 1 })));
      expect((await leader.fetch("/healthz", { signal: AbortSignal.timeout(10_000) })).ok).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1_000 - (performance.now() - start))));
    }
    await eventually(
      async () => expect((await counted("skein_bus_rejected_total")) - before).toBe(seconds * 10_000),
      30_000,
    );
    await houseStands(pid);
  }, 90_000);
});
