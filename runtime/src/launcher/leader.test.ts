/** A real leader, as its owner starts it: what stands and falls, and what it leaves behind. */
import { existsSync, readFileSync } from "node:fs";
import { createBus, createTransport, type Bus } from "@skein/bus";
import { verdict, type VerdictData } from "@skein/contracts";
import { createIds, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import { startLeader, type Leader } from "../../../test/support/leader";

jest.setTimeout(120_000);

let leader: Leader;
let bus: Bus;
const verdicts: { id: string; data: VerdictData }[] = [];

beforeAll(async () => {
  leader = await startLeader({
    follower: true,
    settings: {
      house: { name: "Test house" },
      follower: { id: "here", heartbeatMs: 500, metricsMs: 1000 },
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
const statesOf = (id: string) => verdicts.filter((entry) => entry.id === id).map(({ data }) => data.state);

it("tells each step with its seconds, then where to look", () => {
  const output = leader.output();
  for (const part of ["broker", "core", "flow host", "follower agent"])
    expect(output).toMatch(new RegExp(`^  ${part} up \\d+\\.\\d s$`, "m"));
  expect(output).toMatch(/^ {2}Test house is ready after \d+\.\d s$/m);
  expect(output).toContain(`${leader.url}/editor/`);
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
  const metrics = await (await leader.fetch("/metrics")).text();
  expect(metrics).toContain('skein_followers{state="alive",virtual="false"} 1');
  expect(metrics).toMatch(/skein_heartbeats_received_total [1-9]/);
  expect(metrics).toContain('skein_part_up{part="flowHost"} 1');
});

it("starts core again alone when it is killed, and judges nobody falsely", async () => {
  const [broker, flowHost, before] = [
    leader.pid("broker"),
    leader.pid("flowHost"),
    (await leader.follower("here")).verdict,
  ];
  verdicts.length = 0;
  await leader.restart("core");
  await eventually(async () => expect((await leader.follower("here")).verdict).toMatchObject({ state: "alive" }));
  expect([leader.pid("broker"), leader.pid("flowHost")]).toEqual([broker, flowHost]);
  expect(
    statesOf("here").filter(
      (state) => state === "suspect" || state === "dead" || state === "joining" || state === "left",
    ),
  ).toEqual([]);
  // It is the same life as before: the restart of the one who looks is no event of the one who is looked at.
  expect((await leader.follower("here")).verdict.since).toBe(before.since);
});

it("starts the broker again alone when it is killed; nobody dies of it", async () => {
  verdicts.length = 0;
  const core = leader.pid("core");
  await leader.restart("broker");
  await eventually(async () => expect((await leader.follower("here")).verdict.state).toBe("alive"));
  expect(leader.pid("core")).toBe(core);
  expect(statesOf("here").filter((state) => state === "dead" || state === "left")).toEqual([]);
});

it("says that the flow host is away, shows the rest all the same, and starts it again", async () => {
  const before = leader.pid("flowHost");
  leader.signal("flowHost", "SIGKILL");
  const away = await eventually(async () => {
    const response = await leader.fetch("/editor/", { headers: { accept: "text/html" } });
    expect(response.status).toBe(503);
    return response.text();
  });
  expect(away).toContain("The editor is not there just now");
  await eventually(async () => expect((await leader.fetch("/healthz")).status).toBe(503));
  expect((await leader.fetch("/api/v1/followers")).status).toBe(200);
  await leader.ready();
  expect(leader.pid("flowHost")).not.toBe(before);
});

it("keeps secrets to itself: files are the owner's alone, and no password stands on a command line", () => {
  const follower = readFileSync(`${leader.dataDir}/follower/follower.yaml`, "utf8");
  const password = /password: (\S+)/.exec(follower)?.[1] ?? "";
  expect(password.length).toBeGreaterThan(30);
  for (const part of ["broker", "core", "flowHost", "follower"] as const) {
    const pid = leader.pid(part);
    expect(readFileSync(`/proc/${pid}/cmdline`, "utf8") + readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain(
      password,
    );
    expect(leader.log(part)).not.toContain(password);
  }
});

it("stops everything at Ctrl-C, with the follower's goodbye heard", async () => {
  const pids = (["broker", "core", "flowHost", "follower"] as const).map((part) => leader.pid(part));
  await bus.close();
  expect(await leader.stop()).toBe(0);
  expect(pids.filter(alive)).toEqual([]);
  expect(existsSync(leader.dataDir)).toBe(false);
});
