import { stretchesOf, type Span } from "./spans";

const span = (from: number, to?: number): Span => ({
  from,
  ...(to !== undefined && { to }),
  state: "alive",
  cause: "beat",
});
const strip = (...spans: Span[]) =>
  stretchesOf({ from: 1_000, to: 2_000, spans }).map(({ start, width }) =>
    [start, width].map((part) => +part.toFixed(4)),
  );

describe("the strip of verdicts", () => {
  it.each([
    [
      [span(1_000, 1_500), span(1_500)],
      [
        [0, 0.5],
        [0.5, 0.5],
      ],
      "what lasts reaches to the end",
    ],
    [[span(0, 1_250)], [[0, 0.25]], "what began before begins at the edge"],
    [[span(1_500, 1_500)], [[0.5, 0.004]], "what was over at once is still seen"],
    [[span(1_999.9)], [[0.996, 0.004]], "also at the very end"],
    [[span(0, 900), span(2_100)], [], "what was before or comes after is not on it"],
    [[], [], "nothing is nothing"],
  ])("%#: %s", (spans, stretches, _because) => {
    expect(strip(...(spans as Span[]))).toEqual(stretches);
  });
});
