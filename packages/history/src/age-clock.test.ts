import { ageOn, countOld, isSet } from "./age-clock";

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const THEN = Date.UTC(2026, 5, 1);

describe("The clock of age", () => {
  it.each`
    wall                  | ran     | expected           | because
    ${THEN + MIN}         | ${MIN}  | ${THEN + MIN}      | ${"goes as time does"}
    ${THEN + DAY}         | ${HOUR} | ${THEN + DAY}      | ${"catches up with a day that the house was off"}
    ${THEN + 3_000 * DAY} | ${0}    | ${THEN}            | ${"believes nothing at the start"}
    ${THEN + 3_000 * DAY} | ${HOUR} | ${THEN + DAY}      | ${"follows a clock that is years ahead by a day an hour"}
    ${0}                  | ${MIN}  | ${THEN - 24 * MIN} | ${"follows one that begins in 1970 no faster, and has not far to come back"}
  `("$because", ({ wall, ran, expected }) => expect(ageOn(THEN, wall, ran)).toBe(expected));
});

describe("Old rows", () => {
  const now = THEN + 100 * DAY;
  const before = THEN + 70 * DAY;
  const [old, fresh, unset, ahead] = [THEN, THEN + 80 * DAY, 5 * MIN, now + 9_000 * DAY];
  it.each`
    times                              | count | because
    ${[old, old, fresh, old]}          | ${2}  | ${"are those before the first that is not"}
    ${[fresh, old]}                    | ${0}  | ${"are none where something is kept before them"}
    ${[ahead, old, unset, old, ahead]} | ${4}  | ${"take along what has a time that cannot be"}
    ${[unset, ahead, fresh]}           | ${0}  | ${"are none where nothing is surely old"}
    ${[old, unset, fresh]}             | ${1}  | ${"leave what came after them, whatever its time says"}
    ${[]}                              | ${0}  | ${"are none of none"}
  `("$because", ({ times, count }) => expect(countOld(times, before, now, () => undefined)).toBe(count));

  it.each`
    times             | later        | count | because
    ${[unset, ahead]} | ${old}       | ${2}  | ${"are all where none has a time that can be and what comes next is old"}
    ${[unset, ahead]} | ${fresh}     | ${0}  | ${"are none where what comes next is not"}
    ${[unset, ahead]} | ${undefined} | ${0}  | ${"are none where nothing comes next"}
    ${[unset, fresh]} | ${old}       | ${0}  | ${"do not follow what comes next where one of them is to stay"}
  `("$because", ({ times, later, count }) => expect(countOld(times, before, now, () => later)).toBe(count));

  it("are not looked for by a clock that was not set yet", () => {
    expect([isSet(5 * MIN), isSet(THEN)]).toEqual([false, true]);
  });
});
