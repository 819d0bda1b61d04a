/**
 * A process that loads a history until it is killed, and says on stdout, a JSON line each, what a survivor must have:
 * `{appended, at}` (the last number given to a row, and when, ms of the wall clock) every 20 ms, and `{saved, commitMs}` at each commit. With
 * `--wal` it also says after each commit how far the write-ahead log goes: nothing is written then until the next one.
 */
import { writeSync } from "node:fs";
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import { openHistory } from "../index";
import { committedWal } from "./wal";

const [file = "", ...flags] = process.argv.slice(2);
const watchWal = flags.includes("--wal");
const TICK_MS = 20;
const ROWS_PER_TICK = 40;
const KINDS = ["telemetry", "telemetry", "telemetry", "event", "command"];

/** At once, so that nothing that was said is lost with the process. */
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
  const history = await openHistory({
    file,
    clock: systemClock,
    logger: silentLogger,
    retention: { journalBytes: 12 * 1024 ** 2 },
    // Between two commits of ours nobody else may write, or the log would go further than was told.
    maintainEveryMs: watchWal ? 3_600_000 : 100,
  });
  let appended = history.health().savedSeq;
  say({ ready: true, saved: appended });
  history.journal.onSaved((saved) =>
    say({ saved, commitMs: history.health().commitMs, ...(watchWal ? { wal: committedWal(`${file}-wal`) } : {}) }),
  );
  const noise = systemRandom.bytes(64 * 1024);
  const tick = () => {
    for (let n = 0; n < ROWS_PER_TICK; n++) {
      const bytes = Math.floor(systemRandom.next() * 1_500);
      const start = Math.floor(systemRandom.next() * (noise.length - bytes));
      const kind = KINDS[n % KINDS.length] ?? "event";
      history.journal.append({
        source: "bus",
        kind,
        topic: `t/${n}`,
        payload: noise.subarray(start, start + bytes),
      });
      history.series.add({ subject: `follower:cv-${n}`, name: "cpuPercent" }, systemClock.now(), n);
      appended += 1;
    }
    history.events.add({ type: "tick", severity: "info", text: `up to ${appended}`, data: { appended } });
    say({ appended, at: systemClock.now() });
    systemClock.setTimer(tick, TICK_MS);
  };
  tick();
}

void main();
