import type { Change, LightState } from "../model";
import { createSmart } from "./smart";
import type { Components } from "./smart-components";

/** As an L530 answers get_device_info (reference/kasa.md, "SMART JSON"), without what nobody reads. */
const bulb = {
  type: "SMART.TAPOBULB",
  model: "L530",
  mac: "50-C7-BF-00-00-09",
  nickname: Buffer.from("Küche").toString("base64"),
  fw_ver: "1.1.0",
  hw_ver: "2.0",
  device_on: true,
  brightness: 60,
  hue: 0,
  saturation: 0,
  color_temp: 2700,
  color_temp_range: [2500, 6500],
  dynamic_light_effect_enable: false,
};
const {
  brightness: _,
  hue: _hue,
  saturation: _saturation,
  color_temp: _kelvin,
  color_temp_range: _range,
  dynamic_light_effect_enable: _effect,
  ...bare
} = bulb;
const plug = { ...bare, type: "SMART.TAPOPLUG", model: "P110" };

const answers = (...responses: object[]) => ({ error_code: 0, result: { responses } });
const said = (info: object) => ({ method: "get_device_info", error_code: 0, result: info });
/** Made of these, at version 2, and without children. */
const made = (...ids: string[]): Components => ({
  own: new Map(ids.map((id) => [id, 2])),
  children: new Map(),
  pages: [],
});

const first = (info: object, ...ids: string[]) => {
  const family = createSmart(made("device", ...ids));
  const [reading] = family.readings().read(answers(said(info)));
  if (!reading) throw new Error("no reading");
  return { family, reading };
};
const sent = (change: Change, info: object = bulb, ...ids: string[]): unknown[] => {
  const { family, reading } = first(info, ...ids);
  const { params } = family.change(reading, change).request as { params: { requests: unknown[] } };
  return params.requests;
};

describe("The newer family's JSON", () => {
  it.each<[string, object, LightState]>([
    ["in white", bulb, { on: true, brightness: 60, kelvin: 2700 }],
    [
      "in colour",
      { ...bulb, color_temp: 0, hue: 9, saturation: 8 },
      { on: true, brightness: 60, hue: 9, saturation: 8 },
    ],
    [
      "with an effect",
      { ...bulb, dynamic_light_effect_enable: true, dynamic_light_effect_id: "L2" },
      { on: true, brightness: 60, effect: "Relax" },
    ],
    ["of a plug", { ...plug, device_on: false }, { on: false }],
  ])("tells the state %s", (_name, info, state) => {
    expect(first(info).reading.state).toEqual(state);
  });

  it("tells who it is and what it can", () => {
    const { family, reading } = first(bulb, "energy_monitoring");
    expect(reading.info).toMatchObject({
      id: "kasa-50c7bf000009",
      alias: "Küche",
      kind: "bulb",
      abilities: {
        color: true,
        kelvin: { min: 2500, max: 6500 },
        effects: ["Party", "Relax"],
        transition: false,
        energy: true,
      },
    });
    expect(family.readings().request).toEqual({
      method: "multipleRequest",
      params: { requests: [{ method: "get_device_info" }] },
    });
    expect(first(plug).reading.info).toMatchObject({
      kind: "plug",
      abilities: { brightness: false, color: false, effects: [] },
    });
  });

  const look = { method: "get_device_info" };
  const set = (params: object) => ({ method: "set_device_info", params });
  const effect = (params: object) => ({ method: "set_dynamic_light_effect_rule_enable", params });
  it.each<[string, Change, object[]]>([
    ["on", { on: true }, [set({ device_on: true }), look]],
    ["brightness 0 is off", { brightness: 0 }, [set({ device_on: false }), look]],
    [
      "colour leaves the white",
      { hue: 9, brightness: 5 },
      [set({ device_on: true, brightness: 5, hue: 9, saturation: 100, color_temp: 0 }), look],
    ],
    ["white within the model's range", { kelvin: 9000 }, [set({ device_on: true, color_temp: 6500 }), look]],
    ["an effect by name", { effect: "party" }, [set({ device_on: true }), effect({ enable: true, id: "L1" }), look]],
    ["the end of one", { effect: null }, [set({ device_on: true }), effect({ enable: false }), look]],
  ])("says in one request, with a look at what came of it: %s", (_name, change, requests) => {
    expect(sent(change)).toEqual(requests);
  });

  it("knows a no by which method said it, and garbage by what is missing", () => {
    const { family, reading } = first(bulb);
    const { read } = family.change(reading, { brightness: 5 });
    const refused = { method: "set_device_info", error_code: -1008 };
    expect(() => read(answers(refused))).toThrow(
      expect.objectContaining({
        code: "DEVICE_REFUSED",
        message: expect.stringMatching(/set_device_info.*-1008/) as string,
      }),
    );
    expect(() => read({ error_code: -1003 })).toThrow(expect.objectContaining({ code: "DEVICE_REFUSED" }));
    expect(() => read({ result: [] })).toThrow(expect.objectContaining({ code: "KASA_GARBAGE" }));
    expect(() => read(answers({ method: "set_device_info", error_code: 0 }))).toThrow(
      expect.objectContaining({ code: "KASA_GARBAGE" }),
    );
  });

  it.each<[string, object[], number]>([
    ["in mW, where its usage tells", [{ current_power: 82_500, today_energy: 10 }, { current_power: 83 }], 82.5],
    ["in W, where it does not", [{ today_energy: 10 }, { current_power: 83 }], 83],
  ])("reads its meter %s", (_name, [usage, power], powerW) => {
    const { family, reading } = first(plug, "energy_monitoring");
    const { request, read } = family.energy(reading);
    const requests = [{ method: "get_energy_usage" }, { method: "get_current_power" }];
    expect(request).toEqual({ method: "multipleRequest", params: { requests } });
    const answer = answers(
      { method: "get_energy_usage", error_code: 0, result: usage },
      { method: "get_current_power", error_code: 0, result: power },
    );
    expect(read(answer)).toEqual({ powerW });
  });
});
