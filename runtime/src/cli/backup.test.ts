/** `skein backup` beside a real core that runs, and for a house that does not. */
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openHistory } from "@skein/history";
import { seededRandom, silentLogger, systemClock, systemRandom } from "@skein/kit";
import request from "supertest";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { prepareDataDir } from "../launcher/data-dir";
import { lockDataDir } from "../launcher/leader-lock";
import { coreOnMemory } from "../core/testing/core-on-memory";
import { bearer } from "../core/testing/owner";
import { skein } from "./main";

let dir: TempDir;
beforeEach(() => (dir = tempDir("skein-cli-backup-")));
afterEach(() => dir.remove());

async function run(dataDir: string, ...argv: string[]) {
  let out = "";
  const said: string[] = [];
  const code = await skein(argv, {
    env: { SKEIN_DATA_DIR: dataDir },
    random: argv[0] === "backup" ? systemRandom : seededRandom(1),
    print: (text) => (out += text),
    say: (line) => said.push(line),
  });
  return { code, file: out.trim(), said: said.join("\n") };
}

it("copies a house that does not run, with what its history had in the log when it was killed", async () => {
  const data = prepareDataDir(dir.join("var"));
  mkdirSync(join(data, "core"), { recursive: true });
  writeFileSync(join(data, "core", "registry.json"), "{}");
  const history = await openHistory({
    file: join(data, "history", "history.db"),
    clock: systemClock,
    logger: silentLogger,
  });
  history.events.add({ type: "x", severity: "info", text: "the last word" });
  await history.flush();
  mkdirSync(dir.join("elsewhere"));
  const { code, file } = await run(data, "backup", "--to", dir.join("elsewhere"));
  await history.close();
  expect(code).toBe(0);
  expect(file).toMatch(/elsewhere\/skein-\d{8}T\d{9}Z\.tar\.gz$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(data, "backups"))).toHaveLength(1);
  expect((await run(dir.join("new"), "restore", file)).code).toBe(0);
  expect(readFileSync(dir.join("new/core/registry.json"), "utf8")).toBe("{}");
  const copy = new DatabaseSync(dir.join("new/history/history.db"));
  expect(copy.prepare("SELECT text FROM event").all()).toEqual([{ text: "the last word" }]);
  copy.close();
});

it("has a leader that runs make it, and leaves nobody logged in", async () => {
  const house = await coreOnMemory();
  prepareDataDir(house.dir);
  const unlock = lockDataDir(house.dir);
  try {
    expect((await run(house.dir, "backup")).said).toMatch(/starting or stopping.*BACKUP_FAILED/s);
    writeFileSync(join(house.dir, "run", "pids.json"), JSON.stringify({ http: house.port, broker: 1, pids: {} }));
    const as = request.agent(house.url).set(bearer(house.owner));
    const sessions = async () => ((await as.get("/api/v1/sessions")).body as { sessions: unknown[] }).sessions.length;
    const before = await sessions();
    const { code, file, said } = await run(house.dir, "backup", "--to", dir.join("house.tgz"));
    expect({ code, file, said }).toMatchObject({ code: 0, file: dir.join("house.tgz") });
    expect(existsSync(file)).toBe(true);
    expect(await sessions()).toBe(before);
    const { body } = await as.get("/api/v1/events?type=backup-made").expect(200);
    expect(body).toMatchObject({ events: [{ actor: "owner" }] });
    const logins = (await as.get("/api/v1/events?type=login").expect(200)).body as { events: unknown[] };
    expect(logins.events).toMatchObject([{ text: expect.stringMatching(/^The command line of this machine came in/) }]);
    expect((await run(house.dir, "backup", "--to", file)).said).toMatch(/FILE_EXISTS/);
  } finally {
    unlock();
    await house.stop();
  }
});

it("makes no house where there is none", async () => {
  expect((await run(dir.join("none"), "backup")).said).toMatch(/there is no house in .*BACKUP_FAILED/s);
  expect(readdirSync(dir.path)).toEqual([]);
});
