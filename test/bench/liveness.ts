/**
 * How soon, and how wrongly, is a follower called dead? A simulated day of many followers, seeded, that are unplugged
 * without a will about once an hour, with beats and pings lost and with stalls of up to 8 s; beside two peers:
 * - a fixed timeout of three missed beats;
 * - memberlist's published formula (config.go, suspicion.go, util.go at 041e5dd): a probe each ProbeInterval, suspected when
 *   that interval passes unanswered, dead after SuspicionMult * max(1, log10(N)) * ProbeInterval = 4 * 1 * ProbeInterval for a
 *   house of 8. A lone observer has no peers to probe through or to confirm (k = 0), so the timer starts at that minimum.
 *   A member probes one other in each interval, so a lone observer comes to each of seven others only every seventh time; here
 *   it comes to each every time, which is kinder to memberlist. Shown with our traffic (5 s) and with its LAN default (1 s: five
 *   times the traffic). Any later answer refutes here, which is kinder, too: there the suspect itself must hear of it and refute.
 * Longer than a detector's constant it takes only where a stall still held a beat when the plug was pulled: it comes after.
 *
 * Options: --followers N (100) --hours H (24) --seed S (1)
 */
import { parseArgs } from "node:util";
import { seededRandom } from "@skein/kit";
import { skein, timeout } from "./liveness.detectors";
import { type History, makeHistory, nothing, type Outcome } from "./liveness.history";

const { values } = parseArgs({
  options: { followers: { type: "string" }, hours: { type: "string" }, seed: { type: "string" } },
});
const followers = Number(values.followers ?? 100);
const hours = Number(values.hours ?? 24);
const seed = Number(values.seed ?? 1);

const HOUSE = 8;
const memberlist = (probeMs: number) => ({
  everyMs: probeMs,
  deadAfterMs: 2 * probeMs + 4 * Math.max(1, Math.log10(HOUSE)) * probeMs,
  legs: 2,
});
const detectors: Record<string, (history: History, loss: number, seed: number) => Outcome> = {
  skein: (history, loss, s) => skein(history, loss, seededRandom(s)),
  "three missed beats": (history, loss, s) =>
    timeout(history, { everyMs: 5_000, deadAfterMs: 15_000, legs: 1 }, loss, seededRandom(s)),
  "memberlist, 5 s": (history, loss, s) => timeout(history, memberlist(5_000), loss, seededRandom(s)),
  "memberlist, 1 s": (history, loss, s) => timeout(history, memberlist(1_000), loss, seededRandom(s)),
};

interface Row {
  readonly detector: string;
  readonly lossPercent: number;
  readonly stallMaxS: number;
  readonly unplugged: number;
  readonly p50S: number;
  readonly p99S: number;
  readonly maxS: number;
  readonly undetected: number;
  readonly falseDeaths: number;
  readonly falseSuspects: number;
  readonly pingsPerFollowerHour: number;
}

function run(detector: string, lossPercent: number, stallMaxS: number): Row {
  const all = nothing();
  const detections: number[] = [];
  let unplugged = 0;
  for (let follower = 0; follower < followers; follower++) {
    const id = seed * 1_000_003 + follower * 101 + stallMaxS;
    const history = makeHistory(seededRandom(id), { hours, stallMaxMs: stallMaxS * 1000 });
    const one = detectors[detector]?.(history, lossPercent / 100, id + 7_919 * (lossPercent + 1)) ?? nothing();
    unplugged += history.offs.length;
    detections.push(...one.detections.values());
    all.falseDeaths += one.falseDeaths;
    all.falseSuspects += one.falseSuspects;
    all.undetected += one.undetected;
    all.pings += one.pings;
  }
  const sorted = detections.toSorted((a, b) => a - b);
  const at = (part: number) =>
    round((sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? NaN) / 1000);
  const { falseDeaths, falseSuspects, undetected } = all;
  const pingsPerFollowerHour = round(all.pings / followers / hours);
  return {
    detector,
    lossPercent,
    stallMaxS,
    unplugged,
    p50S: at(0.5),
    p99S: at(0.99),
    maxS: at(1),
    undetected,
    falseDeaths,
    falseSuspects,
    pingsPerFollowerHour,
  };
}

const round = (value: number) => Math.round(value * 100) / 100;

console.log(
  `${followers} followers, ${hours} simulated hours each, seed ${seed}; times from the last beat that was sent to the verdict "dead"`,
);
console.log(
  "loss %  stalls up to  detector              unplugged  p50 s  p99 s  max s  undetected  false deaths  false suspects  pings/follower/h",
);
const rows: Row[] = [];
for (const stallMaxS of [0, 8]) {
  for (const lossPercent of [0, 5, 20]) {
    for (const detector of Object.keys(detectors)) {
      const row = run(detector, lossPercent, stallMaxS);
      rows.push(row);
      const own = detector === "skein";
      console.log(
        [
          String(lossPercent).padStart(6),
          `${stallMaxS} s`.padStart(12),
          ` ${detector.padEnd(20)}`,
          String(row.unplugged).padStart(9),
          ...[row.p50S, row.p99S, row.maxS].map((s) => s.toFixed(2).padStart(5)),
          String(row.undetected).padStart(10),
          String(row.falseDeaths).padStart(12),
          (own ? String(row.falseSuspects) : "-").padStart(14),
          (own ? String(row.pingsPerFollowerHour) : "-").padStart(16),
        ].join("  "),
      );
    }
  }
}

const ours = rows.filter(({ detector }) => detector === "skein");
const upTo5 = ours.filter(({ lossPercent }) => lossPercent <= 5);
const figures = {
  followers,
  hours,
  seed,
  p99S: Math.max(...upTo5.map(({ p99S }) => p99S)),
  falseDeathsUpTo5PercentLost: upTo5.reduce((sum, { falseDeaths }) => sum + falseDeaths, 0),
  rows,
};
const targets = { p99S: 15, falseDeathsUpTo5PercentLost: 0 };
const met =
  figures.p99S <= targets.p99S &&
  figures.falseDeathsUpTo5PercentLost === 0 &&
  ours.every(({ undetected }) => undetected === 0);
console.log(JSON.stringify({ bench: "liveness", figures, targets, met }));
process.exitCode = met ? 0 : 1;
