import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { flowEvent } from "@skein/contracts";
import { AgentProcess } from "../support/agent";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { startRedis, type RedisServer } from "../support/redis-server";
import { tempDir } from "../support/temp-dir";
import { VerdictLog } from "../support/verdict-log";

/**
 * Journey 1 in a house whose bus is a Redis, up to the flow. Redis has no wills: the leader tells that a connection died, and
 * the flow that is passed on for any house says what came of it.
 */
const BEAT_MS = 1_000;
const FLOW = join(__dirname, "../../flows/follower-died-and-back.json");

describe("a house with bus: redis", () => {
  const folder = tempDir("skein-redis-house-");
  const told: string[] = [];
  let redis: RedisServer;
  let leader: Leader;
  let log: VerdictLog;
  let agent: AgentProcess;

  beforeAll(async () => {
    redis = await startRedis();
    leader = await startLeader({
      settings: { bus: { kind: "redis", url: redis.url }, fleet: { willGraceMs: 1_000, deadBeats: 6 } },
      prepare(dataDir) {
        mkdirSync(join(dataDir, "flows"));
        cpSync(FLOW, join(dataDir, "flows/flows.json"));
      },
    });
    log = await VerdictLog.start({ url: redis.url });
    await log.bus.subscribe(flowEvent, { name: "follower-news" }, ({ data }) => {
      told.push((data as { text: string }).text);
    });
    agent = new AgentProcess({
      id: "cv-1",
      folder: folder.path,
      busUrl: redis.url,
      heartbeatMs: BEAT_MS,
      realHost: true,
    });
    agent.start();
    await log.wait("cv-1", "alive", { withinMs: 30_000 });
  }, 120_000);
  afterAll(async () => {
    await agent?.end("SIGKILL");
    await log?.close();
    await leader?.stop();
    await redis?.close();
    folder.remove();
  });

  it("knows that its broker is somebody else's, and works", async () => {
    await leader.ready();
    expect(await leader.health()).toMatchObject({ ok: true, broker: "external" });
  });

  it("finds a killed agent by its connection, and its flow tells of the death and of the return", async () => {
    const at = performance.now();
    await agent.end("SIGKILL");
    await log.wait("cv-1", "suspect", { since: at, cause: "will", withinMs: 30_000 });
    await log.wait("cv-1", "dead", { since: at, cause: "will", withinMs: 30_000 });
    await eventually(() => expect(told).toEqual(["cv-1 died: its connection died."]));
    agent.start();
    await log.wait("cv-1", "alive", { since: at, cause: "agent-restart", withinMs: 30_000 });
    await eventually(() => expect(told).toHaveLength(2));
    expect(told[1]).toMatch(/^cv-1 is back after \d+ s/);
  });
});
