/** A backup of a real leader that is busy, put by `skein restore` into an empty directory, and a leader started on that. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EventsPage, FlowNode, RegistryView, SeriesAnswer } from "@skein/contracts";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { leaderNode } from "../support/leader-node";
import { tempDir, type TempDir } from "../support/temp-dir";

const CLI = join(__dirname, "../../runtime/dist/cli/main.js");
const FLOWS = [
  { id: "tab", type: "tab", label: "My house" },
  { id: "note", type: "comment", z: "tab", name: "mine", x: 100, y: 100, wires: [] },
];
let dir: TempDir;
let leaders: Leader[];
beforeEach(() => {
  dir = tempDir("skein-backup-");
  leaders = [];
});
afterEach(async () => {
  for (const leader of leaders) await leader.stop();
  dir.remove();
});

const json = async <T>(leader: Leader, path: string, init?: { method: string; body?: unknown }): Promise<T> => {
  const response = await leader.fetch(`/api/v1/${path}`, {
    method: init?.method ?? "GET",
    headers: { "content-type": "application/json" },
    ...(init?.body !== undefined && { body: JSON.stringify(init.body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
};

it("brings flows, house, history and accounts of a leader under load into an empty one", async () => {
  const settings = { follower: { id: "attic", metricsMs: 500, heartbeatMs: 200 } };
  const old = await startLeader({ settings, follower: true });
  leaders.push(old);
  await json(old, "flows", { method: "POST", body: { flows: FLOWS } });
  await json(old, "rooms", { method: "POST", body: { name: "Küche" } });
  await json(old, "accounts", {
    method: "POST",
    body: { name: "Anna", role: "operator", password: "three random words" },
  });
  await eventually(async () => {
    const { series } = await json<SeriesAnswer>(old, "followers/attic/metrics?range=1h");
    expect(series.find(({ name }) => name === "agentRssBytes")?.points.length).toBeGreaterThan(0);
  });
  const before = await json<EventsPage>(old, "events?limit=500");

  let loading = true;
  const load = (async () => {
    for (let n = 0; loading; n++) await json(old, "residents", { method: "POST", body: { name: `Somebody ${n}` } });
  })();
  let id: string;
  try {
    ({ id } = await json<{ id: string }>(old, "backups", { method: "POST" }));
  } finally {
    loading = false;
    await load;
  }
  const file = dir.join("backup.tar.gz");
  writeFileSync(file, Buffer.from(await (await old.fetch(`/api/v1/backups/${id}`)).arrayBuffer()));
  await old.stop();
  leaders = [];

  const dataDir = dir.join("new");
  execFileSync(leaderNode, [CLI, "restore", file, "--data-dir", dataDir], { stdio: "pipe" });
  const next = await startLeader({ dataDir, owner: false });
  leaders.push(next);
  const login = await fetch(`${next.url}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account: old.owner.account, password: old.owner.password }),
  });
  expect(login.status).toBe(200);
  const headers = { authorization: `Bearer ${old.owner.token}` };
  const ask = async <T>(path: string) => (await (await fetch(`${next.url}/api/v1/${path}`, { headers })).json()) as T;
  const { flows } = await ask<{ flows: FlowNode[] }>("flows");
  expect(flows.map((node) => ({ id: node.id, type: node.type }))).toEqual(
    expect.arrayContaining(FLOWS.map((node) => ({ id: node.id, type: node.type }))),
  );
  const { rooms, residents } = await ask<RegistryView>("registry");
  expect(rooms).toMatchObject([{ id: "kueche", name: "Küche" }]);
  // As many as there were when it was made, one after the other, none half.
  expect(residents.map(({ name }) => name)).toEqual(residents.map((_, n) => `Somebody ${n}`));
  expect((await ask<{ accounts: { id: string }[] }>("accounts")).accounts.map((account) => account.id)).toEqual([
    "owner",
    "anna",
  ]);
  const after = await ask<EventsPage>("events?limit=500");
  expect(after.events).toEqual(expect.arrayContaining(before.events));
  const { series } = await ask<SeriesAnswer>("followers/attic/metrics?range=1h");
  expect(series.find(({ name }) => name === "agentRssBytes")?.points.length).toBeGreaterThan(0);
}, 120_000);
