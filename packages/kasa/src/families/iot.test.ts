import type { Change, LightState } from "../model";
import { STRIP_EFFECTS } from "./effects";
import { createIot } from "./iot";

/** What devices answer to get_sysinfo, as recorded (reference/kasa.md, "Devices"), without what nobody reads. */
const common = { sw_ver: "1.8.11", hw_ver: "1.0", deviceId: "8012AB", alias: "Lamp", rssi: -50, err_code: 0 };
const WHITE = { mode: "normal", hue: 0, saturation: 0, color_temp: 2700, brightness: 80 };
const bulb = {
  ...common,
  model: "LB130(EU)",
  mic_type: "IOT.SMARTBULB",
  mic_mac: "50C7BF000001",
  is_dimmable: 1,
  is_color: 1,
  is_variable_color_temp: 1,
  light_state: { on_off: 1, ...WHITE },
};
const strip = {
  ...bulb,
  model: "KL430(EU)",
  length: 16,
  lighting_effect_state: { enable: 0, name: "", id: "", custom: 0, brightness: 100 },
};
const plug = {
  ...common,
  model: "HS100(EU)",
  mac: "50:C7:BF:00:00:02",
  type: "IOT.SMARTPLUGSWITCH",
  feature: "TIM",
  relay_state: 1,
};
const dimmer = { ...plug, model: "HS220(US)", mac: "50:C7:BF:00:00:03", brightness: 45, relay_state: 0 };
const powerStrip = {
  ...plug,
  model: "HS300(US)",
  feature: "TIM:ENE",
  child_num: 2,
  children: [
    { id: "8012AB00", alias: "Desk", state: 1, on_time: 3 },
    { id: "01", alias: "Fan", state: 0, on_time: 0 },
  ],
};

const read = (sysinfo: object) => {
  const family = createIot();
  return { family, readings: family.readings().read({ system: { get_sysinfo: sysinfo } }) };
};
const first = (sysinfo: object) => {
  const { family, readings } = read(sysinfo);
  const [reading] = readings;
  if (!reading) throw new Error("no reading");
  return { family, reading };
};
const requestOf = (sysinfo: object, change: Change) => {
  const { family, reading } = first(sysinfo);
  return family.change(reading, change).request;
};

