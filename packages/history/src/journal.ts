/** The journal's table: blocks in, pages out, and never more bytes than it may have. Worker side. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { countOld, EARLIEST_MS } from "./age-clock";
import { type Block, packBlock, unpackBlock } from "./block";
import { gapRow, GONE, goneRow, isOf, marksOf, type JournalRow } from "./journal-rows";
import { raiseCounter, readCounter } from "./schema";
import type { ResidentQuestion } from "./whose";

/** Below it zstd gains nothing. */
const COMPRESS_FROM_BYTES = 512;
/** With a checksum: SQLite has none over what it is given to keep. */
const ZSTD = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
/** What a row of the table costs beside its data. */
const ROW_BYTES = 64;
/** Blocks smaller than the first are put together to ones about as large as the second: they compress far better. */
const SMALL_BYTES = 64 * 1024;
const MERGED_BYTES = 256 * 1024;
/** So few are not worth writing anew. */
const MERGE_FROM_BLOCKS = 8;
/** What one step of merging or deleting may touch, so that it never keeps the worker long. */
const STEP_BLOCKS = 256;
/** These are written anew. */
const STEP_FORGET = 8;

interface StoredBlock {
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly at_min: number;
  readonly at_max: number;
  readonly raw_bytes: number;
  readonly codec: number;
  readonly data: Uint8Array;
}

export interface JournalPage {
  /** The numbers that it stands for. */
  readonly first: number;
  readonly last: number;
  /** As `unpackBlock` reads them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class JournalTable {
  /** Bytes of all blocks, with what a row costs. */
  private size = 0;

  constructor(
    private readonly db: DatabaseSync,
    private readonly maxBytes: number,
  ) {
    this.measure();
  }

  /** Counts its bytes: at the beginning, and after a transaction that failed. */
  measure(): void {
    this.size = Number(this.one(`SELECT total(length(data) + ${ROW_BYTES}) FROM journal`));
  }

  bytes = (): number => this.size;
  /** The highest number that was ever saved. */
  lastSeq = (): number => readCounter(this.db, "seq");
  firstSeq = (): number | undefined => this.one("SELECT min(first) FROM journal") as number | undefined;

  /** Adds a block in the caller's transaction; the oldest go when there are more bytes than allowed. */
  add(block: Block): void {
    this.insert(block);
    raiseCounter(this.db, "seq", block.last);
    while (this.size > this.maxBytes && this.deleteOldest()) continue;
  }

