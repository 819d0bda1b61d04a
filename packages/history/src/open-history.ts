/**
 * What the house remembers, in one SQLite file that a thread of its own keeps: the owner's event loop only packs what it is told.
 * History always works: while the disk is full, read-only or gone, what comes waits in bounded memory, questions are answered with an
 * error, and `health` says so.
 */
import type { EventView } from "@skein/contracts";
import { messageOf, SkeinError } from "@skein/kit";
import { createEvents, type EventIds } from "./events-client";
import { forgetResident } from "./forget";
import { healthOf } from "./health";
import type { History, HistoryHealth, HistoryOptions } from "./history-types";
import { createJournal } from "./journal-client";
import { defaultRetention, defaultWaiting } from "./limits";
import { Maintenance } from "./maintenance";
import { createSeries, createVerdicts } from "./measures-client";
import { createOwner, Listeners } from "./owner";
import { Thread } from "./thread";
import { Writer } from "./writer";

/** Resolves when the file is open, or cannot be opened now: then `health` says why, and it is tried again for ever. Never rejects. */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { file, clock, logger } = options;
  const saved = new Listeners<number>(logger);
  const added = new Listeners<EventView>(logger);
  const healthChanged = new Listeners<HistoryHealth>(logger);
  if (options.onHealth) healthChanged.add((now) => options.onHealth?.(now));
  const eventIds: EventIds = { last: undefined };
  const known = {
    since: clock.now(),
    integrity: "unknown" as HistoryHealth["integrity"],
    closed: false,
    putAside: undefined as string | undefined,
  };

  const thread = new Thread({ file, retention: { ...defaultRetention, ...options.retention } });
  const writer = new Writer({
    thread,
    clock,
    limits: { ...defaultWaiting, ...options.waiting },
    commitEveryMs: options.commitEveryMs ?? 400,
    onOpened({ lastEvent, putAside }) {
      eventIds.last = Math.max(eventIds.last ?? 0, lastEvent);
      if (putAside === undefined) return checkAtStart();
      known.putAside = putAside;
      known.integrity = "damaged";
      logger.error(
        { code: "HISTORY_CORRUPT", putAside },
        `${file} was damaged: it lies at ${putAside}, and a new one is begun`,
      );
    },
    onSaved: (seq) => saved.tell(seq),
    onState(failure) {
      known.since = clock.now();
      if (failure) logger.error({ code: failure.code }, `history is not saved: ${failure.message}`);
      else logger.info({ dropped: health().dropped }, "history is saved");
      healthChanged.tell(health());
    },
  });
  const health = () => healthOf({ file, clock, writer, maintenance, ...known });
  const owner = createOwner(thread, writer, clock, () => known.closed);

  const maintenance = new Maintenance({
    clock,
    everyMs: options.maintainEveryMs ?? 5_000,
    slice: async () =>
      writer.failure ? undefined : owner.ask("maintain", { now: clock.now(), monotonicMs: clock.monotonic() }),
    onFailed: (error) => logger.error({ err: error }, `history is not looked after: ${messageOf(error)}`),
  });

  const history: History = {
    journal: createJournal(owner, saved),
    events: createEvents(owner, eventIds, added),
    series: createSeries(owner),
    verdicts: createVerdicts(owner),
    health,
    async flush() {
      await writer.drain();
      if (writer.failure) throw writer.failure;
    },
    residentData: (id, { actors = [], mayAudit }) => owner.askAfterAll("residentData", { id, actors, mayAudit }),
    forgetResident: (id, { actors = [] } = {}) => forgetResident(owner, { id, actors }),
    async backup(target) {
      try {
        return await owner.askAfterAll("backup", target);
      } catch (error) {
        throw new SkeinError("HISTORY_BACKUP_FAILED", `No backup was written to ${target}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
    async checkIntegrity({ full = false } = {}) {
      const before = known.putAside;
      const damage = await thread.check(full);
      // What was read was put aside meanwhile: that says nothing of the new file.
      if (known.putAside !== before) return damage;
      known.integrity = damage === undefined ? "ok" : "damaged";
      if (damage !== undefined && !known.closed) {
        writer.report(new SkeinError("HISTORY_CORRUPT", `${file} is damaged (${damage}).`));
        await writer.drain();
      }
      return damage;
    },
    async close() {
      if (known.closed) return;
      await maintenance.stop();
      await writer.close();
      known.closed = true;
      known.since = clock.now();
      await thread
        .ask("close", undefined)
        .catch((error: unknown) => logger.warn({ err: error }, "history was not closed well"));
      await thread.end();
    },
  };

  /** Once the file is open, which may be long after the start; a new one needs none. */
  const checkAtStart = () => {
    if (known.integrity !== "unknown") return;
    void history
      .checkIntegrity()
      .catch((error: unknown) => logger.warn({ err: error }, `history was not checked: ${messageOf(error)}`));
  };

  await writer.open();
  maintenance.start();
  return history;
}
