/** The doctor: each judgement by what was seen, and the command beside a house that runs, does not, or is damaged. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { CareView } from "@skein/contracts";
import { openHistory } from "@skein/history";
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import request from "supertest";
import { eventually } from "../../../test/support/eventually";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { lockDataDir } from "../launcher/leader-lock";
import { prepareDataDir } from "../launcher/data-dir";
import { loginLinks, loginLinksFolder } from "../core/auth/login-links";
import { DOCUMENTS } from "../core/documents";
import { coreOnMemory } from "../core/testing/core-on-memory";
import { bearer } from "../core/testing/owner";
import { judgeHistoryFile, judgeHouse, judgeLeader, judgeNode } from "./doctor-judge";
import type { Finding } from "./doctor";
import { skein } from "./main";

let dir: TempDir;
beforeEach(() => (dir = tempDir()));
afterEach(() => dir.remove());

async function doctor(...argv: string[]) {
  let out = "";
  const said: string[] = [];
  const code = await skein(["doctor", ...argv], {
    env: { SKEIN_DATA_DIR: dir.join("var") },
    random: systemRandom,
    print: (text) => (out += text),
    say: (line) => said.push(line),
  });
  return { code, out, said: said.join("\n") };
}
async function findings(...argv: string[]) {
  const { code, out } = await doctor("--json", ...argv);
  const { ok, findings: all } = JSON.parse(out) as { ok: boolean; findings: Finding[] };
  expect(ok).toBe(code === 0);
  return { code, states: Object.fromEntries(all.map(({ id, state }) => [id, state])), all };
}
const put = (path: string, text: string) => {
  mkdirSync(dirname(dir.join("var", path)), { recursive: true });
  writeFileSync(dir.join("var", path), text);
};
const historyFile = () => dir.join("var", "history", "history.db");

const up = { ok: true, broker: "up", core: "up", flowHost: "up", safeMode: false } as const;
it.each([
  ["a Node of today", judgeNode("v24.21.0"), "ok"],
  ["the first that will do", judgeNode("v22.9.0"), "ok"],
  ["one before it", judgeNode("v22.8.1"), "bad"],
  ["Debian's", judgeNode("v20.19.2"), "bad"],
  ["a leader that does not run", judgeLeader({ pid: undefined, noted: false, health: undefined }), "ok"],
  ["one that was killed", judgeLeader({ pid: undefined, noted: true, health: undefined }), "warn"],
  ["one that starts", judgeLeader({ pid: 7, noted: false, health: undefined }), "warn"],
  ["one that is well", judgeLeader({ pid: 7, noted: true, health: up }), "ok"],
  ["one that hangs", judgeLeader({ pid: 7, noted: true, health: undefined }), "bad"],
  ["one without flows", judgeLeader({ pid: 7, noted: true, health: { ...up, ok: false, flowHost: "down" } }), "bad"],
  ["one whose flows are stopped", judgeLeader({ pid: 7, noted: true, health: { ...up, safeMode: true } }), "warn"],
  ["a whole history", judgeHistoryFile(undefined), "ok"],
  ["a damaged history", judgeHistoryFile("it is damaged."), "bad"],
] as const)("judges %s", (_what, { state }, expected) => expect(state).toBe(expected));

it("says which part does not work", () => {
  expect(judgeLeader({ pid: 7, noted: true, health: { ...up, ok: false, flowHost: "down" } }).text).toContain(
    "broker up, core up, flow host down",
  );
});

it("finds nothing bad where no house has been yet, and makes none", async () => {
  expect(await findings()).toMatchObject({ code: 0, states: { node: "ok", leader: "ok", certificates: "ok" } });
  expect(readdirSync(dir.path)).toEqual([]);
});

it("reads the history of a house that does not run, and leaves it as it is", async () => {
  const history = await openHistory({
    file: historyFile(),
    clock: systemClock,
    logger: silentLogger,
  });
  for (let n = 0; n < 200; n++) history.events.add({ type: "x", severity: "info", text: `event ${n}`.repeat(50) });
  await history.flush();
  // Its own check at the start is another reader; whoever closes last leaves one file only when he may write.
  await eventually(() => expect(history.health().integrity).toBe("ok"));
  // As a leader leaves it that is killed: with what was written last in a file beside it.
  expect(readdirSync(dirname(historyFile()))).toContain("history.db-wal");
  expect((await findings()).states["history"]).toBe("ok");
  await history.close();
  const before = readFileSync(historyFile());
  const { code, states, all } = await findings();
  expect(all.filter(({ state }) => state === "bad")).toEqual([]);
  expect({ code, states }).toMatchObject({ code: 0, states: { history: "ok", backup: "warn" } });
  expect(readdirSync(dirname(historyFile()))).toEqual(["history.db"]);
  expect(readFileSync(historyFile()).equals(before)).toBe(true);

  writeFileSync(historyFile(), before.fill(0x5a, 4096));
  expect((await findings()).states["history"]).toBe("bad");
});

it("tells people what to do, and by its exit code that something is bad", async () => {
  put("history/history.db", "a letter to the milkman, and no database at all ".repeat(50));
  writeFileSync(dir.join("skein.yaml"), "http: {tls: {cert: none.pem, key: none.key}}");
  const { code, out } = await doctor("--config", dir.join("skein.yaml"));
  expect(code).toBe(1);
  expect(out).toMatch(/BAD {3}history .*history\.db is damaged.*docs\/history\.md/);
  expect(out).toMatch(/BAD {3}files .*cannot use .*none\.pem with .*none\.key/);
  expect(out).toMatch(/BAD {3}certificates .*none\.pem cannot be read/);
  expect(out).toMatch(/look {2}backup .*There is no backup yet/);
});

describe("files that the leader needs at its start", () => {
  it.each(["core/epoch", "secrets/bus-users.json", ...DOCUMENTS.map(({ name }) => `core/${name}`)])(
    "are read as core reads them: %s",
    async (path) => {
      put(path, "1");
      expect((await findings()).states["files"]).toMatch(path === "core/epoch" ? /ok/ : /bad|warn/);
      put(path, '{"rooms": [');
      const { code, all } = await findings();
      const found = all.find(({ id }) => id === "files");
      expect(found?.text).toContain(dir.join("var", path));
      const alone = path === "core/sessions.json" || path === "core/idempotency.json";
      expect({ code, found }).toMatchObject({ code: alone ? 0 : 1, found: { state: alone ? "warn" : "bad" } });
    },
  );
  it("are all named, with what to do", async () => {
    put("core/registry.json", '{"rooms": [');
    put("core/sessions.json", "");
    expect((await doctor()).out).toMatch(
      /BAD {3}files .*No leader starts with this: cannot read .*registry\.json: it is no JSON\. Mend it, .*sessions\.json: .*logs in anew/,
    );
  });
});

it("says that a house is not there, or is not this user's", async () => {
  expect(await findings()).toMatchObject({ code: 0, states: { house: "warn" } });
  expect((await doctor("--data-dir", dir.join("elsewhere"))).out).toMatch(
    /look {2}house .*There is no house in .*elsewhere yet.*--data-dir/,
  );
  put("kind", "house\n");
  expect((await findings()).states["house"]).toBe("ok");
  writeFileSync(dir.join("file"), "");
  expect((await doctor("--data-dir", dir.join("file", "x"))).out).toMatch(/house .*There is no house/);
  expect(judgeHouse({ dataDir: "/x", begun: true, unusable: "is on a read-only file system" }).state).toBe("bad");
});

it("does not ask for nightly backups where they are switched off", async () => {
  put("core/accounts.json", "{}");
  writeFileSync(dir.join("skein.yaml"), "backup: {enabled: false}");
  expect((await doctor("--config", dir.join("skein.yaml"))).out).toMatch(/look {2}backup .*backup\.enabled is false/);
});

it("asks the leader that runs how it is, and leaves its history to it", async () => {
  let health: object = up;
  const leader = createServer((_req, res) => res.end(JSON.stringify(health)));
  await new Promise<void>((resolve) => leader.listen(0, "127.0.0.1", resolve));
  prepareDataDir(dir.join("var"));
  const unlock = lockDataDir(dir.join("var"));
  try {
    expect((await findings()).states["leader"]).toBe("warn");
    put("run/pids.json", JSON.stringify({ http: (leader.address() as AddressInfo).port, broker: 1, pids: {} }));
    put("history/history.db", "in use");
    expect(await findings()).toMatchObject({ code: 0, states: { leader: "ok" } });
    expect((await findings()).states).not.toHaveProperty("history");
    health = { ...up, ok: false, broker: "down" };
    expect(await findings()).toMatchObject({ code: 1, states: { leader: "bad" } });
  } finally {
    unlock();
    leader.closeAllConnections();
    await new Promise((resolve) => leader.close(resolve));
  }
  expect((await findings()).states["leader"]).toBe("warn");
});

it("tells how a leader that runs finds itself, and leaves no trace of that, and everybody's link as it is", async () => {
  const house = await coreOnMemory();
  prepareDataDir(house.dir);
  const unlock = lockDataDir(house.dir);
  try {
    writeFileSync(join(house.dir, "run", "pids.json"), JSON.stringify({ http: house.port, broker: 1, pids: {} }));
    const links = loginLinks(loginLinksFolder(join(house.dir, "core")), { clock: systemClock, random: systemRandom });
    const link = await links.make(60_000, "owner");
    const as = request.agent(house.url).set(bearer(house.owner));
    const seen = async () =>
      Promise.all(
        ["sessions", "accounts", "events?type=login"].map(
          async (path) => (await as.get(`/api/v1/${path}`).expect(200)).body as unknown,
        ),
      );
    const before = await seen();
    await eventually(async () => {
      const { checks } = (await as.get("/api/v1/care")).body as CareView;
      expect(checks.at(-1)?.id).toBe("backup");
      const { all } = await findings("--data-dir", house.dir);
      for (const { id, state, text } of checks)
        expect(all.filter((finding) => finding.id === id)).toMatchObject([{ state, text }]);
    });
    expect(await seen()).toEqual(before);
    expect(await links.use(link)).toMatchObject({ account: "owner" });
    writeFileSync(join(house.dir, "core", "accounts.json"), "{}");
    const { all } = await findings("--data-dir", house.dir);
    expect(all).toContainEqual({ id: "self-care", state: "unknown", text: expect.stringMatching(/accounts\.json/) });
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(["disk", "backup"]));
  } finally {
    unlock();
    await house.stop();
  }
});
