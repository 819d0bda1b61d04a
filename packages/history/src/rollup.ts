/**
 * Buckets of one series and one step: mean weighted by count, least, most and count of the samples that fell into each. Pure.
 * A stretch of neighbouring buckets is stored as one byte string, 16 bytes a bucket that has samples: slot (u16), count (u16,
 * stays at its most), mean, least and most (f32, seven digits). A row a bucket would take three times the room, and a year's graph ten times the time.
 */
export interface Level {
  readonly table: "rollup_10s" | "rollup_1min" | "rollup_15min";
  readonly stepMs: number;
  /** How many buckets lie in one stored block. */
  readonly slots: number;
  /** How long they are kept, ms. */
  readonly keepMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Finest first. */
export const LEVELS: readonly Level[] = [
  { table: "rollup_10s", stepMs: 10_000, slots: 120, keepMs: DAY_MS },
  { table: "rollup_1min", stepMs: 60_000, slots: 120, keepMs: 31 * DAY_MS },
  { table: "rollup_15min", stepMs: 900_000, slots: 96, keepMs: 2 * 366 * DAY_MS },
];

const BUCKET_BYTES = 16;
const MAX_COUNT = 0xffff;

export const blockMs = (level: Level): number => level.stepMs * level.slots;
/** Number of the block that a time falls into. */
export const blockOf = (level: Level, at: number): number => Math.floor(at / blockMs(level));

export interface Bucket {
  count: number;
  mean: number;
  min: number;
  max: number;
}

/** Takes `more` into a bucket. */
export function mergeInto(bucket: Bucket, more: Bucket): void {
  if (more.count === 0) return;
  const count = bucket.count + more.count;
  bucket.mean = bucket.count === 0 ? more.mean : bucket.mean + (more.mean - bucket.mean) * (more.count / count);
  bucket.min = bucket.count === 0 ? more.min : Math.min(bucket.min, more.min);
  bucket.max = bucket.count === 0 ? more.max : Math.max(bucket.max, more.max);
  bucket.count = count;
}

/** The buckets of one block, by slot; holes are undefined. */
export type Buckets = (Bucket | undefined)[];

export function addSample(buckets: Buckets, level: Level, at: number, value: number): void {
  const slot = Math.floor(at / level.stepMs) - blockOf(level, at) * level.slots;
  const sample = { count: 1, mean: value, min: value, max: value };
  const bucket = buckets[slot];
  if (bucket) mergeInto(bucket, sample);
  else buckets[slot] = sample;
}

export function packBuckets(buckets: Buckets): Uint8Array {
  const filled = Object.entries(buckets).filter((entry): entry is [string, Bucket] => entry[1] !== undefined);
  const bytes = Buffer.alloc(filled.length * BUCKET_BYTES);
  for (const [at, [slot, bucket]] of filled.entries()) {
    const start = at * BUCKET_BYTES;
    bytes.writeUInt16LE(Number(slot), start);
    bytes.writeUInt16LE(Math.min(MAX_COUNT, bucket.count), start + 2);
    bytes.writeFloatLE(bucket.mean, start + 4);
    bytes.writeFloatLE(bucket.min, start + 8);
    bytes.writeFloatLE(bucket.max, start + 12);
  }
  return bytes;
}

/** Calls with each bucket that has samples, in order. The bucket object is used again for the next. */
export function eachPacked(bytes: Uint8Array, visit: (slot: number, bucket: Bucket) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bucket: Bucket = { count: 0, mean: 0, min: 0, max: 0 };
  for (let start = 0; start + BUCKET_BYTES <= bytes.length; start += BUCKET_BYTES) {
    bucket.count = view.getUint16(start + 2, true);
    bucket.mean = view.getFloat32(start + 4, true);
    bucket.min = view.getFloat32(start + 8, true);
    bucket.max = view.getFloat32(start + 12, true);
    visit(view.getUint16(start, true), bucket);
  }
}

export function unpackBuckets(bytes: Uint8Array): Buckets {
  const buckets: Buckets = [];
  eachPacked(bytes, (slot, bucket) => (buckets[slot] = { ...bucket }));
  return buckets;
}
