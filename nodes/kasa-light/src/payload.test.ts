import { orderOf, sceneOrder } from "./payload";

const set = (wish: object) => ({ does: "set", wish });
const red = { hue: 0, saturation: 100 };

describe("what people send", () => {
  it.each`
    payload                                           | order
    ${true}                                           | ${set({ on: true })}
    ${false}                                          | ${set({ on: false })}
    ${"on"}                                           | ${set({ on: true })}
    ${" OFF "}                                        | ${set({ on: false })}
    ${"Toggle"}                                       | ${set({ on: "toggle" })}
    ${40}                                             | ${set({ brightness: 40 })}
    ${0}                                              | ${set({ brightness: 0 })}
    ${"50"}                                           | ${set({ brightness: 50 })}
    ${"50%"}                                          | ${set({ brightness: 50 })}
    ${"+10%"}                                         | ${set({ brightness: { by: 10 } })}
    ${"-10"}                                          | ${set({ brightness: { by: -10 } })}
    ${"2700K"}                                        | ${set({ kelvin: 2700 })}
    ${"red"}                                          | ${set(red)}
    ${[255, 0, 0]}                                    | ${set({ ...red, brightness: 100 })}
    ${{ r: 255, g: 0, b: 0 }}                         | ${set({ ...red, brightness: 100 })}
    ${{ effect: null, hue: 0, saturation: 100 }}      | ${set({ effect: null, ...red })}
    ${"#800000"}                                      | ${set({ ...red, brightness: 50 })}
    ${"black"}                                        | ${set({ on: false })}
    ${'{"on":true,"brightness":5}'}                   | ${set({ on: true, brightness: 5 })}
    ${{ on: true }}                                   | ${set({ on: true })}
    ${{ on: "toggle", brightness: 30 }}               | ${set({ on: "toggle", brightness: 30 })}
    ${{ brightness: "+10" }}                          | ${set({ brightness: { by: 10 } })}
    ${{ brightness: "20" }}                           | ${set({ brightness: 20 })}
    ${{ hue: 240, saturation: 15 }}                   | ${set({ hue: 240, saturation: 15 })}
    ${{ kelvin: 2700, transitionMs: 500 }}            | ${set({ kelvin: 2700, transitionMs: 500 })}
    ${{ rgb: [255, 0, 0] }}                           | ${set({ ...red, brightness: 100 })}
    ${{ rgb: { r: 255, g: 0, b: 0 }, brightness: 7 }} | ${set({ ...red, brightness: 7 })}
    ${{ color: "red" }}                               | ${set(red)}
    ${{ effect: "Aurora" }}                           | ${set({ effect: "Aurora" })}
    ${{ effect: null }}                               | ${set({ effect: null })}
    ${{ on: true, brightness: null, other: 1 }}       | ${set({ on: true })}
    ${{ scene: "Movie" }}                             | ${{ does: "apply", scene: "Movie" }}
    ${{ scene: " Movie ", transitionMs: 2000 }}       | ${{ does: "apply", scene: "Movie", transitionMs: 2000 }}
    ${{ saveScene: "Movie" }}                         | ${{ does: "save", scene: "Movie" }}
  `("$payload", ({ payload, order }) => expect(orderOf(payload)).toEqual(order));
});

