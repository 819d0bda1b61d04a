/** Self-care: each judgement by its figures, and on a real core what is told when one turns. */
import type { BusStats, LinkState } from "@skein/bus";
import type { CareView, NewEvent } from "@skein/contracts";
import type { HistoryHealth } from "@skein/history";
import { FakeClock, silentLogger } from "@skein/kit";
import { Registry } from "prom-client";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { tempDir } from "../../../../test/support/temp-dir";
import { coreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import type { House } from "../house";
import { createCare, type Care } from "./care";
import * as judge from "./judge";

const GB = 1024 ** 3;
const DAY_MS = 86_400_000;
const inTime = { p99Ms: 3, maxMs: 20 };
const history = {
  state: "ok",
  oldestWaitingMs: 5,
  fileBytes: 7,
  integrity: "ok",
  dropped: { telemetry: 1, other: 2, events: 0, samples: 0, verdicts: 0 },
  maintenance: { failed: 0 },
} as const;

it.each([
  ["a broker that runs", judge.judgeBroker({ broker: "up" }), "ok"],
  ["a broker that starts", judge.judgeBroker({ broker: "starting" }), "unknown"],
  ["a broker that was stopped", judge.judgeBroker({ broker: "stopped" }), "bad"],
  ["a link", judge.judgeBus(true, 0), "ok"],
  ["no link", judge.judgeBus(false, 3), "bad"],
  ["much room", judge.judgeDisk(50 * GB, 100 * GB), "ok"],
  ["little room", judge.judgeDisk(1.5 * GB, 100 * GB), "warn"],
  ["no room", judge.judgeDisk(GB / 4, 100 * GB), "bad"],
  ["a journal that is written", judge.judgeJournal(history), "ok"],
  ["a journal that is not", judge.judgeJournal({ ...history, state: "failing", message: "disk full" }), "bad"],
  ["a history that was damaged", judge.judgeJournal({ ...history, integrity: "damaged" }), "warn"],
  ["one whose new file is whole", judge.judgeJournal({ ...history, putAside: "history.db.damaged-1" }), "warn"],
  [
    "one that is not looked after",
    judge.judgeJournal({ ...history, maintenance: { failed: 2, problem: "io" } }),
    "warn",
  ],
  ["loops in time", judge.judgeLoops({ core: inTime, broker: inTime, flowHost: inTime }), "ok"],
  ["a busy loop", judge.judgeLoops({ core: { p99Ms: 80, maxMs: 200 } }), "warn"],
  ["a stalled loop", judge.judgeLoops({ core: { p99Ms: 1500, maxMs: 9000 }, broker: inTime }), "bad"],
  ["a busy broker", judge.judgeLoops({ core: inTime, broker: { p99Ms: 80, maxMs: 200 } }), "warn"],
  ["a stalled flow host", judge.judgeLoops({ core: inTime, flowHost: { p99Ms: 1500, maxMs: 9000 } }), "bad"],
  ["an even clock", judge.judgeClock(-40), "ok"],
  ["a clock that was set back", judge.judgeClock(-3_600_000), "warn"],
  ["a clock that a server sets", judge.judgeClock(0, true), "ok"],
  ["a clock that no server sets", judge.judgeClock(0, false), "warn"],
  ["no certificates", judge.judgeCertificates({}), "ok"],
  ["good certificates", judge.judgeCertificates({ a: 90 * DAY_MS, b: 80 * DAY_MS }), "ok"],
  ["one that ends", judge.judgeCertificates({ a: 90 * DAY_MS, b: 10 * DAY_MS }), "warn"],
  ["one that has ended", judge.judgeCertificates({ a: -DAY_MS }), "bad"],
  ["one that cannot be read", judge.judgeCertificates({ a: undefined }), "bad"],
  ["no backup", judge.judgeBackup(undefined, true), "warn"],
  ["a fresh backup", judge.judgeBackup(DAY_MS, true), "ok"],
  ["a missed backup", judge.judgeBackup(3 * DAY_MS, true), "warn"],
  ["an old backup", judge.judgeBackup(10 * DAY_MS, true), "bad"],
  ["one of some days ago where none is made by itself", judge.judgeBackup(3 * DAY_MS, false), "ok"],
  ["an old one where none is made by itself", judge.judgeBackup(10 * DAY_MS, false), "warn"],
  ["none where none is made by itself", judge.judgeBackup(undefined, false), "warn"],
] as const)("judges %s", (_what, { state }, expected) => expect(state).toBe(expected));

it("tells of what turned by API, event and metric", async () => {
  const house = await coreOnMemory();
  try {
    const api = request.agent(house.url).set(bearer(house.owner));
    const care = async () => (await api.get("/api/v1/care").expect(200)).body as CareView;
    const stateOf = async (id: string) => (await care()).checks.find((check) => check.id === id)?.state;
    await eventually(async () =>
      expect((await care()).checks.map(({ id }) => id)).toEqual([
        "broker",
        "bus",
        "disk",
        "journal",
        "event-loops",
        "clock",
        "certificates",
        "backup",
      ]),
    );
    expect(await stateOf("backup")).toBe("warn");
    expect((await api.get("/metrics")).text).toContain('skein_check_state{check="backup",state="warn"} 1');
    await eventually(async () =>
      expect((await api.get("/api/v1/events?type=check-changed&subject=check:backup")).body).toMatchObject({
        events: [{ severity: "warning", data: { state: "warn" } }],
      }),
    );
    await api.post("/api/v1/backups").expect(201);
    await house.restart();
    await eventually(async () => expect(await stateOf("backup")).toBe("ok"));
    expect((await request(house.url).get("/api/v1/care")).status).toBe(401);
  } finally {
    await house.stop();
  }
});

describe("looking, by a clock of its own", () => {
  let clock: FakeClock;
  let uptimeMs: number;
  let link: LinkState;
  let tellLink: (state: LinkState) => void;
  let loops: ReturnType<House["takeLoops"]>;
  let told: string[];
  let changed: number;
  /** Backups are what is looked at last. */
  let looks: number;
  let events: NewEvent[];
  let registry: Registry;
  let care: Care;
  const dir = tempDir("skein-care-");
  afterAll(() => dir.remove());
  beforeEach(() => {
    clock = new FakeClock();
    uptimeMs = 0;
    link = { up: false } as LinkState;
    loops = {};
    told = [];
    changed = 0;
    looks = 0;
    events = [];
    registry = new Registry();
    care = createCare({
      dataDir: dir.path,
      certificates: [],
      bus: {
        get link() {
          return { ...link };
        },
        stats: { dropped: {} } as BusStats,
        onLink(listener) {
          tellLink = listener;
          return () => {};
        },
      },
      house: {
        health: () => ({ ok: true, broker: "up", core: "up", flowHost: "up", safeMode: false }),
        takeLoops: () => loops,
      },
      history: { health: () => history as unknown as HistoryHealth },
      backups: {
        async list() {
          looks++;
          return [{ id: "a", at: clock.now(), bytes: 1, version: "1" }];
        },
      },
      backupSettings: { enabled: true },
      uptimeMs: () => uptimeMs,
      registry,
      events: { add: (event) => void events.push(event) },
      onChanged: () => void changed++,
      onBad: (text) => void told.push(text),
      clock,
      logger: silentLogger,
    });
  });
  afterEach(() => care.close());
  const check = (id: string) => care.view().checks.find((each) => each.id === id);
  const busIs = (state: string) => eventually(() => expect(check("bus")?.state).toBe(state));
  const begin = async () => {
    Object.assign(link, { up: true });
    tellLink(link);
    await eventually(() => expect(check("backup")).toBeDefined());
  };
  /** Half a minute passes, of which the machine may have slept. */
  const lookAgain = async (awakeMs = 30_000, sleptMs = 0) => {
    const before = looks;
    clock.stepWall(sleptMs);
    uptimeMs += awakeMs + sleptMs;
    await clock.advance(awakeMs);
    await eventually(() => expect(looks).toBe(before + 1));
  };

  it("waits for the bus before its first look, and makes a notice of what was bad twice in a row, once", async () => {
    await clock.advance(5_000);
    expect(care.view().checks).toEqual([]);
    await begin();
    await busIs("ok");
    Object.assign(link, { up: false });
    await lookAgain();
    await busIs("bad");
    expect(told).toEqual([]);
    expect(events.filter(({ subject }) => subject?.id === "bus")).toMatchObject([{ severity: "alarm" }]);
    await lookAgain();
    await eventually(() => expect(told).toEqual([expect.stringContaining("no link to the bus")]));
    await lookAgain();
    Object.assign(link, { up: true });
    await lookAgain();
    await busIs("ok");
    expect(told).toHaveLength(1);
  });

  it("shows each process' event loop as long as it tells of it, and tells the page when the words change", async () => {
    loops = { broker: inTime, flowHost: { p99Ms: 70, maxMs: 90 } };
    await begin();
    expect(check("event-loops")).toMatchObject({
      state: "warn",
      text: expect.stringMatching(/core \d+ ms, broker 3 ms, flow host 70 ms; this machine is busy/),
      figures: { brokerP99Ms: 3, brokerMaxMs: 20, flowHostP99Ms: 70, flowHostMaxMs: 90 },
    });
    expect(await registry.metrics()).toContain('skein_check_figure{check="event-loops",figure="flowHostMaxMs"} 90');
    loops = { flowHost: { p99Ms: 71, maxMs: 90 } };
    const before = changed;
    await lookAgain();
    expect(check("event-loops")?.text).toContain("flow host 71 ms");
    expect(changed).toBeGreaterThan(before);
    const metrics = await registry.metrics();
    expect(metrics).toContain('figure="flowHostP99Ms"} 71');
    expect(metrics).not.toContain("brokerP99Ms");
  });

  it("tells a clock that was set from a machine that slept", async () => {
    await begin();
    await lookAgain(30_000, 3_600_000);
    expect(check("clock")).toMatchObject({ figures: { steppedMs: 0 } });
    clock.stepWall(60_000);
    await lookAgain();
    expect(check("clock")).toMatchObject({ state: "warn", figures: { steppedMs: 60_000 } });
  });
});
