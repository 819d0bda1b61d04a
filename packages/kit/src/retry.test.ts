import { seededRandom } from "./random";
import { backoffMs } from "./retry";

describe("backoff", () => {
  const options = { baseMs: 100, maxMs: 5_000 };

  it.each`
    attempt | lowest   | highest
    ${0}    | ${25}    | ${100}
    ${3}    | ${200}   | ${800}
    ${10}   | ${1_250} | ${5_000}
    ${1e6}  | ${1_250} | ${5_000}
  `("attempt $attempt waits between $lowest and $highest ms", ({ attempt, lowest, highest }) => {
    const random = seededRandom(3);
    const waits = Array.from({ length: 500 }, () => backoffMs(attempt, options, random));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(lowest);
    expect(Math.max(...waits)).toBeLessThanOrEqual(highest);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan((highest - lowest) / 2);
  });
});
