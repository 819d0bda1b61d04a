/** A housemate on a real leader: sees what is kept of her, and when she leaves nothing bears her name, neither now nor in the next backup. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { BackupView, ResidentView } from "@skein/contracts";
import { openHistory } from "@skein/history";
import { silentLogger, systemClock } from "@skein/kit";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { tempDir, type TempDir } from "../support/temp-dir";

const NAME = "Xanthippe";
/** Her name, her id and her account's, however they are written. */
const ACCOUNT = "xanthippes-own";
const TRACE = /xanthippe/i;
let dir: TempDir;
let leader: Leader;
beforeAll(async () => {
  dir = tempDir("skein-resident-");
  leader = await startLeader({ dataDir: dir.join("data") });
}, 60_000);
afterAll(async () => {
  await leader?.stop();
  dir?.remove();
});

const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const response = await leader.fetch(`/api/v1/${path}`, {
    method,
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
};
/** Files below a folder that have the name in them as it is written in any of the house's files. */
const naming = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => TRACE.test(readFileSync(file, "latin1")));

/** Rows of a journal and events that have it: rows lie compressed, where no search finds a name. */
async function rowsNaming(file: string): Promise<string[]> {
  const history = await openHistory({ file, clock: systemClock, logger: silentLogger });
  const found: string[] = [];
  for await (const { topic, payload } of history.journal.read())
    if (TRACE.test(Buffer.from(payload).toString())) found.push(topic);
  for (const event of (await history.events.list({ limit: 500 }, { mayAudit: true })).events)
    if (TRACE.test(JSON.stringify(event))) found.push(event.type);
  await history.close();
  return found;
}

it("is forgotten whole", async () => {
  const { id } = await ask<ResidentView>("POST", "residents", { name: NAME });
  await ask("POST", "accounts", {
    id: ACCOUNT,
    name: `${NAME}'s`,
    role: "designer",
    password: "three random words",
    resident: id,
  });
  const login = await fetch(`${leader.url}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account: ACCOUNT, password: "three random words" }),
  });
  const cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const own = { authorization: "", cookie, origin: leader.url };
  const kept = async () => {
    const answer = await leader.fetch(`/api/v1/residents/${id}/data`, { headers: own });
    return ((await answer.json()) as { kept: Record<string, number> }).kept;
  };
  await eventually(async () =>
    expect(await kept()).toMatchObject({ account: 1, journal: expect.any(Number), events: expect.any(Number) }),
  );
  expect((await kept())["journal"]).toBeGreaterThan(0);
  expect((await kept())["events"]).toBeGreaterThan(0);

  // What she does is hers as well.
  const json = { ...own, "content-type": "application/json" };
  const flows = [{ id: "t", type: "tab", label: "Hall" }];
  const did = await Promise.all([
    leader.fetch("/api/v1/privacy", { method: "PUT", headers: json, body: JSON.stringify({ on: true }) }),
    leader.fetch("/api/v1/flows", { method: "POST", headers: json, body: JSON.stringify({ flows }) }),
  ]);
  expect(did.map(({ status }) => status)).toEqual([200, 200]);
  await eventually(async () => expect(await kept()).toMatchObject({ privacy: 1, snapshots: 1 }));

  // What was about her goes, she herself stays.
  expect((await leader.fetch(`/api/v1/residents/${id}/data`, { method: "DELETE", headers: own })).status).toBe(204);
  expect(await kept()).toMatchObject({ account: 1, events: 0, journal: 0 });

  await leader.fetch("/api/v1/privacy", { method: "PUT", headers: json, body: JSON.stringify({ on: false }) });
  // Node-RED keeps by name how she likes her editor, and its last file beside it.
  for (const editor of [{ view: 1 }, { view: 2 }])
    await leader.fetch("/editor/settings/user", { method: "POST", headers: json, body: JSON.stringify({ editor }) });
  const flowFiles = join(dir.join("data"), "flows");
  expect(naming(flowFiles).map((file) => basename(file))).toEqual([".config.users.json", ".config.users.json.backup"]);
  await ask("DELETE", `accounts/${ACCOUNT}`);
  await ask("DELETE", `residents/${id}`);
  const { id: backup } = await ask<BackupView>("POST", "backups");
  const file = dir.join("backup.tar.gz");
  writeFileSync(file, Buffer.from(await (await leader.fetch(`/api/v1/backups/${backup}`)).arrayBuffer()));
  await leader.stop();
  const data = dir.join("data");
  expect(["core", "history", "flows", "logs"].flatMap((folder) => naming(join(data, folder)))).toEqual([]);
  expect(await rowsNaming(join(data, "history", "history.db"))).toEqual([]);
  mkdirSync(dir.join("unpacked"));
  execFileSync("tar", ["-xzf", file, "-C", dir.join("unpacked")]);
  expect(naming(dir.join("unpacked"))).toEqual([]);
  expect(await rowsNaming(join(dir.join("unpacked"), "history", "history.db"))).toEqual([]);
});
