/** A newer light strip: the shapes are an L930's, as python-kasa has them recorded (tests/fixtures/smart). */
import type { Change, LightState } from "../model";
import { STRIP_EFFECTS } from "./effects";
import type { Reading } from "./family";
import { createSmart } from "./smart";

const NONE = { brightness: 50, custom: 0, display_colors: [], enable: 0, id: "", name: "station" };
const strip = {
  type: "SMART.TAPOBULB",
  model: "L930",
  mac: "78-8C-B5-00-00-02",
  nickname: "",
  device_on: true,
  brightness: 80,
  hue: 255,
  saturation: 68,
  color_temp: 0,
  color_temp_range: [2500, 6500],
  lighting_effect: NONE,
};
const plays = (name: string) => ({ ...strip, lighting_effect: { ...NONE, enable: 1, name, brightness: 30 } });

const family = createSmart({
  own: new Map(["device", "light_strip", "light_strip_lighting_effect"].map((id) => [id, 2])),
  children: new Map(),
  pages: [],
});
const read = (info: object): Reading => {
  const responses = [{ method: "get_device_info", error_code: 0, result: info }];
  return family.readings().read({ error_code: 0, result: { responses } })[0] as Reading;
};
const sent = (info: object, change: Change): object[] => {
  const { params } = family.change(read(info), change).request as { params: { requests: object[] } };
  return params.requests.slice(0, -1);
};
const set = (params: object) => ({ method: "set_device_info", params });

describe("A newer light strip", () => {
  it("knows the older ones' effects by the same names", () => {
    expect(read(strip).info).toMatchObject({
      kind: "strip",
      abilities: {
        effects: STRIP_EFFECTS.map(({ name }) => name),
        transition: false,
        kelvin: { min: 2500, max: 6500 },
      },
    });
  });

  it.each<[string, object, LightState]>([
    ["no effect", strip, { on: true, brightness: 80, hue: 255, saturation: 68 }],
    ["one that plays", plays("Aurora"), { on: true, brightness: 30, effect: "Aurora" }],
    ["one made in the app", plays("Sunday"), { on: true, brightness: 30, effect: "Sunday" }],
  ])("tells of %s", (_name, info, state) => {
    expect(read(info).state).toEqual(state);
  });

  it.each(STRIP_EFFECTS)("is sent $name whole, under the maker's id", ({ name, type }) => {
    const [on, effect] = sent(strip, { effect: name.toUpperCase() });
    expect(on).toEqual(set({ device_on: true }));
    expect(effect).toMatchObject({
      method: "set_lighting_effect",
      params: { name, type, enable: 1, custom: 0, brightness: 80, id: expect.stringMatching(/^TapoStrip_/) as string },
    });
  });

  it("has its effect dimmed as one, whichever it is", () => {
    const dim = { method: "set_lighting_effect", params: { brightness: 5, bAdjusted: true } };
    for (const name of ["Aurora", "Sunday"])
      expect(sent(plays(name), { brightness: 5 })).toEqual([set({ device_on: true }), dim]);
    expect(sent(strip, { brightness: 5 })).toEqual([set({ device_on: true, brightness: 5 })]);
  });

  it.each<[string, Change, object]>([
    ["colour", { hue: 9, saturation: 8 }, { device_on: true, hue: 9, saturation: 8, color_temp: 0 }],
    ["white", { kelvin: 3000, brightness: 5 }, { device_on: true, brightness: 5, color_temp: 3000 }],
    ["off", { on: false }, { device_on: false }],
  ])("is sent %s alone, whatever plays", (_name, change, params) => {
    expect(sent(plays("Aurora"), change)).toEqual([set(params)]);
  });

  it("has its effect ended before the rest is set", () => {
    const [end, rest] = sent(plays("Aurora"), { effect: null, brightness: 9 });
    expect(end).toMatchObject({ method: "set_lighting_effect", params: { enable: 0 } });
    expect(rest).toEqual(set({ device_on: true, brightness: 9 }));
  });

  it("refuses an effect that there is not", () => {
    expect(() => sent(strip, { effect: "Disco" })).toThrow(expect.objectContaining({ code: "DEVICE_CANNOT" }));
  });
});
