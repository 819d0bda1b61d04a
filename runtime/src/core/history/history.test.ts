/** What a real core remembers: by its API, as whoever asks may see it, over a restart, and byte for byte in the journal. */
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { metrics, type EventsPage, type NewEvent, type SeriesAnswer, type VerdictHistory } from "@skein/contracts";
import { type JournalRow, openHistory } from "@skein/history";
import { silentLogger, systemClock } from "@skein/kit";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { tempDir } from "../../../../test/support/temp-dir";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer, type TestLogin } from "../testing/owner";
import type { FleetListeners } from "../fleet/fleet-service";
import { figuresOf } from "./figures";
import { tapJournal } from "./journal-tap";
import { recordFleet } from "./record-fleet";
import { timesOf } from "./routes";

let house: CoreOnMemory;
beforeAll(async () => (house = await coreOnMemory({ accounts: ["admin", "viewer", "operator"] })));
afterAll(() => house?.stop());

const as = (who: TestLogin) => request.agent(house.url).set(bearer(who));
const events = async (query = "", who = house.owner) =>
  ((await as(who).get(`/api/v1/events${query}`).expect(200)).body as EventsPage).events;

it("tells what happened to a follower, and who did it to an admin alone", async () => {
  const attic = await house.follower("attic", { name: "The attic" });
  await eventually(async () =>
    expect(await events("?type=follower-verdict&subject=follower:attic")).toMatchObject([
      { text: expect.stringContaining("The attic is alive"), data: { state: "alive", name: "The attic" } },
    ]),
  );
  await as(house.logins.operator).post("/api/v1/followers/attic/maintenance").send({ forMs: 60_000 }).expect(200);
  await eventually(async () =>
    expect(await events("?audit=true&type=maintenance")).toMatchObject([
      {
        actor: "operator",
        address: expect.stringMatching(/127\.0\.0\.1$/),
        subject: { kind: "follower", id: "attic" },
      },
    ]),
  );
  expect((await events("", house.logins.viewer)).filter(({ audit }) => audit)).toEqual([]);
  expect((await as(house.logins.viewer).get("/api/v1/events?audit=true")).body).toMatchObject({
    code: "ACCESS_DENIED",
  });
  await as(house.logins.operator).post("/api/v1/followers/attic/maintenance").send({ forMs: 0 }).expect(200);
  await attic.close();
});

it("draws a follower's figures and verdicts over time, and still has them after a restart", async () => {
  const garden = await house.follower("garden");
  await garden.publish(
    metrics,
    { id: "garden" },
    {
      cpu: { percent: 12.5 },
      memory: { totalBytes: 200, usedBytes: 50 },
      agent: { rssBytes: 7, heapUsedBytes: 3, eventLoopLagMs: 1 },
    },
  );
  const read = async () => {
    const series = (await as(house.owner).get("/api/v1/followers/garden/metrics?range=1h").expect(200)).body;
    const verdicts = (await as(house.owner).get("/api/v1/followers/garden/verdicts?range=1h").expect(200)).body;
    return { series: (series as SeriesAnswer).series, spans: (verdicts as VerdictHistory).spans };
  };
  const look = async () => {
    const { series, spans } = await read();
    const mean = (name: string) => series.find((each) => each.name === name)?.points.at(-1)?.[1];
    expect([mean("cpuPercent"), mean("memoryPercent"), mean("swapPercent")]).toEqual([12.5, 25, undefined]);
    expect(spans.some(({ state }) => state === "alive")).toBe(true);
  };
  await eventually(look);
  const before = await events("?limit=5");
  await house.restart();
  await eventually(look);
  const after = await events("?limit=500");
  expect(after).toEqual(expect.arrayContaining(before));
  expect(Math.max(...after.map(({ id }) => id))).toBeGreaterThanOrEqual(Math.max(...before.map(({ id }) => id)));
});

it("says what is wrong with a question", async () => {
  const ask = (path: string) => as(house.owner).get(`/api/v1/${path}`);
  expect((await ask("events?limit=0").expect(400)).body).toMatchObject({ code: "REQUEST_INVALID" });
  expect((await ask("events?colour=red").expect(400)).body).toMatchObject({ code: "REQUEST_INVALID" });
  expect((await ask("followers/garden/metrics?range=6w").expect(400)).body).toMatchObject({ code: "REQUEST_INVALID" });
  expect((await ask("followers/garden/metrics?from=2&to=1").expect(400)).body).toMatchObject({
    detail: "from: must be before to.",
  });
});

