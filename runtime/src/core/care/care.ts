/** The house looks after itself: gathers the figures, has them judged, and tells what changed, to history, page and Prometheus. */
import type { Bus } from "@skein/bus";
import type { CareView, CheckView, Severity } from "@skein/contracts";
import type { History } from "@skein/history";
import { every, messageOf, type Clock, type Logger } from "@skein/kit";
import { Gauge, type Registry } from "prom-client";
import type { Backups } from "../backup/backups";
import type { EventSink, OnChanged } from "../event-sink";
import type { LeaderSettings } from "../../settings";
import type { House } from "../house";
import { watchLoop } from "../../loop-delay";
import * as judge from "./judge";
import { lookAtCertificates, lookAtDisk, lookAtNewestBackup, timeIsKept } from "./looks";

const LOOK_EVERY_MS = 30_000;
/** The first look waits for the bus, and so long at most: a leader that has just started is not ill. */
const SETTLE_MS = 10_000;
/** So many looks in a row must find it bad before somebody is told by a notice: a broker that restarts is no alarm. */
const BAD_LOOKS = 2;
const STATES = ["ok", "warn", "bad", "unknown"] as const;
const SEVERITY: Readonly<Record<CheckView["state"], Severity>> = {
  ok: "info",
  warn: "warning",
  bad: "alarm",
  unknown: "info",
};

export interface CareParts {
  readonly dataDir: string;
  /** PEM files that the settings name. */
  readonly certificates: readonly string[];
  readonly bus: Pick<Bus, "link" | "stats" | "onLink">;
  readonly house: Pick<House, "health" | "takeLoops">;
  readonly history: Pick<History, "health">;
  readonly backups: Pick<Backups, "list">;
  readonly backupSettings: Pick<LeaderSettings["backup"], "enabled">;
  /** Since this machine started, with the time that it slept, ms: the monotonic clock stands still then (clock_gettime(2)). */
  readonly uptimeMs: () => number;
  readonly registry: Registry;
  readonly events: EventSink;
  readonly onChanged: OnChanged;
  /** A check is bad, and was at the look before. */
  readonly onBad: (text: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Care {
  view(): CareView;
  close(): void;
}

export function createCare(parts: CareParts): Care {
  const { bus, house, history, backups, events, clock, logger } = parts;
  const loop = watchLoop();
  let clocks = { wall: clock.now(), uptime: parts.uptimeMs() };
  const checks = new Map<string, CheckView>();
  const badLooks = new Map<string, number>();

  const steppedMs = (): number => {
    const now = { wall: clock.now(), uptime: parts.uptimeMs() };
    const stepped = now.wall - clocks.wall - (now.uptime - clocks.uptime);
    clocks = now;
    return Math.round(stepped);
  };
  const LOOKS: Readonly<Record<string, () => judge.Judgement | Promise<judge.Judgement>>> = {
    broker: () => judge.judgeBroker(house.health()),
    bus: () =>
      judge.judgeBus(
        bus.link.up,
        Object.values(bus.stats.dropped).reduce((sum, each) => sum + each, 0),
      ),
    disk: () => lookAtDisk(parts.dataDir),
    journal: () => judge.judgeJournal(history.health()),
    "event-loops": () => judge.judgeLoops({ core: loop.take(), ...house.takeLoops() }),
    clock: () => judge.judgeClock(steppedMs(), timeIsKept()),
    certificates: () => lookAtCertificates(parts.certificates, clock),
    backup: () => lookAtNewestBackup(backups, parts.backupSettings, clock),
  };

  const note = (id: string, judgement: judge.Judgement): void => {
    const before = checks.get(id);
    const changed = before?.state !== judgement.state;
    const bad = judgement.state === "bad" ? (badLooks.get(id) ?? 0) + 1 : 0;
    badLooks.set(id, bad);
    if (bad === BAD_LOOKS) parts.onBad(judgement.text);
    checks.set(id, { id, ...judgement, since: changed || !before ? clock.now() : before.since });
    if (changed || before?.text !== judgement.text) parts.onChanged("care");
    // That all is well, or not known, is no news when nothing else was known.
    const knew = before !== undefined && before.state !== "unknown";
    if (!changed || (!knew && (judgement.state === "ok" || judgement.state === "unknown"))) return;
    events.add({
      type: "check-changed",
      severity: SEVERITY[judgement.state],
      text: judgement.text,
      subject: { kind: "check", id },
      // With the reason and the figures a page says it in another language.
      data: {
        state: judgement.state,
        ...(judgement.reason !== undefined && { reason: judgement.reason }),
        figures: judgement.figures ?? {},
        ...(judgement.file !== undefined && { file: judgement.file }),
        ...(before && { before: before.state }),
      },
    });
  };
  const look = async (): Promise<void> => {
    for (const [id, see] of Object.entries(LOOKS))
      try {
        note(id, await see());
      } catch (error) {
        logger.warn({ check: id, reason: messageOf(error) }, "could not look after it");
        note(id, { state: "unknown", text: `It could not be looked at: ${messageOf(error)}.` });
      }
  };
  gauges(parts.registry, checks);
  let stopLooking: (() => void) | undefined;
  const begin = (): void => {
    if (stopLooking) return;
    stopLooking = every(clock, LOOK_EVERY_MS, () => void look());
    void look();
  };
  const stopSettling = clock.setTimer(begin, SETTLE_MS, { unref: true });
  const stopLink = bus.onLink(({ up }) => up && begin());
  const worst = (): CheckView["state"] =>
    (["bad", "warn", "unknown"] as const).find((state) =>
      [...checks.values()].some((check) => check.state === state),
    ) ?? "ok";
  return {
    view: () => ({ at: clock.now(), state: worst(), checks: [...checks.values()] }),
    close() {
      stopSettling();
      stopLink();
      stopLooking?.();
      loop.close();
    },
  };
}

function gauges(registry: Registry, checks: ReadonlyMap<string, CheckView>): void {
  const state = new Gauge({
    name: "skein_check_state",
    help: "1 for the state that a check of the house's self-care is in",
    labelNames: ["check", "state"],
    registers: [registry],
    collect() {
      this.reset();
      for (const check of checks.values())
        for (const each of STATES) this.set({ check: check.id, state: each }, Number(each === check.state));
    },
  });
  const figure = new Gauge({
    name: "skein_check_figure",
    help: "What a check of the house's self-care judged; the unit stands in the figure's name",
    labelNames: ["check", "figure"],
    registers: [registry],
    collect() {
      // A figure that is not known any more is not what it was last.
      this.reset();
      for (const { id, figures } of checks.values())
        for (const [name, value] of Object.entries(figures ?? {})) this.set({ check: id, figure: name }, value);
    },
  });
  // They are read through the registry.
  void [state, figure];
}
