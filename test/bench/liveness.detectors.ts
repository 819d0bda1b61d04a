/** The detectors that are compared, each run over one history. */
import type { Random } from "@skein/kit";
import { initialMemory, limitsOf, type Observation, step } from "@skein/liveness";
import { follow, type History, nothing, type Outcome, type Period, wire } from "./liveness.history";

const BEAT_MS = 5_000;
const limits = limitsOf();
const bootIds = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"] as const;

/** When a follower sends its beats: a grid from each start on, a few ms of jitter, none while it is off. */
function* beats(history: History, everyMs: number, random: Random): Generator<{ at: number; life: number }> {
  const starts = [0, ...history.offs.map(({ to }) => to)];
  for (const [life, start] of starts.entries()) {
    const end = history.offs[life]?.from ?? history.endMs;
    for (let slot = start; slot < end; slot += everyMs) {
      const at = slot + 5 * random.next();
      if (at < end) yield { at, life };
    }
  }
}

/** Ours: packages/liveness, beats and pings alone (no metrics, no wills), each leg of each losing `loss`. */
export function skein(history: History, loss: number, random: Random): Outcome {
  const outcome = nothing();
  const isOff = follow(history.offs);
  const wasOff = follow(history.offs);
  const up = wire(history, random);
  const down = wire(history, random);
  const arrivals: { at: number; observation: Observation }[] = [];
  const arrive = (at: number, observation: Observation) => {
    // Nearly in order already: answers to pings fall between beats.
    let index = arrivals.length;
    while (index > 0 && (arrivals[index - 1]?.at ?? 0) > at) index -= 1;
    arrivals.splice(index, 0, { at, observation });
  };
  const sender = beats(history, BEAT_MS, random);
  let beat = sender.next().value;
  let memory = initialMemory({ mono: 0, wall: 0 }, { linkUp: true, limits });
  let check: number | undefined;

  for (;;) {
    const now = Math.min(beat?.at ?? Infinity, arrivals[0]?.at ?? Infinity, check ?? Infinity);
    if (now === Infinity || now > history.endMs) return finish(outcome, history);
    if (beat && beat.at === now) {
      const life = { run: `r${beat.life}`, session: `s${beat.life}` };
      if (random.next() >= loss) {
        arrive(up(now), {
          kind: "beat",
          bootId: bootIds[beat.life % 2] ?? bootIds[0],
          nextInMs: BEAT_MS,
          at: now,
          ...life,
        });
      }
      beat = sender.next().value;
      continue;
    }
    const observation: Observation =
      arrivals[0]?.at === now ? (arrivals.shift()?.observation ?? { kind: "tick" }) : { kind: "tick" };
    const done = step(memory, observation, { mono: now, wall: now }, limits);
    memory = done.memory;
    check = done.nextCheckAt;
    for (const _ of done.effects) {
      outcome.pings += 1;
      const asked = down(now);
      if (random.next() < loss || random.next() < loss || isOff(asked)) continue;
      arrive(up(asked), { kind: "pong" });
    }
    if (!done.changed) continue;
    const off = wasOff(now);
    if (done.verdict.state === "suspect" && !off) outcome.falseSuspects += 1;
    if (done.verdict.state !== "dead") continue;
    if (!off) outcome.falseDeaths += 1;
    else detect(outcome, history, off, now, BEAT_MS);
  }
}

/** Dead at a fixed time after the last sign of life; `legs`: how often each sign can be lost on its way. */
export function timeout(
  history: History,
  options: { everyMs: number; deadAfterMs: number; legs: number },
  loss: number,
  random: Random,
): Outcome {
  const outcome = nothing();
  const isOff = follow(history.offs);
  const up = wire(history, random);
  let lastHeard = 0;
  const judge = (until: number) => {
    const dead = lastHeard + options.deadAfterMs;
    if (dead >= until) return;
    const off = isOff(dead);
    if (off) detect(outcome, history, off, dead, options.everyMs);
    else outcome.falseDeaths += 1;
  };
  for (const { at } of beats(history, options.everyMs, random)) {
    if (random.next() >= (1 - loss) ** options.legs) continue;
    const arrival = up(at);
    judge(arrival);
    lastHeard = arrival;
  }
  judge(history.endMs);
  return finish(outcome, history);
}

/** Once for each time it was unplugged: what a stall held back may make it seem alive again, and dead again. */
function detect(outcome: Outcome, history: History, off: Period, at: number, everyMs: number): void {
  outcome.detections.set(off, at - lastBeatBefore(history, off, everyMs));
}

function lastBeatBefore(history: History, off: Period, everyMs: number): number {
  const start = history.offs[history.offs.indexOf(off) - 1]?.to ?? 0;
  return start + Math.floor((off.from - start) / everyMs) * everyMs;
}

function finish(outcome: Outcome, history: History): Outcome {
  outcome.undetected = history.offs.length - outcome.detections.size;
  return outcome;
}
