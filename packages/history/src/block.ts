/**
 * A block is how journal rows travel to the worker and lie in the file: packed one after the other into one byte string, so
 * that five thousand messages a second cost the owner's event loop a copy and SQLite a row a batch. Each row:
 *
 *     u32 seq - first   f64 at   f64 monotonicMs   u32 payload   u16 topic   u16 residents   u8 source   u8 kind   (lengths)
 *     source kind topic residents (UTF-8, residents with commas between)   payload
 */
import { type JournalRow, lastOf } from "./journal-rows";

const HEADER_BYTES = 30;

export interface Block {
  /** Number of the first row, and the last one that the last row stands for. */
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  /** Wall-clock times, ms: the least and the most. */
  readonly atMin: number;
  readonly atMax: number;
  readonly residents: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An upper bound of what a row takes in a block: a character of ours has at most 3 bytes in UTF-8. */
export const packedBytes = (row: Omit<JournalRow, "seq">): number =>
  HEADER_BYTES +
  3 * (row.source.length + row.kind.length + row.topic.length) +
  row.residents.reduce((sum, id) => sum + 3 * id.length + 1, 0) +
  row.payload.byteLength;

/** @throws RangeError for no rows, or a name that is too long */
export function packBlock(rows: readonly JournalRow[]): Block {
  const head = rows[0];
  if (!head) throw new RangeError("a block has at least one row");
  const buffer = Buffer.from(new ArrayBuffer(rows.reduce((sum, row) => sum + packedBytes(row), 0)));
  const residents = new Set<string>();
  let end = 0;
  let atMin = Infinity;
  let atMax = -Infinity;
  for (const row of rows) {
    end = packRow(buffer, end, row, head.seq);
    for (const id of row.residents) residents.add(id);
    if (row.at < atMin) atMin = row.at;
    if (row.at > atMax) atMax = row.at;
  }
  const bytes = new Uint8Array(buffer.buffer, 0, end) as Uint8Array<ArrayBuffer>;
  const last = lastOf(rows.at(-1) ?? head);
  return { first: head.seq, last, rows: rows.length, atMin, atMax, residents: [...residents], bytes };
}

function packRow(buffer: Buffer, start: number, row: JournalRow, first: number): number {
  let end = start + HEADER_BYTES;
  const text = (value: string): number => {
    const length = buffer.write(value, end, "utf8");
    end += length;
    return length;
  };
  const source = text(row.source);
  const kind = text(row.kind);
  const topic = text(row.topic);
  const residents = row.residents.length === 0 ? 0 : text(row.residents.join(","));
  buffer.set(row.payload, end);
  buffer.writeUInt32LE(row.seq - first, start);
  buffer.writeDoubleLE(row.at, start + 4);
  buffer.writeDoubleLE(row.monotonicMs, start + 12);
  buffer.writeUInt32LE(row.payload.byteLength, start + 20);
  buffer.writeUInt16LE(topic, start + 24);
  buffer.writeUInt16LE(residents, start + 26);
  buffer.writeUInt8(source, start + 28);
  buffer.writeUInt8(kind, start + 29);
  return end + row.payload.byteLength;
}

/** The rows of a block, in order. Payloads are views of `bytes`. @throws RangeError when `bytes` is no block */
export function unpackBlock(first: number, bytes: Uint8Array): JournalRow[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: JournalRow[] = [];
  for (let at = 0; at < buffer.length;) {
    const start = at;
    at += HEADER_BYTES;
    const text = (length: number): string => buffer.toString("utf8", at, (at += length));
    const payloadBytes = buffer.readUInt32LE(start + 20);
    const source = text(buffer.readUInt8(start + 28));
    const kind = text(buffer.readUInt8(start + 29));
    const topic = text(buffer.readUInt16LE(start + 24));
    const residents = text(buffer.readUInt16LE(start + 26));
    if (at + payloadBytes > buffer.length) throw new RangeError("a block of the journal ends too early");
    rows.push({
      seq: first + buffer.readUInt32LE(start),
      at: buffer.readDoubleLE(start + 4),
      monotonicMs: buffer.readDoubleLE(start + 12),
      source,
      kind,
      topic,
      residents: residents === "" ? [] : residents.split(","),
      payload: new Uint8Array(buffer.buffer, buffer.byteOffset + at, payloadBytes),
    });
    at += payloadBytes;
  }
  return rows;
}
