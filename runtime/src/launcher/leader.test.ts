/** A real leader, as its owner starts it: what stands and falls, and what it leaves behind. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createBus, createTransport, type Bus } from "@skein/bus";
import { agentCommand, verdict, type CareView, type VerdictData } from "@skein/contracts";
import { createIds, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import { startLeader, type Leader, type Part } from "../../../test/support/leader";

jest.setTimeout(120_000);

let leader: Leader;
let bus: Bus;
const verdicts: { id: string; data: VerdictData }[] = [];

beforeAll(async () => {
  leader = await startLeader({
    follower: true,
    settings: {
      house: { name: "Test house" },
      follower: { id: "here", heartbeatMs: 1000, metricsMs: 1000 },
      // Long enough away to be seen away.
      launcher: { restartMs: 1000 },
      fleet: { clockMs: 1000 },
    },
  });
  const parts = { clock: systemClock, random: systemRandom };
  bus = createBus({
    id: "witness",
    transport: createTransport({ ...leader.busUser("witness", "flows"), clientId: "skein-witness" }, parts),
    ...parts,
    ids: createIds(systemClock, systemRandom),
    presence: { as: "none" },
  });
  await bus.subscribe(verdict, {}, ({ ids, data }) => verdicts.push({ id: ids.id, data }));
  await eventually(async () => expect((await leader.follower("here")).verdict.state).toBe("alive"));
});
afterAll(async () => {
  await bus?.close();
  await leader?.stop();
});

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};
/** As "state cause", but for a suspicion by silence: a busy machine delays beats. */
const said = (id: string) =>
  verdicts
    .filter((entry) => entry.id === id)
    .map(({ data }) => `${data.state} ${data.cause}`)
    .filter((words) => words !== "suspect silence");
const livesOn = () =>
  eventually(async () => {
    const { verdict: now } = await leader.follower("here");
    expect(now.state).toBe("alive");
    return now;
  });

it("tells each step with its seconds, then where to look", () => {
  const output = leader.output();
  for (const part of ["broker", "core", "flow host", "follower agent"])
    expect(output).toMatch(new RegExp(`^  ${part} up \\d+\\.\\d s$`, "m"));
  expect(output).toMatch(/^ {2}Test house is ready after \d+\.\d s$/m);
  expect(output).toContain(`${leader.url}/editor/`);
});

it("tells how late the event loop of each of its processes is", async () => {
  await eventually(async () => {
    const { checks } = (await (await leader.fetch("/api/v1/care")).json()) as CareView;
    const figures = checks.find(({ id }) => id === "event-loops")?.figures ?? {};
    for (const name of ["coreP99Ms", "brokerP99Ms", "brokerMaxMs", "flowHostP99Ms", "flowHostMaxMs"])
      expect(figures[name]).toBeGreaterThanOrEqual(0);
  }, 60_000);
});

it("answers on one port: page, editor, API, metrics, health", async () => {
  const found = await Promise.all(
    ["/healthz", "/metrics", "/editor/", "/api/v1/followers", "/api/v1/palette/catalogue.json"].map(async (path) => [
      path,
      (await leader.fetch(path)).status,
    ]),
  );
  expect(found).toEqual([
    ["/healthz", 200],
    ["/metrics", 200],
    ["/editor/", 200],
    ["/api/v1/followers", 200],
    ["/api/v1/palette/catalogue.json", 200],
  ]);
  await eventually(async () => {
    const metrics = await (await leader.fetch("/metrics")).text();
    expect(metrics).toContain('skein_followers{state="alive",virtual="false"} 1');
    expect(metrics).toMatch(/skein_heartbeats_received_total [1-9]/);
    expect(metrics).toContain('skein_part_up{part="flowHost"} 1');
  });
});

it("starts core again alone when it is killed, and judges nobody falsely", async () => {
  const [broker, flowHost] = [leader.pid("broker"), leader.pid("flowHost")];
  const before = await livesOn();
  verdicts.length = 0;
  await leader.restart("core");
  const after = await livesOn();
  expect([leader.pid("broker"), leader.pid("flowHost")]).toEqual([broker, flowHost]);
  expect(said("here").join()).not.toMatch(/suspect|dead|joining|left/);
  // It is the same life as before: the restart of the one who looks is no event of the one who is looked at.
  expect(after.since).toBe(before.since);
});

it("starts the broker again alone when it is killed; nobody dies of it", async () => {
  verdicts.length = 0;
  const core = leader.pid("core");
  await leader.restart("broker");
  await livesOn();
  expect(leader.pid("core")).toBe(core);
  expect(said("here").join()).not.toMatch(/dead|left/);
});

it("says that the flow host is away, shows the rest all the same, and starts it again", async () => {
  const before = leader.pid("flowHost");
  leader.signal("flowHost", "SIGKILL");
  const [away] = await Promise.all([
    eventually(async () => {
      const response = await leader.fetch("/editor/", { headers: { accept: "text/html" } });
      expect(response.status).toBe(503);
      return response.text();
    }),
    eventually(async () => expect((await leader.fetch("/healthz")).status).toBe(503)),
  ]);
  expect(away).toContain("The editor is not there just now");
  expect((await leader.fetch("/api/v1/followers")).status).toBe(200);
  await leader.ready();
  expect(leader.pid("flowHost")).not.toBe(before);
});

it("keeps secrets to itself: a password stands in the environment of the one whose it is, and nowhere else", () => {
  const procOf = (part: Part, file: string) => readFileSync(`/proc/${leader.pid(part)}/${file}`, "utf8");
  const password = /SKEIN_BUS_PASSWORD=([^\0]+)/.exec(procOf("follower", "environ"))?.[1] ?? "";
  expect(password.length).toBeGreaterThan(30);
  for (const part of ["broker", "core", "flowHost"] as const) expect(procOf(part, "environ")).not.toContain(password);
  for (const part of ["broker", "core", "flowHost", "follower"] as const)
    expect(procOf(part, "cmdline")).not.toContain(password);
  expect(readFileSync(join(leader.dataDir, "follower", "follower.yaml"), "utf8")).toContain("${SKEIN_BUS_PASSWORD}");
  const files = readdirSync(leader.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const telling = files.filter(({ parentPath, name }) =>
    readFileSync(join(parentPath, name), "latin1").includes(password),
  );
  expect(telling.map(({ name }) => name)).toEqual([]);
});

it("starts the follower agent again at once when it is told to restart, and calls that what it is", async () => {
  const before = leader.pid("follower");
  expect(await bus.request(agentCommand, { target: "here" }, { action: "restart" })).toMatchObject({ ok: true });
  await eventually(() => expect(leader.output()).toContain("  follower agent is back"));
  expect(leader.pid("follower")).not.toBe(before);
  expect(leader.output()).toContain("  follower agent restarts, as it was told to");
  expect(leader.output()).not.toContain("! follower agent ended");
});

it("stops everything at Ctrl-C, with the follower's goodbye heard", async () => {
  const pids = (["broker", "core", "flowHost", "follower"] as const).map((part) => leader.pid(part));
  await bus.close();
  expect(await leader.stop()).toBe(0);
  expect(pids.filter(alive)).toEqual([]);
  expect(existsSync(leader.dataDir)).toBe(false);
});
