/**
 * The notices that are kept, newest last: one document, and a file for each picture, which goes with its notice. A disk that takes nothing
 * keeps no alarm from being told: the notice then is in memory alone, and is written as soon as that can be done.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  defineDocument,
  messageOf,
  openDocument,
  SkeinError,
  type CancelTimer,
  type Clock,
  type Logger,
} from "@skein/kit";
import { z } from "zod";
import { noticeRecord, type NoticeRecord } from "./record";

export const MAX_NOTICES = 200;
/** Of 256 KiB each at most: 12.5 MiB. */
export const MAX_PICTURES = 50;
/** What could not be written is tried again after so long, ms. */
const AGAIN_MS = 60_000;

export const noticesDocument = defineDocument({
  name: "notices.json",
  schema: z.object({ notices: z.array(noticeRecord) }),
  empty: { notices: [] },
});

export const noticeUnknown = (id: string): SkeinError =>
  new SkeinError("NOTICE_UNKNOWN", `no notice "${id}" is kept; the last ${MAX_NOTICES} are.`);

export interface NoticeStore {
  readonly list: readonly NoticeRecord[];
  /** @throws SkeinError NOTICE_UNKNOWN */
  get(id: string): NoticeRecord;
  /** Without its picture when the disk does not take that. Never fails for the disk. */
  add(notice: NoticeRecord, picture?: Buffer): Promise<NoticeRecord>;
  /** Never fails for the disk. @throws SkeinError NOTICE_UNKNOWN, and what `change` throws */
  change(id: string, change: (notice: NoticeRecord) => NoticeRecord): Promise<NoticeRecord>;
  /** Resolves when all is on the disk. @throws SkeinError DOCUMENT_UNWRITABLE */
  flush(): Promise<void>;
  /** Undefined when it has none, or it is gone. */
  picture(id: string): Promise<Buffer | undefined>;
  /** Tries once more to write what is not written. */
  close(): Promise<void>;
}

/** @param file the document; the pictures lie in a folder beside it. @throws SkeinError DOCUMENT_UNREADABLE */
export function openNoticeStore(
  file: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): NoticeStore {
  const document = openDocument({ file, ...noticesDocument });
  let notices: readonly NoticeRecord[] = document.value.notices;
  let cancelAgain: CancelTimer | undefined;
  const folder = join(dirname(file), "notice-pictures");
  const pathOf = (id: string) => join(folder, id);
  const get = (id: string): NoticeRecord => {
    const found = notices.find((notice) => notice.id === id);
    if (!found) throw noticeUnknown(id);
    return found;
  };
  // What a death left behind between a picture and its notice.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const wanted = new Set(notices.flatMap(({ id, picture }) => (picture ? [id] : [])));
  for (const name of readdirSync(folder)) if (!wanted.has(name)) rmSync(pathOf(name), { recursive: true, force: true });

  const flush = async (): Promise<void> => {
    // Written as they are when it is their turn: of many changes at once the last one is enough.
    await document.update((value) => (value.notices === notices ? value : { notices: notices as NoticeRecord[] }));
    if (cancelAgain) logger.info("notices are written again");
    cancelAgain?.();
    cancelAgain = undefined;
  };
  const save = (): Promise<void> =>
    flush().catch((error: unknown) => {
      if (!cancelAgain)
        logger.error({ err: error }, `notices are told, and kept in memory alone for now: ${messageOf(error)}`);
      cancelAgain?.();
      cancelAgain = clock.setTimer(() => void save(), AGAIN_MS, { unref: true });
    });

  return {
    get list() {
      return notices;
    },
    get,
    async add(notice, picture) {
      const saved = picture && notice.picture ? await savePicture(folder, pathOf(notice.id), picture) : false;
      const { picture: _picture, ...bare } = notice;
      const before = notices;
      notices = withFewerPictures([...notices, saved ? notice : bare].slice(-MAX_NOTICES));
      const still = new Set(notices.flatMap(({ id, picture: of }) => (of ? [id] : [])));
      const added = get(notice.id);
      await save();
      for (const { id, picture: of } of before) if (of && !still.has(id)) await rm(pathOf(id), { force: true });
      return added;
    },
    async change(id, change) {
      const before = get(id);
      const after = change(before);
      if (after === before) return before;
      notices = notices.map((each) => (each === before ? after : each));
      await save();
      return after;
    },
    flush,
    async picture(id) {
      return get(id).picture === undefined ? undefined : readFile(pathOf(id)).catch(() => undefined);
    },
    async close() {
      if (!cancelAgain) return;
      await save();
      cancelAgain?.();
    },
  };
}

async function savePicture(folder: string, path: string, bytes: Buffer): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, bytes, { mode: 0o600 });
    return true;
  } catch {
    // What it says matters more than what it shows; a full disk is self-care's to tell.
    return false;
  }
}

function withFewerPictures(notices: readonly NoticeRecord[]): NoticeRecord[] {
  const newest = new Set(
    notices
      .filter(({ picture }) => picture)
      .slice(-MAX_PICTURES)
      .map(({ id }) => id),
  );
  return notices.map((notice) => {
    if (!notice.picture || newest.has(notice.id)) return notice;
    const { picture: _picture, ...bare } = notice;
    return bare;
  });
}
