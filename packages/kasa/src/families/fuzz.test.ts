/** Whatever a device answers: it is read, within our model's ranges, or it is one of two errors. Nothing else, and nothing large. */
import * as fc from "fast-check";
import { hasCode } from "@skein/kit";
import type { Reading } from "./family";
import { createIot } from "./iot";
import { createSmart } from "./smart";

const IOT = [
  "model",
  "alias",
  "mac",
  "mic_mac",
  "deviceId",
  "sw_ver",
  "length",
  "light_state",
  "lighting_effect_state",
  "relay_state",
  "brightness",
  "children",
  "is_color",
  "feature",
];
const LIGHT = ["on_off", "dft_on_state", "hue", "saturation", "color_temp", "brightness", "mode"];
const SMART = [
  "model",
  "mac",
  "nickname",
  "device_on",
  "brightness",
  "hue",
  "saturation",
  "color_temp",
  "color_temp_range",
  "dynamic_light_effect_enable",
  "lighting_effect",
  "device_id",
  "position",
  "type",
];

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.double({ noNaN: true }),
  fc.string({ maxLength: 1000 }),
  fc.constantFrom<unknown>(0, 1, "50C7BF000001", true, [2500, 6500]),
);
/** Some of the known fields with anything in them. */
const some = (fields: readonly string[]) => fc.dictionary(fc.constantFrom(...fields), value);

/** @returns undefined where it is refused as it should be */
function tolerated<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, "KASA_GARBAGE") && !hasCode(error, "DEVICE_REFUSED")) throw error;
    return undefined;
  }
}

function isWithinRanges({ info, state }: Reading): void {
  const { brightness = 1, hue = 0, saturation = 0, kelvin = 1000, effect = "" } = state;
  expect(brightness >= 1 && brightness <= 100 && hue >= 0 && hue <= 360 && saturation >= 0 && saturation <= 100).toBe(
    true,
  );
  expect(kelvin >= 1000 && kelvin <= 20_000).toBe(true);
  for (const words of [info.alias, info.model, info.firmware, info.hardware, effect])
    expect(words.length).toBeLessThanOrEqual(64);
}

describe("Whatever a device answers,", () => {
  it("the older family reads it or refuses it", () => {
    const sound = {
      model: "LB130(EU)",
      mic_mac: "50C7BF000001",
      is_color: 1,
      is_dimmable: 1,
      is_variable_color_temp: 1,
    };
    const sysinfo = fc
      .tuple(some(IOT), some(LIGHT))
      .map(([all, light]) => ({ light_state: { on_off: 1, ...light }, ...sound, ...all }));
    fc.assert(
      fc.property(fc.oneof(value, some(IOT), sysinfo), (said) => {
        tolerated(() =>
          createIot()
            .readings()
            .read({ system: { get_sysinfo: said } }),
        )?.forEach(isWithinRanges);
        tolerated(() => createIot().readings().read({ system: said }));
      }),
      { numRuns: 500 },
    );
  });

  it("the newer family reads it or refuses it", () => {
    const sound = { model: "L530", mac: "50-C7-BF-00-00-01", brightness: 5, hue: 1, saturation: 1, color_temp: 0 };
    const info = some(SMART).map((all) => ({ ...sound, ...all }));
    const parts = { own: new Map([["light_strip_lighting_effect", 2]]), children: new Map(), pages: [0] };
    const list = { child_device_list: [], start_index: 0, sum: 0 };
    fc.assert(
      fc.property(fc.oneof(value, some(SMART), info), (said) => {
        const responses = [
          { method: "get_device_info", error_code: 0, result: said },
          { method: "get_child_device_list", error_code: 0, result: list },
        ];
        tolerated(() => createSmart(parts).readings().read({ error_code: 0, result: { responses } }))?.forEach(
          isWithinRanges,
        );
        tolerated(() =>
          createSmart(parts)
            .readings()
            .read({ error_code: 0, result: { responses: said } }),
        );
        const children = { method: "get_child_device_list", error_code: 0, result: { child_device_list: [said] } };
        const strip = { method: "get_device_info", error_code: 0, result: sound };
        tolerated(() =>
          createSmart(parts)
            .readings()
            .read({ error_code: 0, result: { responses: [strip, children] } }),
        )?.forEach(isWithinRanges);
      }),
      { numRuns: 500 },
    );
  });
});
