/** What is kept of notices, in a real folder: how many, and what becomes of them while the disk takes nothing. */
import { mkdirSync, rmdirSync } from "node:fs";
import { FakeClock, silentLogger } from "@skein/kit";
import { eventually } from "../../../../test/support/eventually";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import type { NoticeRecord } from "./record";
import { MAX_NOTICES, openNoticeStore } from "./store";

let dir: TempDir;
let clock: FakeClock;
beforeEach(() => {
  dir = tempDir("skein-notices-");
  clock = new FakeClock();
});
afterEach(() => dir.remove());

const open = () => openNoticeStore(dir.join("notices.json"), { clock, logger: silentLogger });
const notice = (id: string): NoticeRecord => ({
  id,
  at: 0,
  severity: "alarm",
  text: id,
  actions: [],
  sent: {},
  pending: [],
});
const kept = () => open().list.map(({ id }) => id);
/** In the place of the file that is written beside the document. */
const inTheWay = () => dir.join(`notices.json.${process.pid}.next`);

it("is the newest, over a restart too", async () => {
  const store = open();
  await Promise.all(Array.from({ length: MAX_NOTICES + 5 }, (_, n) => store.add(notice(`n${n}`))));
  expect(kept()).toEqual(Array.from({ length: MAX_NOTICES }, (_, n) => `n${n + 5}`));
  expect(() => store.get("n4")).toThrow(expect.objectContaining({ code: "NOTICE_UNKNOWN" }) as Error);
});

it("is in memory while the disk takes nothing, and written a minute after it does again", async () => {
  const store = open();
  mkdirSync(inTheWay());
  await store.add(notice("a"));
  await store.change("a", (before) => ({ ...before, dismissedAt: 7 }));
  expect(store.list).toMatchObject([{ id: "a", dismissedAt: 7 }]);
  await expect(store.flush()).rejects.toMatchObject({ code: "DOCUMENT_UNWRITABLE" });
  expect(kept()).toEqual([]);
  await clock.advance(60_000);
  rmdirSync(inTheWay());
  await clock.advance(60_000);
  await eventually(() => expect(open().list).toMatchObject([{ id: "a", dismissedAt: 7 }]));
});

it("is tried once more at the end", async () => {
  const store = open();
  mkdirSync(inTheWay());
  await store.add(notice("a"));
  rmdirSync(inTheWay());
  await store.close();
  expect(kept()).toEqual(["a"]);
});
