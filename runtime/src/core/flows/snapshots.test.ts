import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createIds, FakeClock, systemRandom } from "@skein/kit";
import { tempDir } from "../../../../test/support/temp-dir";
import { KEPT_MS, keep, MOST_KEPT } from "./keep";
import { openSnapshots } from "./snapshots";

const folder = tempDir("skein-snapshots-");
afterAll(() => folder.remove());
let dirs = 0;
function open(dir = folder.join(String(++dirs))) {
  const clock = new FakeClock();
  return { dir, clock, snapshots: openSnapshots(dir, { clock, ids: createIds(clock, systemRandom) }) };
}
const flows = (...labels: string[]) => labels.map((label) => ({ id: label, type: "tab", label }));
const take = ({ snapshots, clock }: ReturnType<typeof open>, label: string, by?: string) =>
  snapshots.take({ flows: flows(label), rev: `rev of ${label}`, at: clock.now(), by });

it("keeps the flows as they were, newest first, over a restart too", async () => {
  const first = open();
  await take(first, "a", "anna");
  await take(first, "b", "bert");
  const { snapshots } = open(first.dir);
  const [b, a] = snapshots.list();
  expect([b, a]).toMatchObject([
    { rev: "rev of b", by: "bert", current: true, tabs: 1, nodes: 0, bytes: expect.any(Number) },
    { rev: "rev of a", by: "anna", current: false },
  ]);
  expect(await snapshots.read(a?.id ?? "")).toEqual(flows("a"));
  expect(snapshots.latestRev).toBe("rev of b");
});

it("takes one at each deploy, and writes the same flows once", async () => {
  const set = open();
  for (const label of ["a", "b", "a"]) await take(set, label, "anna");
  await take(set, "a", "bert");
  expect(set.snapshots.list().map(({ rev, by }) => `${rev} ${by}`)).toEqual([
    "rev of a bert",
    "rev of a anna",
    "rev of b anna",
    "rev of a anna",
  ]);
  expect(readdirSync(set.dir).filter((name) => name.endsWith(".gz"))).toHaveLength(2);
});

it("learns who it was when it had seen the flows before it was told", async () => {
  const set = open();
  await take(set, "a");
  await take(set, "a", "anna");
  expect(set.snapshots.list()).toMatchObject([{ by: "anna" }]);
});

it("says what is gone or damaged, and gives nothing else for it", async () => {
  const set = open();
  await take(set, "a");
  const [{ id } = { id: "" }] = set.snapshots.list();
  await expect(set.snapshots.read("gone")).rejects.toMatchObject({ code: "SNAPSHOT_UNKNOWN" });
  const [file = ""] = readdirSync(set.dir).filter((name) => name.endsWith(".gz"));
  writeFileSync(join(set.dir, file), "no gzip");
  await expect(set.snapshots.read(id)).rejects.toMatchObject({ code: "SNAPSHOT_UNREADABLE" });
});

it("takes the files of those that are too old off the disk", async () => {
  const set = open();
  await take(set, "old", "anna");
  await set.clock.advance(KEPT_MS + 1);
  await take(set, "new", "anna");
  expect(set.snapshots.list()).toMatchObject([{ rev: "rev of new" }]);
  expect(readdirSync(set.dir).filter((name) => name.endsWith(".gz"))).toHaveLength(1);
});

describe("what stays", () => {
  const many = Array.from({ length: MOST_KEPT + 5 }, (_, at) => ({ id: String(at), at }));
  it("is 200, the newest", () => {
    const left = keep(many, MOST_KEPT, undefined);
    expect([left.length, left[0]?.id]).toEqual([MOST_KEPT, "5"]);
  });
  it("is nothing that is older than 90 days, but for that of the flows that run", () => {
    expect(keep(many, KEPT_MS + 203, "7").map(({ id }) => id)).toEqual(["7", "203", "204"]);
  });
});
