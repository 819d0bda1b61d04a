import { chooseStep } from "./steps";

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const now = 1_000 * DAY;

describe("The step of an answer", () => {
  it.each`
    rangeMs       | endedMs     | asked        | levelMs     | stepMs        | because
    ${HOUR}       | ${0}        | ${undefined} | ${10_000}   | ${10_000}     | ${"an hour has 360 steps of 10 s"}
    ${6 * HOUR}   | ${0}        | ${undefined} | ${10_000}   | ${40_000}     | ${"six hours want 36 s, which a minute is too coarse for"}
    ${DAY}        | ${0}        | ${undefined} | ${MIN}      | ${3 * MIN}    | ${"a day takes minutes"}
    ${7 * DAY}    | ${0}        | ${undefined} | ${15 * MIN} | ${30 * MIN}   | ${"a week takes quarters of an hour"}
    ${365 * DAY}  | ${0}        | ${undefined} | ${15 * MIN} | ${885 * MIN}  | ${"a year takes many of them"}
    ${HOUR}       | ${3 * DAY}  | ${undefined} | ${MIN}      | ${MIN}        | ${"of three days ago there are no 10 s any more"}
    ${HOUR}       | ${90 * DAY} | ${undefined} | ${15 * MIN} | ${15 * MIN}   | ${"and of three months ago no minutes"}
    ${HOUR}       | ${0}        | ${MIN}       | ${MIN}      | ${MIN}        | ${"who names a step gets it"}
    ${DAY}        | ${0}        | ${25_000}    | ${10_000}   | ${30_000}     | ${"rounded up to one that can be made"}
    ${365 * DAY}  | ${0}        | ${10_000}    | ${15 * MIN} | ${120 * MIN}  | ${"unless that were far too many points"}
    ${3000 * DAY} | ${0}        | ${undefined} | ${15 * MIN} | ${7200 * MIN} | ${"before everything the longest memory answers"}
  `("$because", ({ rangeMs, endedMs, asked, levelMs, stepMs }) => {
    const to = now - endedMs;
    const choice = chooseStep(to - rangeMs, to, now, asked);
    expect([choice.level.stepMs, choice.stepMs]).toEqual([levelMs, stepMs]);
  });

  it("makes 600 points at most, and one more where the range begins within a step", () => {
    for (let range = HOUR; range < 800 * DAY; range *= 1.37) {
      const { stepMs } = chooseStep(now - range, now, now);
      expect(Math.ceil(range / stepMs)).toBeLessThanOrEqual(600);
    }
  });
});
