import type { Light } from "./light-desk";
import { lineOf } from "./show";

const light = (more: Partial<Light> = {}): Light => ({
  id: "a",
  name: "A",
  virtual: false,
  condition: "ok",
  state: { on: true, brightness: 40 },
  ...more,
});
const on = light();
const plug = light({ state: { on: true } });
const off = light({ state: { on: false, brightness: 40 } });
const away = light({ condition: "unreachable" });

it.each`
  presence    | lights                                      | setting | line
  ${"there"}  | ${[on]}                                     | ${0}    | ${["good", false, "onAt", { brightness: 40 }]}
  ${"there"}  | ${[plug]}                                   | ${0}    | ${["good", false, "on", undefined]}
  ${"there"}  | ${[off]}                                    | ${0}    | ${["good", false, "off", undefined]}
  ${"there"}  | ${[on]}                                     | ${1}    | ${["doubt", true, "setting", undefined]}
  ${"there"}  | ${[away]}                                   | ${0}    | ${["bad", true, "unreachable", undefined]}
  ${"there"}  | ${[light({ condition: "credentials" })]}    | ${0}    | ${["bad", true, "credentials", undefined]}
  ${"there"}  | ${[light({ condition: "connecting" })]}     | ${0}    | ${["doubt", true, "connecting", undefined]}
  ${"there"}  | ${[light({ state: undefined })]}            | ${0}    | ${["doubt", true, "connecting", undefined]}
  ${"there"}  | ${[]}                                       | ${0}    | ${["unknown", true, "none", undefined]}
  ${"there"}  | ${[on, off]}                                | ${0}    | ${["good", false, "someOn", { on: 1, all: 2, away: 0 }]}
  ${"there"}  | ${[on, away]}                               | ${0}    | ${["doubt", true, "someAway", { on: 2, all: 2, away: 1 }]}
  ${"there"}  | ${[away, away]}                             | ${0}    | ${["bad", true, "someAway", { on: 2, all: 2, away: 2 }]}
  ${"there"}  | ${[on, light({ condition: "connecting" })]} | ${0}    | ${["doubt", true, "someOn", { on: 2, all: 2, away: 0 }]}
  ${"away"}   | ${[on]}                                     | ${1}    | ${["unknown", true, "away", undefined]}
  ${"never"}  | ${[]}                                       | ${0}    | ${["unknown", true, "noLeader", undefined]}
  ${"no-bus"} | ${[]}                                       | ${0}    | ${["unknown", true, "noBus", undefined]}
`("shows $line", ({ presence, lights, setting, line }) => {
  const { tone, pending, key, values } = lineOf({ presence, lights, setting });
  expect([tone, pending, key, values]).toEqual(line);
});