  private insert(block: Block): void {
    const packed = block.bytes.length >= COMPRESS_FROM_BYTES ? zstdCompressSync(block.bytes, ZSTD) : undefined;
    const smaller = packed && packed.length < 0.95 * block.bytes.length ? packed : undefined;
    const data = smaller ?? block.bytes;
    this.db
      .prepare(
        "INSERT INTO journal (first, last, rows, at_min, at_max, raw_bytes, codec, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(block.first, block.last, block.rows, block.atMin, block.atMax, block.bytes.length, smaller ? 1 : 0, data);
    const about = this.db.prepare("INSERT OR IGNORE INTO journal_resident (resident, first) VALUES (?, ?)");
    for (const id of block.residents) about.run(id, block.first);
    this.size += data.length + ROW_BYTES;
  }

  /** The block that has the first row after `seq`. */
  page(after: number): JournalPage | undefined {
    const within = this.block("SELECT * FROM journal WHERE first <= ? ORDER BY first DESC LIMIT 1", after + 1);
    const block =
      within && within.last > after
        ? within
        : this.block("SELECT * FROM journal WHERE first > ? ORDER BY first LIMIT 1", after);
    return block && { first: block.first, last: block.last, bytes: packBlock(rowsOf(block)).bytes };
  }

  /** Number of the first row at or after this time, by the blocks' times; for a replay that begins at a moment. */
  seqAt(at: number): number | undefined {
    const block = this.block("SELECT * FROM journal WHERE at_max >= ? ORDER BY first LIMIT 1", at);
    return block && rowsOf(block).find((row) => row.at >= at)?.seq;
  }

  /** Deletes the oldest block. @returns false when there is none but the newest */
  deleteOldest(): boolean {
    const oldest = this.db.prepare("SELECT first, length(data) AS bytes FROM journal ORDER BY first LIMIT 2").all();
    const [block] = oldest as unknown as { first: number; bytes: number }[];
    if (!block || oldest.length < 2) return false;
    this.delete(block.first, block.bytes);
    return true;
  }

  private delete(first: number, bytes: number): void {
    this.db.prepare("DELETE FROM journal WHERE first = ?").run(first);
    this.db.prepare("DELETE FROM journal_resident WHERE first = ?").run(first);
    this.size -= bytes + ROW_BYTES;
  }

  /** Deletes what is older than `before`, a step's worth. @returns true when there may be more */
  deleteOlder(before: number, now: number): boolean {
    const oldest = this.db
      .prepare("SELECT first, length(data) AS bytes, at_max FROM journal ORDER BY first LIMIT ?")
      .all(STEP_BLOCKS) as unknown as { first: number; bytes: number; at_max: number }[];
    const times = oldest.map(({ at_max: at }) => at);
    const later = "SELECT at_max FROM journal WHERE at_max BETWEEN ? AND ? ORDER BY first LIMIT 1";
    const count = countOld(times, before, now, () => this.one(later, EARLIEST_MS, now) as number | undefined);
    const gone = oldest.slice(0, count);
    for (const block of gone) this.delete(block.first, block.bytes);
    return gone.length === STEP_BLOCKS;
  }

  /** Puts the first run of small blocks after `from` together. @returns where to go on, or undefined when there is nothing to do now */
  merge(from: number): number | undefined {
    const heads = this.db
      .prepare("SELECT first, raw_bytes FROM journal WHERE first > ? ORDER BY first LIMIT ?")
      .all(from, STEP_BLOCKS) as unknown as { first: number; raw_bytes: number }[];
    const begin = heads.findIndex((head) => head.raw_bytes < SMALL_BYTES);
    if (begin === -1) return heads.at(-1)?.first;
    let bytes = 0;
    let end = begin;
    for (let head = heads[end]; head && head.raw_bytes < SMALL_BYTES && bytes < MERGED_BYTES; head = heads[++end])
      bytes += head.raw_bytes;
    const first = heads[begin]?.first ?? 0;
    const last = heads[end - 1]?.first ?? first;
    // The run goes up to the newest block: more will come, and what is merged now would be merged again.
    if (end === heads.length && heads.length < STEP_BLOCKS && bytes < MERGED_BYTES / 2) return undefined;
    if (end - begin < MERGE_FROM_BLOCKS) return last;
    const run = this.db
      .prepare("SELECT * FROM journal WHERE first BETWEEN ? AND ? ORDER BY first")
      .all(first, last) as unknown as StoredBlock[];
    const rows = run.flatMap((block) => rowsOf(block));
    for (const block of run) this.delete(block.first, block.data.length);
    this.insert(packBlock(rows));
    return first;
  }

  /** How many rows are a resident's, and the newest of them. */
  about(resident: ResidentQuestion, limit: number): { count: number; newest: { at: number; what: string }[] } {
    let count = 0;
    const newest: { at: number; what: string }[] = [];
    for (const block of this.blocksAbout(resident, -1)) {
      for (const row of rowsOf(block).toReversed()) {
        if (!isOf(row, resident)) continue;
        count += 1;
        if (newest.length < limit) newest.push({ at: row.at, what: `${row.source} ${row.topic}` });
      }
    }
    return { count, newest };
  }

  /**
   * Leaves of each such row its number and times, some blocks at a time, the newest of those before `before` first.
   * @returns how many rows, and where to go on when not all blocks are done
   */
  forget(resident: ResidentQuestion, before?: number): { count: number; before: number | undefined } {
    let count = 0;
    const blocks = this.blocksAbout(resident, STEP_FORGET, before);
    for (const block of blocks) {
      const rows = rowsOf(block);
      const left = rows.map((row) => (isOf(row, resident) ? goneRow(row) : row));
      count += left.filter((row, at) => row.kind === GONE && rows[at]?.kind !== GONE).length;
      this.delete(block.first, block.data.length);
      this.insert(packBlock(left));
    }
    return { count, before: blocks.length === STEP_FORGET ? blocks.at(-1)?.first : undefined };
  }

  private blocksAbout(
    resident: ResidentQuestion,
    limit: number,
    before: number = Number.MAX_SAFE_INTEGER,
  ): StoredBlock[] {
    const marks = marksOf(resident);
    const about = `SELECT first FROM journal_resident WHERE resident IN (${marks.map(() => "?").join(", ")})`;
    return this.db
      .prepare(`SELECT * FROM journal WHERE first IN (${about}) AND first < ? ORDER BY first DESC LIMIT ?`)
      .all(...marks, before, limit) as unknown as StoredBlock[];
  }

  private block = (sql: string, ...values: SQLInputValue[]): StoredBlock | undefined =>
    this.db.prepare(sql).get(...values) as unknown as StoredBlock | undefined;

  private one(sql: string, ...values: SQLInputValue[]): unknown {
    return Object.values(this.db.prepare(sql).get(...values) ?? {})[0] ?? undefined;
  }
}

/** Of a block whose bytes have gone bad on the disk a gap is left: one bad sector is no reason to refuse all the rest. */
function rowsOf(block: StoredBlock): JournalRow[] {
  try {
    return unpackBlock(block.first, block.codec === 1 ? zstdDecompressSync(block.data) : block.data);
  } catch {
    return [gapRow({ from: block.first, to: block.last }, block.at_min, 0)];
  }
}
