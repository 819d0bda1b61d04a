import type { Clock } from "@skein/kit";
import type { FailureCode } from "./failure";
import type { HistoryHealth } from "./history-types";
import type { Maintenance } from "./maintenance";
import type { Writer } from "./writer";

/** How history is, from what the writer knows: no question to the worker, so that it answers also when that does not. */
export function healthOf(parts: {
  readonly file: string;
  readonly clock: Clock;
  readonly writer: Writer;
  readonly maintenance: Pick<Maintenance, "failed" | "problem">;
  readonly since: number;
  readonly integrity: HistoryHealth["integrity"];
  readonly putAside: string | undefined;
  readonly closed: boolean;
}): HistoryHealth {
  const { file, clock, writer, maintenance, since, integrity, putAside, closed } = parts;
  const { rows, bytes, droppedTelemetry, droppedOther } = writer.journal.state();
  const { failure } = writer;
  const oldest = writer.journal.oldest();
  return {
    state: closed ? "closed" : failure ? "failing" : "ok",
    ...(failure ? { code: failure.code as FailureCode, message: failure.message } : {}),
    since,
    file,
    fileBytes: writer.file.fileBytes,
    journalBytes: writer.file.journalBytes,
    ...(writer.file.firstSeq === undefined ? {} : { firstSeq: writer.file.firstSeq }),
    savedSeq: writer.savedSeq,
    oldestWaitingMs: oldest ? clock.monotonic() - oldest.monotonicMs : 0,
    waiting: {
      rows,
      bytes,
      events: writer.events.size(),
      samples: writer.samples.size(),
      verdicts: writer.verdicts.size(),
    },
    dropped: {
      telemetry: droppedTelemetry,
      other: droppedOther,
      events: writer.events.dropped(),
      samples: writer.samples.dropped(),
      verdicts: writer.verdicts.dropped(),
    },
    commitMs: writer.commitMs,
    maintenance: {
      failed: maintenance.failed,
      ...(maintenance.problem === undefined ? {} : { problem: maintenance.problem }),
    },
    integrity,
    ...(putAside === undefined ? {} : { putAside }),
  };
}
