import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createHash } from "node:crypto";
import { create } from "tar";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { restoreBackup } from "./restore";
import { backupsDir, writeBackup } from "./write-backup";

let dir: TempDir;
const NOW = Date.UTC(2026, 10, 25, 5, 25, 19);
beforeEach(() => (dir = tempDir("skein-backup-")));
afterEach(() => dir.remove());

const put = (path: string, text: string) => {
  mkdirSync(dirname(dir.join(path)), { recursive: true });
  writeFileSync(dir.join(path), text);
};
const read = (path: string) => readFileSync(dir.join(path), "utf8");
const restore = (file: string, more: object = {}) =>
  restoreBackup({ file, dataDir: dir.join("new"), version: "0.1.0", now: NOW, replace: false, ...more });
async function house(): Promise<string> {
  put("old/core/accounts.json", '{"accounts":[]}');
  put("old/core/epoch", "7\n");
  put("old/core/sessions.json", "who is logged in");
  put("old/flows/flows.json", "[]");
  put("old/flows/node_modules/x/index.js", "installed anew");
  put("old/secrets/bus-users.json", "{}");
  put("old/logs/core.log", "no part of it");
  symlinkSync("/etc/passwd", dir.join("old/core/link.json"));
  const id = await writeBackup({
    dataDir: dir.join("old"),
    version: "0.1.0",
    now: () => NOW,
    backupHistory: (file) => Promise.resolve(writeFileSync(file, "history")),
  });
  return `${backupsDir(dir.join("old"))}/${id}`;
}

it("brings a house back: documents, flows, secrets and history, and nothing that is of yesterday", async () => {
  const file = await house();
  expect(readdirSync(dir.join("old/backups"))).toEqual(["skein-20261125T052519000Z.tar.gz"]);
  // Of a restore that was killed; no process has such a number.
  put("new.restoring-999999999/secrets/bus-users.json", "{}");
  const { manifest } = await restore(file);
  expect(manifest.files.map(({ path }) => path)).toEqual([
    "core/accounts.json",
    "core/epoch",
    "flows/flows.json",
    "secrets/bus-users.json",
    "history/history.db",
  ]);
  expect([read("new/core/accounts.json"), read("new/flows/flows.json"), read("new/history/history.db")]).toEqual([
    '{"accounts":[]}',
    "[]",
    "history",
  ]);
  expect(Number(read("new/core/epoch"))).toBe(Math.floor(NOW / 1000));
  expect(readdirSync(dir.path).toSorted()).toEqual(["new", "old"]);
});

it("takes away what one that was killed left half done", async () => {
  put("old/backups/.making-skein-20261124T052519000Z.tar.gz/core/accounts.json", "{}");
  put("old/backups/.packing-skein-20261124T052519000Z.tar.gz", "half");
  await house();
  expect(readdirSync(dir.join("old/backups"))).toEqual(["skein-20261125T052519000Z.tar.gz"]);
});

it("leaves a directory alone that is not empty, unless it is to be put aside", async () => {
  const file = await house();
  put("new/mine", "precious");
  await expect(restore(file)).rejects.toMatchObject({ code: "DATA_DIR_NOT_EMPTY" });
  expect(read("new/mine")).toBe("precious");
  const { aside } = await restore(file, { replace: true });
  expect(readFileSync(`${aside ?? ""}/mine`, "utf8")).toBe("precious");
  expect(existsSync(dir.join("new/mine"))).toBe(false);
});

it("does nothing with a backup of a newer Skein, a cut one, or one with a byte changed", async () => {
  const file = await house();
  await expect(restore(file, { version: "0.0.9" })).rejects.toMatchObject({ code: "BACKUP_TOO_NEW" });
  // A later form, of which nothing more is known than that it is one.
  put("later/manifest.json", JSON.stringify({ format: 2, version: "0.1.7", createdAt: NOW, parts: [] }));
  await create({ file: dir.join("later.tgz"), gzip: true, cwd: dir.join("later") }, ["manifest.json"]);
  await expect(restore(dir.join("later.tgz"))).rejects.toMatchObject({
    code: "BACKUP_TOO_NEW",
    message: expect.stringContaining("0.1.7"),
  });
  const bytes = readFileSync(file);
  writeFileSync(dir.join("cut"), bytes.subarray(0, bytes.length - 40));
  await expect(restore(dir.join("cut"))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
  await expect(restore(dir.join("nothing"))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
  expect(readdirSync(dir.path).toSorted()).toEqual(["cut", "later", "later.tgz", "old"]);
});

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
it.each([
  ["a path that leads out", "../evil", "evil", sha256("evil")],
  ["other words than were summed", "core/x.json", "evil", sha256("good")],
])("takes no archive with %s", async (_what, path, text, sum) => {
  put(
    "forged/in/manifest.json",
    JSON.stringify({ format: 1, version: "0.1.0", createdAt: 0, files: [{ path, bytes: 4, sha256: sum }] }),
  );
  put(`forged/in/${path}`, text);
  await create({ file: dir.join("bad.tgz"), gzip: true, cwd: dir.join("forged/in"), preservePaths: true }, [
    "manifest.json",
    path,
  ]);
  await expect(restore(dir.join("bad.tgz"))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
  expect(existsSync(dir.join("evil"))).toBe(false);
  expect(existsSync(dir.join("new"))).toBe(false);
});

it("takes no archive with a link in the place of a file", async () => {
  put(
    "forged/manifest.json",
    JSON.stringify({
      format: 1,
      version: "0.1.0",
      createdAt: 0,
      files: [{ path: "kind", bytes: 0, sha256: sha256("") }],
    }),
  );
  symlinkSync("/etc/passwd", dir.join("forged/kind"));
  await create({ file: dir.join("bad.tgz"), gzip: true, cwd: dir.join("forged") }, ["manifest.json", "kind"]);
  await expect(restore(dir.join("bad.tgz"))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
});
