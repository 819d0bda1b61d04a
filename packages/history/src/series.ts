/**
 * Metric series in the file. A sample changes three blocks (rollup.ts), and writing three blocks for each would wear a disk out: the
 * samples of a commit go as one row into `sample_log`; changed blocks are kept in memory and written some minutes later in
 * one transaction that empties the log. After a crash the log is played into the blocks again. Worker side.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  addSample,
  type Bucket,
  type Buckets,
  blockMs,
  blockOf,
  eachPacked,
  type Level,
  LEVELS,
  mergeInto,
  packBuckets,
  unpackBuckets,
} from "./rollup";
import type { SampleBatch, SeriesQuestion, SeriesReply } from "./protocol";
import { chooseStep } from "./steps";
import { inTransaction } from "./transaction";

/** Room for the block's number: 16 million blocks of 20 minutes are six hundred years. */
const BLOCKS_PER_SERIES = 2 ** 24;
/** Times of a series that are remembered, to know a sample that comes twice. */
const REMEMBERED_TIMES = 32;
/** Doubles a sample takes in the log. */
const SAMPLE_DOUBLES = 3;

interface SeriesRow {
  readonly id: number;
  readonly subject: string;
  readonly name: string;
}

export class SeriesTables {
  private readonly ids = new Map<string, number>();
  private readonly recent = new Map<number, number[]>();
  /** Changed and not yet written, by level and block id. */
  private readonly dirty = LEVELS.map(() => new Map<number, Buckets>());
  private readonly statements: readonly { read: StatementSync; write: StatementSync }[];
  private logged = 0;

  constructor(
    private readonly db: DatabaseSync,
    now: number,
  ) {
    this.statements = LEVELS.map(({ table }) => ({
      read: db.prepare(`SELECT data FROM ${table} WHERE id = ?`),
      write: db.prepare(
        `INSERT INTO ${table} (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data`,
      ),
    }));
    this.measure();
    for (const { data } of db.prepare("SELECT data FROM sample_log ORDER BY id").iterate() as Iterable<{
      data: Uint8Array;
    }>)
      this.apply(new Float64Array(new Uint8Array(data).buffer), now);
  }

  /** Writes the samples to the log, in the caller's transaction. @returns what `apply` takes once that is committed */
  log({ keys, values }: SampleBatch): Float64Array {
    const ids = keys.map(({ subject, name }) => this.idOf(subject, name));
    const doubles = Float64Array.from(values, (value, at) => (at % SAMPLE_DOUBLES === 0 ? (ids[value] ?? 0) : value));
    this.db.prepare("INSERT INTO sample_log (data) VALUES (?)").run(new Uint8Array(doubles.buffer));
    this.logged += doubles.length / SAMPLE_DOUBLES;
    return doubles;
  }

  /** Takes samples (series, at, value) into the blocks in memory. One that came before is left out; a late one finds its place where there still is one. */
  apply(doubles: Float64Array, now: number): void {
    for (let at = 0; at + SAMPLE_DOUBLES <= doubles.length; at += SAMPLE_DOUBLES) {
      const [series, time, value] = doubles.subarray(at, at + SAMPLE_DOUBLES) as unknown as [number, number, number];
      if (this.cameBefore(series, time)) continue;
      for (const [index, level] of LEVELS.entries())
        if (time >= now - level.keepMs)
          addSample(this.changing(index, series, blockOf(level, time)), level, time, value);
    }
  }

  /** Samples in the log. */
  waiting = (): number => this.logged;

  /** Writes all changed blocks and empties the log. */
  save(): void {
    inTransaction(this.db, () => {
      for (const [index, blocks] of this.dirty.entries())
        for (const [id, buckets] of blocks) this.statements[index]?.write.run(id, packBuckets(buckets));
      this.db.exec("DELETE FROM sample_log");
    });
    for (const blocks of this.dirty) blocks.clear();
    this.logged = 0;
  }

  query({ subject, from, to, stepMs: asked, names, now }: SeriesQuestion): SeriesReply {
    const { level, stepMs } = chooseStep(from, to, now, asked);
    const rows = this.db.prepare("SELECT id, name FROM series WHERE subject = ? ORDER BY name").all(subject);
    const series = (rows as unknown as SeriesRow[])
      .filter(({ name }) => !names || names.includes(name))
      .map(({ id, name }) => ({ name, points: this.points(id, level, stepMs, from, to) }));
    return { from, to, stepMs, series };
  }

  /** Deletes blocks of a level that end before `before`, of the series after the given one. @returns the last series looked at, or undefined at the end */
  deleteOlder(level: Level, before: number, afterSeries: number): number | undefined {
    const some = this.db.prepare("SELECT id FROM series WHERE id > ? ORDER BY id LIMIT 50").all(afterSeries);
    const remove = this.db.prepare(`DELETE FROM ${level.table} WHERE id >= ? AND id < ?`);
    for (const { id } of some as unknown as SeriesRow[])
      remove.run(id * BLOCKS_PER_SERIES, id * BLOCKS_PER_SERIES + blockWithin(level, before));
    return (some.at(-1) as SeriesRow | undefined)?.id;
  }

