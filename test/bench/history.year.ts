/**
 * A year of a house with 20 followers, as its history holds it: samples every 10 s for the last day, every minute for the last
 * month and every quarter of an hour before that (which is what roll-ups leave, and as many buckets as if every sample of the
 * year had been told); verdicts that change ten times a day and follower; twenty events a day and follower and ten logins; one day of journal.
 */
import type { History } from "@skein/history";
import type { Random } from "@skein/kit";
import { type BusMessage, createTraffic } from "./history.traffic";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const FOLLOWERS = Array.from({ length: 20 }, (_, n) => `cv-${n + 1}`);
export const METRICS = [
  "cpuPercent",
  "cpuFrequencyMhz",
  "memoryUsedBytes",
  "memoryAvailableBytes",
  "swapUsedBytes",
  "temperatureC",
  "diskUsedBytes",
  "receivedBytesPerS",
  "sentBytesPerS",
  "load1",
  "agentCpuPercent",
  "agentRssBytes",
];
const ROOMS = ["kitchen", "hall", "garage", "attic"];
const VERDICTS = [
  ["alive", "beat"],
  ["suspect", "silence"],
  ["dead", "silence"],
  ["alive", "reconnect"],
] as const;

export interface YearOptions {
  readonly now: number;
  readonly days: number;
  readonly random: Random;
  /** Of journal; a day is half a million messages. */
  readonly journalHours: number;
}

export interface Told {
  samples: number;
  events: number;
  verdicts: number;
  messages: number;
}

/** A curve that looks measured: a day's wave and noise. */
const measured = (at: number, metric: number, random: Random): number =>
  (metric + 1) * (50 + 30 * Math.sin((2 * Math.PI * at) / DAY) + 10 * random.next());

/** @returns how many of each it told */
export async function tellYear(history: History, { now, days, random, journalHours }: YearOptions): Promise<Told> {
  const told: Told = { samples: 0, events: 0, verdicts: 0, messages: 0 };
  const samples = async (from: number, to: number, stepMs: number) => {
    for (let at = from; at < to; at += stepMs) {
      for (const follower of FOLLOWERS)
        for (const [index, name] of METRICS.entries())
          history.series.add({ subject: `follower:${follower}`, name }, at, measured(at, index, random));
      told.samples += FOLLOWERS.length * METRICS.length;
      if (history.health().waiting.samples > 100_000) await history.flush();
    }
  };
  await samples(now - days * DAY, now - 31 * DAY, 900_000);
  await samples(now - 31 * DAY, now - DAY, 60_000);
  await samples(now - DAY, now, 10_000);
  for (let day = days; day > 0; day--) {
    const begin = now - day * DAY;
    tellDay(history, begin, random, told);
    await history.flush();
  }
  const traffic = createTraffic(FOLLOWERS, random);
  for (let at = now - journalHours * HOUR; at < now; at += 5_000) {
    for (const message of traffic.beat(at)) append(history, message, at);
    told.messages += FOLLOWERS.length * 1.5;
    if (history.health().waiting.rows > 5_000) await history.flush();
  }
  await history.flush();
  return told;
}

export const append = (history: History, { topic, kind, payload }: BusMessage, at?: number): void =>
  history.journal.append({ source: "bus-in", topic, kind, payload, ...(at === undefined ? {} : { at }) });

function tellDay(history: History, begin: number, random: Random, told: Told): void {
  for (const follower of FOLLOWERS) {
    for (let n = 0; n < 10; n++, told.verdicts++) {
      const [state, cause] = VERDICTS[n % VERDICTS.length] ?? VERDICTS[0];
      history.verdicts.record({ follower, at: begin + (n + random.next()) * (DAY / 10), state, cause });
    }
  }
  const times = Array.from({ length: 20 * FOLLOWERS.length + 10 }, () => random.next() * DAY).toSorted((a, b) => a - b);
  for (const [n, time] of times.entries()) {
    told.events += 1;
    const follower = FOLLOWERS[n % FOLLOWERS.length] ?? "cv-1";
    if (n >= 20 * FOLLOWERS.length)
      history.events.add({
        at: begin + time,
        type: "login",
        severity: "info",
        audit: true,
        text: "Anna logged in",
        actor: "anna",
        address: "192.168.1.20",
      });
    else
      history.events.add({
        at: begin + time,
        type: "follower-verdict",
        severity: n % 20 === 0 ? "alarm" : n % 5 === 0 ? "warning" : "info",
        text: `${follower} is ${n % 3 === 0 ? "alive again after a reboot" : "suspected: it has been silent"}`,
        subject: { kind: "follower", id: follower },
        room: ROOMS[n % ROOMS.length] ?? "hall",
        data: { state: "alive", cause: "beat", silentMs: Math.floor(random.next() * 10_000) },
      });
  }
}