describe("The older family's JSON", () => {
  it.each<[string, object, LightState]>([
    ["a bulb in white", bulb, { on: true, brightness: 80, kelvin: 2700 }],
    [
      "a bulb in colour",
      { ...bulb, light_state: { on_off: 1, ...WHITE, color_temp: 0, hue: 120, saturation: 75 } },
      { on: true, brightness: 80, hue: 120, saturation: 75 },
    ],
    [
      "a bulb that is off, and what it comes back with",
      { ...bulb, light_state: { on_off: 0, dft_on_state: { ...WHITE, color_temp: 0, hue: 9, brightness: 3 } } },
      { on: false, brightness: 3, hue: 9, saturation: 0 },
    ],
    ["a bulb of one white", { ...bulb, is_color: 0, is_variable_color_temp: 0 }, { on: true, brightness: 80 }],
    [
      "a strip that plays",
      { ...strip, lighting_effect_state: { enable: 1, name: "Aurora", brightness: 30 } },
      { on: true, brightness: 30, effect: "Aurora" },
    ],
    ["a dimmer", dimmer, { on: false, brightness: 45 }],
    ["a plug", plug, { on: true }],
  ])("tells the state of %s", (_, sysinfo, state) => {
    expect(first(sysinfo).reading.state).toEqual(state);
  });

  it("makes a device of each outlet of a power strip, known by the strip's MAC and its place", () => {
    expect(
      read(powerStrip).readings.map(({ info, state }) => [info.id, info.parent, info.kind, info.alias, state.on]),
    ).toEqual([
      ["kasa-50c7bf000002-00", "kasa-50c7bf000002", "outlet", "Desk", true],
      ["kasa-50c7bf000002-01", "kasa-50c7bf000002", "outlet", "Fan", false],
    ]);
  });

  const BULB = "smartlife.iot.smartbulb.lightingservice";
  const STRIP = "smartlife.iot.lightStrip";
  const EFFECT = "smartlife.iot.lighting_effect";
  const DIMMER = "smartlife.iot.dimmer";
  const light = (args: object) => ({ [BULB]: { transition_light_state: args } });

  it.each<[string, object, Change, object]>([
    ["a bare on takes the owner's default", bulb, { on: true }, light({ on_off: 1, ignore_default: 0 })],
    ["off", bulb, { on: false }, light({ on_off: 0, ignore_default: 1 })],
    ["brightness 0 is off", bulb, { brightness: 0, hue: 3 }, light({ on_off: 0, ignore_default: 1 })],
    ["brightness switches on", bulb, { brightness: 7.4 }, light({ on_off: 1, ignore_default: 1, brightness: 7 })],
    [
      "colour leaves the white",
      bulb,
      { hue: 200, saturation: 50, brightness: 9 },
      light({ on_off: 1, ignore_default: 1, brightness: 9, hue: 200, saturation: 50, color_temp: 0 }),
    ],
    [
      "a hue alone is fully coloured",
      bulb,
      { hue: 200 },
      light({ on_off: 1, ignore_default: 1, hue: 200, saturation: 100, color_temp: 0 }),
    ],
    ["white too warm for the model", bulb, { kelvin: 1500 }, light({ on_off: 1, ignore_default: 1, color_temp: 2500 })],
    [
      "of colour and white the colour",
      bulb,
      { hue: 20, saturation: 10, kelvin: 4000 },
      light({ on_off: 1, ignore_default: 1, hue: 20, saturation: 10, color_temp: 0 }),
    ],
    [
      "a bulb's own fade",
      bulb,
      { brightness: 40, transitionMs: 2500 },
      light({ on_off: 1, ignore_default: 1, brightness: 40, transition_period: 2500 }),
    ],
    [
      "a strip's own fade has another name",
      strip,
      { kelvin: 4000, transitionMs: 100 },
      { [STRIP]: { set_light_state: { on_off: 1, ignore_default: 1, color_temp: 4000, transition: 100 } } },
    ],
    ["a plug", plug, { on: false }, { system: { set_relay_state: { state: 0 } } }],
    [
      "a dimmer, both in one request",
      dimmer,
      { brightness: 30 },
      { [DIMMER]: { set_brightness: { brightness: 30 } }, system: { set_relay_state: { state: 1 } } },
    ],
    [
      "a dimmer's fade to what it had",
      dimmer,
      { on: true, transitionMs: 400 },
      { [DIMMER]: { set_dimmer_transition: { brightness: 45, duration: 400 } } },
    ],
    [
      "a dimmer's fade to dark",
      dimmer,
      { on: false, transitionMs: 800 },
      { [DIMMER]: { set_dimmer_transition: { brightness: 0, duration: 800 } } },
    ],
    [
      "an outlet by its own id",
      powerStrip,
      { on: false },
      { context: { child_ids: ["8012AB00"] }, system: { set_relay_state: { state: 0 } } },
    ],
  ])("says in one request: %s", (_, sysinfo, change, request) => {
    expect(requestOf(sysinfo, change)).toEqual(request);
  });

  it("sends a strip's effect whole, by its name however it is written, and again to dim it", () => {
    const sent = (sysinfo: object, change: Change) =>
      (requestOf(sysinfo, change) as Record<string, { set_lighting_effect: object } | undefined>)[EFFECT]
        ?.set_lighting_effect;
    const playing = { ...strip, lighting_effect_state: { enable: 1, name: "Aurora", brightness: 30 } };
    expect(sent(strip, { effect: " aURora " })).toMatchObject({
      name: "Aurora",
      enable: 1,
      brightness: 80,
      type: "sequence",
    });
    expect(sent(playing, { brightness: 5 })).toMatchObject({ name: "Aurora", enable: 1, brightness: 5 });
    expect(sent(playing, { kelvin: 3000 })).toBeUndefined();
    for (const { name } of STRIP_EFFECTS)
      expect(sent(strip, { effect: name })).toMatchObject({ name, segments: expect.any(Array) as number[] });
  });

  it("ends an effect and sets the rest in one request, and dims one it does not know as light", () => {
    const playing = { ...strip, lighting_effect_state: { enable: 1, name: "Made in the app", brightness: 30 } };
    expect(requestOf(playing, { effect: null, brightness: 9 })).toMatchObject({
      [EFFECT]: { set_lighting_effect: { enable: 0 } },
      [STRIP]: { set_light_state: { on_off: 1, brightness: 9 } },
    });
    const { family, reading } = first(playing);
    const dim = family.change(reading, { brightness: 9 });
    expect(dim.request).toEqual({ [STRIP]: { set_light_state: { on_off: 1, ignore_default: 1, brightness: 9 } } });
    const answer = { [STRIP]: { set_light_state: { on_off: 1, ...WHITE, brightness: 9, err_code: 0 } } };
    expect(dim.read(answer)).toMatchObject({ on: true, effect: "Made in the app", brightness: 9 });
  });

  it.each<[string, object, Change, RegExp]>([
    ["a colour of a plug", plug, { hue: 1 }, /no colours/],
    ["a white of a bulb with one", { ...bulb, is_variable_color_temp: 0 }, { kelvin: 3000 }, /one white only/],
    ["brightness of an outlet", powerStrip, { brightness: 5 }, /cannot be dimmed/],
    ["an effect of a bulb", bulb, { effect: "Aurora" }, /no effects/],
    ["an effect that there is not", strip, { effect: "Disco" }, /Aurora/],
  ])("refuses %s before anything is sent", (_, sysinfo, change, words) => {
    expect(() => requestOf(sysinfo, change)).toThrow(
      expect.objectContaining({ code: "DEVICE_CANNOT", message: expect.stringMatching(words) as string }),
    );
  });

  it("takes the device's word for where it is going, and its no for a no", () => {
    const { family, reading } = first(bulb);
    const change = family.change(reading, { on: true });
    const answer = (said: object) => ({ [BULB]: { transition_light_state: said } });
    expect(change.read(answer({ on_off: 1, ...WHITE, brightness: 33, err_code: 0 }))).toEqual({
      on: true,
      brightness: 33,
      kelvin: 2700,
    });
    // A firmware that only says yes is taken at that.
    expect(change.read(answer({ err_code: 0 }))).toEqual({ on: true, brightness: 80, kelvin: 2700 });
    expect(() => change.read(answer({ err_code: -10000, err_msg: "Invalid input argument" }))).toThrow(
      expect.objectContaining({ code: "DEVICE_REFUSED", message: expect.stringContaining("-10000") as string }),
    );
    expect(() => change.read({ [BULB]: { err_code: -2001, err_msg: "Module not support" } })).toThrow(
      expect.objectContaining({ code: "DEVICE_REFUSED" }),
    );
    expect(() => change.read({})).toThrow(expect.objectContaining({ code: "KASA_GARBAGE" }));
  });

  it.each([
    ["thousandths", { voltage_mv: 231_500, current_ma: 357, power_mw: 82_500, total_wh: 1250, err_code: 0 }],
    ["whole units, as the first firmwares", { voltage: 231.5, current: 0.357, power: 82.5, total: 1.25, err_code: 0 }],
  ])("reads a meter in %s", (_, said) => {
    const { family, reading } = first({ ...plug, feature: "TIM:ENE" });
    const { request, read: readMeter } = family.energy(reading);
    expect(request).toEqual({ emeter: { get_realtime: {} } });
    expect(readMeter({ emeter: { get_realtime: said } })).toEqual({
      powerW: 82.5,
      voltageV: 231.5,
      currentA: 0.357,
      totalKwh: 1.25,
    });
  });
});