  /** The subject's series and all their points; call `save` before. @returns how many series */
  forget(subject: string): number {
    const rows = this.db.prepare("SELECT id, subject, name FROM series WHERE subject = ?").all(subject);
    for (const { id, name } of rows as unknown as SeriesRow[]) {
      for (const { table } of LEVELS)
        this.db
          .prepare(`DELETE FROM ${table} WHERE id >= ? AND id < ?`)
          .run(id * BLOCKS_PER_SERIES, (id + 1) * BLOCKS_PER_SERIES);
      this.db.prepare("DELETE FROM series WHERE id = ?").run(id);
      this.ids.delete(keyOf(subject, name));
      this.recent.delete(id);
    }
    return rows.length;
  }

  about = (subject: string): string[] =>
    (this.db.prepare("SELECT name FROM series WHERE subject = ?").all(subject) as unknown as SeriesRow[]).map(
      ({ name }) => name,
    );

  /** Reads which series there are, and counts what is in the log: at the beginning, and after a transaction that failed. */
  measure(): void {
    this.ids.clear();
    for (const row of this.db.prepare("SELECT id, subject, name FROM series").all() as unknown as SeriesRow[])
      this.ids.set(keyOf(row.subject, row.name), row.id);
    const { bytes } = this.db.prepare("SELECT total(length(data)) AS bytes FROM sample_log").get() as { bytes: number };
    this.logged = bytes / Float64Array.BYTES_PER_ELEMENT / SAMPLE_DOUBLES;
  }

  private idOf(subject: string, name: string): number {
    const known = this.ids.get(keyOf(subject, name));
    if (known !== undefined) return known;
    const made = this.db.prepare("INSERT INTO series (subject, name) VALUES (?, ?)").run(subject, name);
    const id = Number(made.lastInsertRowid);
    this.ids.set(keyOf(subject, name), id);
    return id;
  }

  private cameBefore(series: number, at: number): boolean {
    const times = this.recent.get(series);
    if (!times) this.recent.set(series, [at]);
    else if (times.includes(at)) return true;
    else if (times.push(at) > REMEMBERED_TIMES) times.shift();
    return false;
  }

  /** The block, in memory from now on until it is saved. */
  private changing(index: number, series: number, block: number): Buckets {
    const id = series * BLOCKS_PER_SERIES + block;
    const blocks = this.dirty[index] as Map<number, Buckets>;
    const known = blocks.get(id);
    if (known) return known;
    const stored = this.statements[index]?.read.get(id) as { data: Uint8Array } | undefined;
    const buckets = stored ? unpackBuckets(stored.data) : [];
    blocks.set(id, buckets);
    return buckets;
  }

  /** `at, mean, min, max` of each point that has samples, one after the other. */
  private points(series: number, level: Level, stepMs: number, from: number, to: number): Float64Array<ArrayBuffer> {
    const base = series * BLOCKS_PER_SERIES;
    const begin = Math.floor(from / stepMs) * stepMs;
    const points: number[] = [];
    const point: Bucket = { count: 0, mean: 0, min: 0, max: 0 };
    let pointAt = begin;
    const finish = () => {
      if (point.count > 0) points.push(pointAt, point.mean, point.min, point.max);
      point.count = 0;
    };
    for (const [block, buckets] of this.blocks(level, base, blockWithin(level, begin), blockWithin(level, to))) {
      const visit = (slot: number, bucket: Bucket) => {
        const at = block * blockMs(level) + slot * level.stepMs;
        if (at < begin || at > to) return;
        const due = Math.floor(at / stepMs) * stepMs;
        if (due !== pointAt) {
          finish();
          pointAt = due;
        }
        mergeInto(point, bucket);
      };
      if (buckets instanceof Uint8Array) eachPacked(buckets, visit);
      else buckets.forEach((bucket, slot) => bucket && visit(slot, bucket));
    }
    finish();
    return Float64Array.from(points);
  }

  /** Stored blocks and those in memory, which are newer, in order of time. */
  private *blocks(level: Level, base: number, first: number, last: number): Iterable<[number, Uint8Array | Buckets]> {
    const changed = this.dirty[LEVELS.indexOf(level)] as Map<number, Buckets>;
    const stored = this.db
      .prepare(`SELECT id, data FROM ${level.table} WHERE id BETWEEN ? AND ? ORDER BY id`)
      .all(base + first, base + last) as unknown as { id: number; data: Uint8Array }[];
    const inMemory = [...changed.keys()].filter((id) => id >= base + first && id <= base + last);
    if (inMemory.length === 0) {
      for (const { id, data } of stored) yield [id - base, data];
      return;
    }
    const all = new Map<number, Uint8Array | Buckets>(stored.map(({ id, data }) => [id, data]));
    for (const id of inMemory) all.set(id, changed.get(id) ?? []);
    for (const id of [...all.keys()].toSorted((a, b) => a - b)) yield [id - base, all.get(id) ?? []];
  }
}

/** A time that somebody names may lie anywhere; it must not reach into the blocks of the series beside this one. */
const blockWithin = (level: Level, at: number): number =>
  Math.min(Math.max(blockOf(level, at), 0), BLOCKS_PER_SERIES - 1);

const keyOf = (subject: string, name: string): string => `${subject}\n${name}`;
