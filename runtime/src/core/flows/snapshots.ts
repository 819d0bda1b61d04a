/**
 * The flows as they were, in `<dataDir>/core/snapshots/`: an index, and each set of flows once, gzipped, named by its hash. Node-RED gives
 * its flows without credentials, so that none are in here.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { flowNode, snapshotView, type FlowNode, type SnapshotView } from "@skein/contracts";
import { defineDocument, openDocument, SkeinError, type Clock, type IdSource } from "@skein/kit";
import { z } from "zod";
import type { Signed } from "../registry/residents";
import { keep } from "./keep";

const record = z.strictObject({
  ...snapshotView.omit({ current: true }).shape,
  /** Of the flows: their file's name. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
type Snapshot = z.output<typeof record>;
export const snapshotsDocument = defineDocument({
  name: "snapshots/index.json",
  schema: z.strictObject({ version: z.literal(1), snapshots: z.array(record) }),
  empty: { version: 1, snapshots: [] },
});

export interface TakenFrom {
  readonly flows: readonly FlowNode[];
  readonly rev: string;
  /** Ms. */
  readonly at: number;
  readonly by?: string | undefined;
  readonly note?: string | undefined;
}

export interface Snapshots extends Signed {
  /** Newest first. */
  list(): SnapshotView[];
  /** The revision that the last one was of. */
  readonly latestRev: string | undefined;
  /** @throws SkeinError SNAPSHOT_UNKNOWN */
  view(id: string): SnapshotView;
  /** @throws SkeinError SNAPSHOT_UNKNOWN, SNAPSHOT_UNREADABLE */
  read(id: string): Promise<FlowNode[]>;
  /**
   * Takes one, as that of the flows that run. Where nobody was known to have made the last one and it is of the same flows, that one is
   * told who it was instead. @throws SkeinError DOCUMENT_UNWRITABLE, and what node:fs throws
   */
  take(what: TakenFrom): Promise<void>;
}

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openSnapshots(dir: string, { clock, ids }: { clock: Pick<Clock, "now">; ids: IdSource }): Snapshots {
  const document = openDocument({ file: join(dir, basename(snapshotsDocument.name)), ...snapshotsDocument });
  const all = (): readonly Snapshot[] => document.value.snapshots;
  const find = (id: string): Snapshot => {
    const found = all().find((each) => each.id === id);
    if (!found)
      throw new SkeinError("SNAPSHOT_UNKNOWN", "there is no such snapshot; it may have been too old to keep.");
    return found;
  };
  const viewOf = ({ hash: _hash, ...snapshot }: Snapshot): SnapshotView => ({
    ...snapshot,
    current: snapshot.id === all().at(-1)?.id,
  });
  const fileOf = (hash: string): string => join(dir, `${hash}.json.gz`);
  const removeUnused = async (): Promise<void> => {
    const used = new Set(all().map(({ hash }) => `${hash}.json.gz`));
    for (const name of await readdir(dir))
      // Also what a crash left half written.
      if (/\.json\.gz(\.next)?$/.test(name) && !used.has(name)) await rm(join(dir, name), { force: true });
  };
  return {
    list: () => all().map(viewOf).toReversed(),
    get latestRev() {
      return all().at(-1)?.rev;
    },
    view: (id) => viewOf(find(id)),
    async read(id) {
      const { hash } = find(id);
      try {
        const text = (await unpack(await readFile(fileOf(hash)))).toString();
        if (hashOf(text) !== hash) throw new Error("its content is not what was written");
        return z.array(flowNode).parse(JSON.parse(text));
      } catch (cause) {
        throw new SkeinError("SNAPSHOT_UNREADABLE", "this snapshot is damaged or gone from the disk.", { cause });
      }
    },
    async take({ flows, rev, at, by, note }) {
      const text = JSON.stringify(flows);
      const hash = hashOf(text);
      const packed = await pack(text);
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await writeWhole(fileOf(hash), packed);
      const about = { at, rev, hash, ...(by !== undefined && { by }), ...(note !== undefined && { note }) };
      const size = {
        tabs: flows.filter(({ type }) => type === "tab").length,
        nodes: flows.filter(({ type }) => type !== "tab").length,
        bytes: packed.length,
      };
      await document.update(({ snapshots }) => {
        const last = snapshots.at(-1);
        const sameAsLast = last?.rev === rev && last.by === undefined;
        const taken: Snapshot = { ...about, ...size, id: sameAsLast ? last.id : ids() };
        const next = [...(sameAsLast ? snapshots.slice(0, -1) : snapshots), taken];
        return { version: 1, snapshots: keep(next, clock.now(), taken.id) };
      });
      await removeUnused();
    },
    signedBy: (isTheirs) =>
      all()
        .filter(({ by, at }) => isTheirs(by, at))
        .map(({ at }) => ({ at, where: "snapshots", what: "flows were deployed" })),
    async unsign(isTheirs) {
      if (!all().some(({ by, at }) => isTheirs(by, at))) return;
      await document.update(({ snapshots }) => ({
        version: 1,
        snapshots: snapshots.map((each) => {
          const { by: _by, ...rest } = each;
          return isTheirs(each.by, each.at) ? rest : each;
        }),
      }));
    },
  };
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The old file or the new one, never half of it. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const aside = `${file}.next`;
  await writeFile(aside, bytes, { mode: 0o600, flush: true });
  await rename(aside, file);
}
