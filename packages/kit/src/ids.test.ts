import { createIds } from "./ids";
import { seededRandom } from "./random";

describe("ids", () => {
  it("are version 7 UUIDs that bear their time", () => {
    const id = createIds({ now: () => 0x0123_4567_89ab }, seededRandom(1))();
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("sort in the order of making and never repeat, also within a millisecond and when the clock goes back", () => {
    let now = 1_000_000;
    const next = createIds({ now: () => now }, seededRandom(2));
    const ids = Array.from({ length: 20_000 }, (_, index) => {
      if (index === 15_000) now -= 60_000;
      return next();
    });
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
