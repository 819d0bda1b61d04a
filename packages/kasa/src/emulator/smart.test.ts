import { FakeClock } from "@skein/kit";
import { createBody } from "./body";
import type { EmulatedDevice } from "./emulator";
import { createSmart } from "./smart";

interface Said {
  readonly error_code: number;
  readonly result?: Record<string, unknown>;
}
const emulate = (wish: Partial<EmulatedDevice>) => {
  const device = { family: "smart", protocol: "klap-v2", alias: "Desk", mac: "50:C7:BF:00:00:01", host: "127.0.0.1" };
  const body = createBody({ kind: "bulb", ...device, ...wish } as EmulatedDevice, new FakeClock(), () => {});
  const handle = createSmart(body);
  const ask = (method: string, params?: object | null) => handle({ method, params }) as Said;
  return { body, ask };
};

describe("An emulated newer power strip", () => {
  const strip = (outlets: number, energy = false) => {
    const { body, ask } = emulate({ kind: "power-strip", outlets, energy });
    const list = (start_index?: number) =>
      ask("get_child_device_list", { start_index }).result as {
        child_device_list: { device_id: string; position: number; nickname: string; device_on: boolean }[];
        sum: number;
      };
    const control = (device_id: unknown, requestData: unknown) => ask("control_child", { device_id, requestData });
    return { body, ask, list, control };
  };

  it("lists its outlets as a P300 does, the last one first, and has no relay of its own", () => {
    const { ask, list } = strip(3);
    const { child_device_list: children, sum } = list();
    expect([sum, children.map(({ position }) => position)]).toEqual([3, [3, 2, 1]]);
    expect(Buffer.from(children[0]?.nickname ?? "", "base64").toString()).toBe("Desk 3");
    expect(ask("get_device_info").result).toMatchObject({ model: "P300", nickname: expect.any(String) as string });
    expect(ask("get_device_info").result).not.toHaveProperty("device_on");
    expect(ask("set_device_info", { device_on: true })).toEqual({ error_code: -1008 });
  });

  it("lists ten a page", () => {
    const { list, ask } = strip(12);
    expect([list().child_device_list.length, list(10).child_device_list.length, list(10).sum]).toEqual([10, 2, 12]);
    expect(ask("get_child_device_component_list", { start_index: 10 }).result).toMatchObject({
      start_index: 10,
      sum: 12,
    });
    for (const start_index of [-1, 13, "0"])
      expect(ask("get_child_device_list", { start_index })).toEqual({ error_code: -1008 });
  });

  it("passes on what is meant for an outlet, several in one too, and says no to whom it does not know", () => {
    const { body, list, control } = strip(3);
    const [last] = list().child_device_list;
    const requests = [{ method: "set_device_info", params: { device_on: true } }, { method: "get_device_info" }];
    expect(control(last?.device_id, { method: "multipleRequest", params: { requests } })).toMatchObject({
      error_code: 0,
      result: {
        responseData: {
          error_code: 0,
          result: {
            responses: [
              { method: "set_device_info", error_code: 0 },
              { method: "get_device_info", error_code: 0, result: { device_on: true, position: 3 } },
            ],
          },
        },
      },
    });
    expect(body.lamps.map((lamp) => lamp.now().on)).toEqual([false, false, true]);
    expect(control(last?.device_id, { method: "fly", params: null }).result).toEqual({
      responseData: { error_code: -1002 },
    });
    for (const nobody of ["", "8022", undefined, "__proto__"])
      expect(control(nobody, { method: "get_device_info" })).toEqual({ error_code: -1008 });
  });

  it("measures each outlet, and not itself, where it has meters", () => {
    const { body, ask, list, control } = strip(2, true);
    body.lamps[1]?.set({ on: true });
    const power = list().child_device_list.map(({ device_id }) => control(device_id, { method: "get_current_power" }));
    expect(power.map(({ result }) => result)).toMatchObject([
      { responseData: { result: { current_power: 40 } } },
      { responseData: { result: { current_power: 0 } } },
    ]);
    expect(ask("get_energy_usage")).toEqual({ error_code: -1002 });
    expect(strip(2).control("x", {}).error_code).toBe(-1008);
  });
});

describe("An emulated newer light strip", () => {
  const strip = () => {
    const { ask, body } = emulate({ kind: "strip" });
    const effect = () => (ask("get_device_info").result as { lighting_effect: object }).lighting_effect;
    return { ask, effect, lamp: () => body.lamps[0]?.now() };
  };
  const ocean = {
    enable: 1,
    name: "Ocean",
    id: "TapoStrip_0f",
    custom: 0,
    brightness: 70,
    display_colors: [[1, 2, 3]],
  };

  it("names the component by which it is known", () => {
    const { component_list } = strip().ask("component_nego").result as { component_list: { id: string }[] };
    const ids = component_list.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["light_strip", "light_strip_lighting_effect"]));
    expect(ids).not.toContain("light_effect");
    expect(strip().ask("set_dynamic_light_effect_rule_enable", { enable: false })).toEqual({ error_code: -1002 });
  });

  it("plays an effect, dims it by a brightness alone and ends it", () => {
    const { ask, effect } = strip();
    expect(effect()).toMatchObject({ enable: 0, name: "station" });
    ask("set_lighting_effect", ocean);
    expect(effect()).toEqual(ocean);
    ask("set_lighting_effect", { brightness: 5, bAdjusted: true });
    expect(effect()).toMatchObject({ enable: 1, name: "Ocean", brightness: 5 });
    ask("set_lighting_effect", { ...ocean, enable: 0 });
    expect(effect()).toMatchObject({ enable: 0, name: "station" });
  });

  it.each([{ hue: 5, saturation: 5, color_temp: 0 }, { color_temp: 3000 }])("ends it by %o", (light) => {
    const { ask, effect } = strip();
    ask("set_lighting_effect", ocean);
    expect(ask("set_device_info", light)).toEqual({ error_code: 0 });
    expect(effect()).toMatchObject({ enable: 0 });
  });

  it("refuses what is no effect, whole", () => {
    const { ask, effect, lamp } = strip();
    const before = [effect(), lamp()];
    for (const wrong of [{ enable: 2 }, { ...ocean, brightness: 0 }, { ...ocean, name: "" }, { enable: 1 }, []])
      expect(ask("set_lighting_effect", wrong)).toEqual({ error_code: -1008 });
    expect([effect(), lamp()]).toEqual(before);
  });
});