describe("what flows send to node-red-contrib-tplink", () => {
  it.each`
    payload                                                   | order
    ${"switch"}                                               | ${set({ on: "toggle" })}
    ${"TRUE"}                                                 | ${set({ on: true })}
    ${{ state: "on" }}                                        | ${set({ on: true })}
    ${{ state: false }}                                       | ${set({ on: false })}
    ${{ state: "switch" }}                                    | ${set({ on: "toggle" })}
    ${{ brightness: 25 }}                                     | ${set({ brightness: 25 })}
    ${{ temperature: 5000 }}                                  | ${set({ kelvin: 5000 })}
    ${{ hsb: { hue: 240, saturation: 15, brightness: 100 } }} | ${set({ hue: 240, saturation: 15, brightness: 100 })}
    ${"brightness:25"}                                        | ${set({ brightness: 25 })}
    ${"temperature:5000"}                                     | ${set({ kelvin: 5000 })}
    ${"getInfo"}                                              | ${{ does: "report" }}
    ${"getQuickInfo"}                                         | ${{ does: "report" }}
    ${"startPowerEvents"}                                     | ${{ does: "nothing" }}
    ${"startPowerEvents|stopOnlineEvents"}                    | ${{ does: "nothing" }}
    ${["startPowerEvents", "startInfoEvents"]}                | ${{ does: "nothing" }}
    ${["startPowerEvents", "getInfo"]}                        | ${{ does: "report" }}
    ${"getInfo|startPowerEvents"}                             | ${{ does: "report" }}
    ${{ events: ["startInUseEvents"] }}                       | ${{ does: "nothing" }}
    ${"stopAllEvents"}                                        | ${{ does: "nothing" }}
  `("$payload", ({ payload, order }) => expect(orderOf(payload)).toEqual(order));

  it.each([
    ["getMeterInfo"],
    ["eraseStats"],
    ["getCloudInfo"],
    ["startMeterUpdateEvents"],
    [{ led: false }],
    [{ plug: 1, state: true }],
  ])("%j is refused with what to do instead", (payload) =>
    expect(() => orderOf(payload)).toThrow(expect.objectContaining({ code: "PAYLOAD_NOT_TAKEN_OVER" })),
  );
});

it.each([
  [undefined],
  [null],
  [""],
  ["reddish"],
  ["{on:"],
  [101],
  [-1],
  [Number.NaN],
  [{}],
  [[]],
  [["on"]],
  [{ on: "perhaps" }],
  [{ on: "constructor" }],
  [{ brightness: "much" }],
  [{ brightness: 101 }],
  [{ hue: 361 }],
  [{ kelvin: 2700, hue: 1 }],
  [{ effect: "Aurora", color: "red" }],
  [{ effect: "Aurora", kelvin: 2700 }],
  [[255, 136]],
  [{ color: "reddish" }],
  [{ effect: "" }],
  [{ on: true, transitionMs: -1 }],
  [{ scene: "" }],
  [{ scene: "a", saveScene: "b" }],
  [{ brigthness: 5 }],
])("%j says nothing to a light", (payload) =>
  expect(() => orderOf(payload)).toThrow(expect.objectContaining({ code: "PAYLOAD_INVALID" })),
);

it.each`
  payload                   | meant
  ${{ brigthness: 5 }}      | ${"brightness"}
  ${{ colour: "red" }}      | ${"color"}
  ${{ Hue: 5 }}             | ${"hue"}
  ${{ topic: "x", onn: 1 }} | ${"on"}
  ${"tuggle"}               | ${"toggle"}
  ${"onn"}                  | ${"on"}
`("$payload is refused with the word that was meant: $meant", ({ payload, meant }) =>
  expect(() => orderOf(payload)).toThrow(`Did you mean "${meant}"? Send true,`),
);

it.each([
  [{ power: 1 }],
  [{ no: 1 }],
  [{ transitionMs: 500 }],
  [{ on: null }],
  ["reddish"],
  [["on"]],
  [{ color: "onn" }],
])("%j is refused without a guess at what was meant", (payload) =>
  expect(() => orderOf(payload)).toThrow(/^(?!.*Did you mean)/),
);

it.each`
  payload          | words
  ${1796103818174} | ${"That is the time, which an inject node sends"}
  ${"+200"}        | ${"a step is +200."}
  ${{ on: [] }}    | ${'It is true, false or "toggle".'}
`("$payload is refused in words that help: $words", ({ payload, words }) =>
  expect(() => orderOf(payload)).toThrow(words as string),
);

it("a node that is set to a scene does it, whatever the message says, unless that names one itself", () => {
  expect(sceneOrder("apply", " Movie ", true)).toEqual({ does: "apply", scene: "Movie" });
  expect(sceneOrder("save", "Movie", { on: true })).toEqual({ does: "save", scene: "Movie" });
  expect(sceneOrder("apply", "Movie", { scene: "Other" })).toBeUndefined();
  expect(() => sceneOrder("apply", "", true)).toThrow(expect.objectContaining({ code: "PAYLOAD_INVALID" }));
});