it("takes what is said on the bus into the journal as it was said, without media and what was said before", async () => {
  const rows: Omit<JournalRow, "seq">[] = [];
  const bus = house.bus("witness");
  await eventually(() => expect(bus.link.up).toBe(true));
  await tapJournal(bus, { append: (row) => void rows.push(row as never) });
  const replayed = rows.length;
  const shed = await house.follower("shed");
  await eventually(() =>
    expect(rows.map(({ topic }) => topic)).toEqual(
      expect.arrayContaining([
        "skein/v1/followers/shed/birth",
        "skein/v1/followers/shed/heartbeat",
        "skein/v1/leader/verdicts/shed",
      ]),
    ),
  );
  expect(replayed).toBe(0);
  const birth = rows.find(({ topic }) => topic === "skein/v1/followers/shed/birth") as JournalRow;
  expect(birth.kind).toBe("state");
  expect(JSON.parse(Buffer.from(birth.payload).toString())).toMatchObject({ from: "shed", data: { name: "shed" } });
  await house.bus("painter").publishRaw("skein/v1/flows/painter/media/abc", Buffer.from("picture"), "media");
  await shed.publishRaw("skein/v1/followers/shed/metrics", Buffer.from("no envelope"), "event");
  await eventually(() => expect(rows.map(({ topic }) => topic)).toContain("skein/v1/followers/shed/metrics"));
  const ids = rows.map(({ topic, payload }) => topic + Buffer.from(payload).toString());
  expect(new Set(ids).size).toBe(ids.length);
  expect(rows.map(({ kind }) => kind)).not.toContain("media");
});

it("marks each start in the journal, before anything that is said after it", async () => {
  await house.restart();
  await eventually(async () => {
    let [starts, heard] = [[] as { version: string; epoch: number }[], 0];
    for (const { source, kind, topic, payload } of await journalOf(house.dir)) {
      const said = JSON.parse(Buffer.from(payload).toString()) as { version: string; epoch: number };
      if (source === "core" && kind === "start") starts = [...starts, said];
      if (topic !== "skein/v1/leader/status") continue;
      expect(said.epoch).toBe(starts.at(-1)?.epoch);
      heard = starts.length;
    }
    expect(starts.length).toBeGreaterThan(1);
    expect(heard).toBe(starts.length);
    expect(starts).toEqual(starts.map((_, n) => ({ version: "1.2.3", epoch: n + 1 })));
  });
});

/** Read from a copy: the file is core's while it runs. */
async function journalOf(dir: string): Promise<JournalRow[]> {
  const temp = tempDir("skein-journal-");
  const db = new DatabaseSync(join(dir, "history", "history.db"), { readOnly: true });
  await backup(db, temp.join("history.db"));
  db.close();
  const copy = await openHistory({ file: temp.join("history.db"), clock: systemClock, logger: silentLogger });
  try {
    const rows: JournalRow[] = [];
    for await (const row of copy.journal.read()) rows.push(row);
    return rows.filter(({ topic }) => topic !== "skein/v1/followers/shed/metrics");
  } finally {
    await copy.close();
    temp.remove();
  }
}

it("says of a mass loss how many of how many, and at its end that most are back", async () => {
  const told: NewEvent[] = [];
  let fleet: FleetListeners = {};
  await recordFleet({
    bus: { subscribe: async () => async () => {} },
    fleet: { get: () => undefined, listen: (listeners) => ((fleet = listeners), () => {}) },
    history: {} as Parameters<typeof recordFleet>[0]["history"],
    events: { add: (event) => void told.push(event) },
    clock: systemClock,
  });
  fleet.notice?.({ notice: "mass-loss", followers: ["a", "b", "c"], of: 4, since: 0 });
  fleet.notice?.({ notice: "mass-loss-over", followers: ["a", "b"], since: 0, lastedMs: 1 });
  expect(told.map(({ severity, text }) => [severity, text])).toEqual([
    ["alarm", "3 of 4 followers were lost together."],
    ["notice", "Most of the followers that were lost together are back: 2."],
  ]);
});

it.each([
  [{ range: "6h" }, { from: 100 * 3_600_000 - 6 * 3_600_000, to: 100 * 3_600_000 }],
  [{}, { from: 76 * 3_600_000, to: 100 * 3_600_000 }],
  [
    { from: 5, to: 9 },
    { from: 5, to: 9 },
  ],
])("takes %j for %j", (query, expected) => expect(timesOf(query, 100 * 3_600_000)).toEqual(expected));

it("leaves out figures that a host does not have, and takes the fullest disk", () => {
  const disk = (mount: string, usedBytes: number) => ({ mount, totalBytes: 100, usedBytes });
  expect(
    figuresOf({
      disks: [disk("/", 20), disk("/var", 90)],
      agent: { rssBytes: 1, heapUsedBytes: 1, eventLoopLagMs: 2 },
    }),
  ).toEqual({
    diskPercent: 90,
    agentRssBytes: 1,
    agentEventLoopLagMs: 2,
  });
});
