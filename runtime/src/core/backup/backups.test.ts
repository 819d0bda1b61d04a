/** Backups of a real core by its API, made while events come in, and put into an empty house. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import request from "supertest";
import { tempDir } from "../../../../test/support/temp-dir";
import { restoreBackup } from "../../backup/restore";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import { openHouseRegistry } from "../registry/house-registry";
import { silentLogger } from "@skein/kit";

let house: CoreOnMemory;
const dir = tempDir("skein-backups-");
beforeAll(
  async () =>
    (house = await coreOnMemory({
      accounts: ["admin", "designer"],
      settings: { backup: { enabled: false, keep: 2 } },
    })),
);
afterAll(async () => {
  await house?.stop();
  dir.remove();
});
const as = (who: "admin" | "designer" = "admin") => request.agent(house.url).set(bearer(house.logins[who]));

it("is taken under load, downloaded by an admin alone, and holds documents and history", async () => {
  await as("designer").post("/api/v1/backups").send({}).expect(403);
  await as().post("/api/v1/rooms").send({ name: "Hall" }).expect(201);
  const load = Array.from({ length: 30 }, (_, n) =>
    as()
      .post("/api/v1/rooms")
      .send({ name: `Room ${n}` })
      .expect(201),
  );
  const [{ body }] = await Promise.all([as().post("/api/v1/backups").send({}).expect(201), ...load]);
  const { id } = body as { id: string };
  expect((await as().get("/api/v1/backups").expect(200)).body).toMatchObject({ backups: [{ id, version: "1.2.3" }] });
  await as("designer").get(`/api/v1/backups/${id}`).expect(403);
  const got = await as().get(`/api/v1/backups/${id}`).buffer(true).parse(bytes).expect(200);
  writeFileSync(dir.join("house.tgz"), got.body as Buffer);
  await restoreBackup({
    file: dir.join("house.tgz"),
    dataDir: dir.join("new"),
    version: "1.2.3",
    now: 1e12,
    replace: false,
  });
  const bus = { publish: () => Promise.resolve({} as never) };
  const registry = openHouseRegistry(dir.join("new/core/registry.json"), {
    bus,
    logger: silentLogger,
    onChanged: () => {},
  });
  expect(registry.room("hall")).toMatchObject({ name: "Hall" });
  const history = new DatabaseSync(dir.join("new/history/history.db"), { readOnly: true });
  expect(history.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  history.close();
  await as().delete(`/api/v1/backups/${id}`).expect(204);
  await as().get(`/api/v1/backups/${id}`).expect(404);
});

it("keeps so many, whoever made them, and of a damaged one says so", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push(((await as().post("/api/v1/backups").expect(201)).body as { id: string }).id);
  writeFileSync(join(house.dir, "backups", ids[2] ?? ""), "no archive");
  expect((await as().get("/api/v1/backups").expect(200)).body).toMatchObject({
    backups: [
      { id: ids[2], version: "damaged" },
      { id: ids[1], version: "1.2.3" },
    ],
  });
});

it.each(["..%2Fcore%2Faccounts.json", "skein-1.tar.gz", "%2e%2e"])("hands out no other file: %s", async (id) => {
  const { status, body } = await as().get(`/api/v1/backups/${id}`);
  expect([status, (body as { code: string }).code === "BACKUP_UNKNOWN" || status === 404]).toEqual([404, true]);
});

const bytes = (res: request.Response, done: (error: Error | null, body: Buffer) => void): void => {
  const parts: Buffer[] = [];
  const stream = res as unknown as NodeJS.ReadableStream;
  stream.on("data", (part: Buffer) => parts.push(part));
  stream.on("end", () => done(null, Buffer.concat(parts)));
};
