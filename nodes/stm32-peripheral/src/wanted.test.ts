import { lamp, motor, room } from "./testing/hub-house";
import { fitFor, rangeShown, valueShown, wantedIn } from "./wanted";

it.each`
  said        | wanted
  ${40}       | ${{ value: 40 }}
  ${"-12.5"}  | ${{ value: -12.5 }}
  ${"40 %"}   | ${{ value: 40, unit: "%" }}
  ${"90°"}    | ${{ value: 90, unit: "°" }}
  ${".5"}     | ${{ value: 0.5 }}
  ${"1e2"}    | ${{ value: 100 }}
  ${true}     | ${{ on: true }}
  ${" Off "}  | ${{ on: false }}
  ${NaN}      | ${undefined}
  ${""}       | ${undefined}
  ${"4 or 5"} | ${undefined}
  ${"fast"}   | ${undefined}
  ${null}     | ${undefined}
  ${[1]}      | ${undefined}
`("reads $said as $wanted", ({ said, wanted }) => {
  expect(wantedIn(said)).toEqual(wanted);
});

it.each`
  of       | wanted                        | fit
  ${lamp}  | ${{ value: 100 }}             | ${{ value: 100 }}
  ${lamp}  | ${{ value: 100.1 }}           | ${{ wrong: "range" }}
  ${lamp}  | ${{ on: true }}               | ${{ value: 100 }}
  ${motor} | ${{ on: true }}               | ${{ wrong: "on" }}
  ${motor} | ${{ on: false }}              | ${{ value: 0 }}
  ${motor} | ${{ value: -100, unit: "%" }} | ${{ value: -100 }}
  ${motor} | ${{ value: 3, unit: "V" }}    | ${{ wrong: "unit" }}
  ${room}  | ${{ value: 20, unit: "°C" }}  | ${{ value: 20 }}
`("lets $of.name be $wanted: $fit", ({ of, wanted, fit }) => {
  expect(fitFor(of, wanted)).toEqual(fit);
});

it("counts as a board does, in single precision", () => {
  const out = { ...lamp, kind: "analog-out", unit: "V", max: Math.fround(3.3), step: Math.fround(0.001) };
  expect(fitFor(out, { value: 3.3 })).toEqual({ value: out.max });
  expect(rangeShown(out)).toBe("0 … 3.3 V");
  expect(valueShown(Math.fround(1.2), out)).toBe("1.2 V");
});
