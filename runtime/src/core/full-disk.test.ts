/** A house on a disk that is full, on a small file system of the test's own (tmpfs, which takes root): somebody must be able to come in and make room. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@skein/kit";
import request from "supertest";
import { skein } from "../cli/main";
import { lockDataDir } from "../launcher/leader-lock";
import { prepareDataDir } from "../launcher/data-dir";
import { eventually } from "../../../test/support/eventually";
import { mayMount } from "../../../test/support/may-mount";
import { bearer } from "./testing/owner";
import { coreOnMemory, type CoreOnMemory } from "./testing/core-on-memory";

(mayMount() ? describe : describe.skip)("on a disk that is full", () => {
  let disk: string;
  let house: CoreOnMemory;
  let unlock: () => void;

  beforeEach(async () => {
    disk = mkdtempSync(join(tmpdir(), "skein-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]);
    house = await coreOnMemory({ folder: disk });
    prepareDataDir(house.dir);
    unlock = lockDataDir(house.dir);
    writeFileSync(join(house.dir, "run", "pids.json"), JSON.stringify({ http: house.port, broker: 1, pids: {} }));
    await request(house.url).post("/api/v1/backups").set(bearer(house.owner)).expect(201);
    // ENOSPC is what it is for.
    expect(() => writeFileSync(join(disk, "filler"), Buffer.alloc(32 * 1024 ** 2))).toThrow("ENOSPC");
  });
  afterEach(async () => {
    unlock();
    await house.stop();
    execFileSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  const browser = () => request.agent(house.url).set("origin", house.url);
  const run = async (...argv: string[]) => {
    let out = "";
    const code = await skein([...argv, "--data-dir", house.dir], {
      env: {},
      random: systemRandom,
      print: (text) => (out += text),
      say: (line) => void (out += line),
    });
    return { code, out };
  };

  it("lets people log in, make room, and stay logged in", async () => {
    const page = browser();
    await page.post("/api/v1/login").send({ account: "owner", password: house.owner.password }).expect(200);
    await page.get("/api/v1/me").expect(200);
    const other = browser();
    await other.post("/api/v1/login").send({ account: "owner", password: house.owner.password }).expect(200);
    await other.post("/api/v1/logout").expect(204);
    await other.get("/api/v1/me").expect(401);
    const { body } = await page.get("/api/v1/backups");
    const [{ id } = { id: "" }] = (body as { backups: { id: string }[] }).backups;
    await page.delete(`/api/v1/backups/${id}`).expect(204);
    rmSync(join(disk, "filler"));
    // Written at one of its next visits: until then a restart would lose it.
    await eventually(async () => {
      await page.get("/api/v1/me").expect(200);
      const written = readFileSync(join(house.dir, "core", "sessions.json"), "utf8");
      expect((JSON.parse(written) as { sessions: unknown[] }).sessions).toHaveLength(2);
    });
    const { sessions } = (await page.get("/api/v1/sessions").expect(200)).body as { sessions: unknown[] };
    expect(sessions).toHaveLength(2);
    await house.restart();
    await page.get("/api/v1/me").expect(200);
  });

  it("lets a link from the machine work, once", async () => {
    const { out } = await run("login-link");
    const token = /#setup=([\w-]+)/.exec(out)?.[1];
    await browser().post("/api/v1/setup").send({ token }).expect(200);
    await browser().post("/api/v1/setup").send({ token }).expect(401);
    await house.restart();
    await browser().post("/api/v1/setup").send({ token }).expect(401);
  });

  it("says so to the doctor in the leader's own words", async () => {
    await eventually(async () => {
      const { code, out } = await run("doctor");
      expect(code).toBe(1);
      expect(out).toMatch(/BAD {3}disk .*make room now/);
      expect(out).toMatch(/ {2}journal /);
    });
  });

  it("starts again", async () => {
    await house.restart();
    await house.restart();
    await browser().post("/api/v1/login").send({ account: "owner", password: house.owner.password }).expect(200);
  });
});
