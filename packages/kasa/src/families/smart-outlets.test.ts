/** A newer power strip: the shapes are a P300's and a P304M's, as python-kasa has them recorded (tests/fixtures/smart). */
import type { Reading } from "./family";
import { createSmart } from "./smart";
import { askComponents } from "./smart-components";

const strip = {
  type: "SMART.TAPOPLUG",
  model: "P300",
  mac: "78-8C-B5-00-00-01",
  nickname: Buffer.from("Desk").toString("base64"),
  fw_ver: "1.0.13",
  hw_ver: "1.0",
};
const child = (position: number, device_on: boolean) => ({
  category: "plug.powerstrip.sub-plug",
  device_id: `8022${position}`,
  nickname: Buffer.from(`Outlet ${position}`).toString("base64"),
  device_on,
  position,
  slot_number: 3,
});
const component = (id: string, ver_code = 2) => ({ id, ver_code });
const ok = (method: string, result?: object) => ({ method, error_code: 0, ...(result && { result }) });
const answers = (...responses: object[]) => ({ error_code: 0, result: { responses } });

/** Answers as a strip of so many outlets, ten a page, the last one first; each has a meter or none has. */
function session(count: number, meters = false) {
  const asked: object[] = [];
  const ids = Array.from({ length: count }, (_, index) => `8022${count - index}`);
  return {
    asked,
    async request(request: object): Promise<object> {
      asked.push(request);
      const { method, params } = request as { method: string; params?: { start_index: number } };
      if (method === "component_nego")
        return { error_code: 0, result: { component_list: [component("device"), component("child_device")] } };
      const start_index = params?.start_index ?? 0;
      const component_list = [component("device"), ...(meters ? [component("energy_monitoring")] : [])];
      const child_component_list = ids
        .slice(start_index, start_index + 10)
        .map((device_id) => ({ device_id, component_list }));
      return Promise.resolve({ error_code: 0, result: { child_component_list, start_index, sum: count } });
    },
  };
}

const look = async (on: readonly boolean[], meters = false) => {
  const family = createSmart(await askComponents(session(on.length, meters)));
  const listed = on.map((each, index) => child(index + 1, each)).toReversed();
  const list = ok("get_child_device_list", { child_device_list: listed, start_index: 0, sum: on.length });
  const readings = family.readings().read(answers(ok("get_device_info", strip), list));
  return { family, readings };
};
const second = async (meters = false) => {
  const { family, readings } = await look([true, false, false], meters);
  return { family, reading: readings[1] as Reading };
};

describe("A newer power strip", () => {
  it("comes as its outlets, known by their place however they are listed", async () => {
    const { family, readings } = await look([true, false, false]);
    expect(family.readings().request).toEqual({
      method: "multipleRequest",
      params: {
        requests: [{ method: "get_device_info" }, { method: "get_child_device_list", params: { start_index: 0 } }],
      },
    });
    expect(readings.map(({ info, state }) => [info.id, info.parent, info.kind, info.alias, state])).toEqual([
      ["kasa-788cb5000001-00", "kasa-788cb5000001", "outlet", "Outlet 1", { on: true }],
      ["kasa-788cb5000001-01", "kasa-788cb5000001", "outlet", "Outlet 2", { on: false }],
      ["kasa-788cb5000001-02", "kasa-788cb5000001", "outlet", "Outlet 3", { on: false }],
    ]);
    expect(readings[0]?.info).toMatchObject({ model: "P300", family: "smart", abilities: { energy: false } });
  });

  it("is asked for all of its pages at once, once it is known how many there are", async () => {
    const many = session(23);
    const components = await askComponents(many);
    expect(components.children.size).toBe(23);
    expect(many.asked).toHaveLength(4);
    expect(createSmart(components).readings().request).toMatchObject({
      params: {
        requests: [
          { method: "get_device_info" },
          { params: { start_index: 0 } },
          { params: { start_index: 10 } },
          { params: { start_index: 20 } },
        ],
      },
    });
  });

  it("is not asked for ever where it says that there are more than it lists", async () => {
    const liar = { request: (request: object) => session(3).request(request).then(more) };
    const more = (answer: object) => ({
      ...answer,
      result: { ...(answer as { result: object }).result, sum: 1_000_000 },
    });
    expect((await askComponents(liar)).children.size).toBe(3);
  });

  it("sets an outlet in one request, with a look at what came of it", async () => {
    const { family, reading } = await second();
    const { request, read } = family.change(reading, { on: true });
    const requests = [{ method: "set_device_info", params: { device_on: true } }, { method: "get_device_info" }];
    expect(request).toEqual({
      method: "control_child",
      params: { device_id: "80222", requestData: { method: "multipleRequest", params: { requests } } },
    });
    const responseData = answers(ok("set_device_info"), ok("get_device_info", child(2, true)));
    expect(read({ error_code: 0, result: { responseData } })).toEqual({ on: true });
  });

  it("tells an outlet's no, and its strip's, from what makes no sense", async () => {
    const { family, reading } = await second();
    const { read } = family.change(reading, { on: true });
    const refused = answers({ method: "set_device_info", error_code: -1008 });
    for (const answer of [{ error_code: -1008 }, { error_code: 0, result: { responseData: refused } }])
      expect(() => read(answer)).toThrow(expect.objectContaining({ code: "DEVICE_REFUSED" }));
    for (const answer of [{ error_code: 0 }, { error_code: 0, result: { responseData: "yes" } }])
      expect(() => read(answer)).toThrow(expect.objectContaining({ code: "KASA_GARBAGE" }));
    expect(() => family.change(reading, { brightness: 5 })).toThrow(expect.objectContaining({ code: "DEVICE_CANNOT" }));
  });

  it("reads each outlet's own meter where there are meters", async () => {
    const { family, reading } = await second(true);
    expect(reading.info.abilities.energy).toBe(true);
    const { request, read } = family.energy(reading);
    expect(request).toMatchObject({ method: "control_child", params: { device_id: "80222" } });
    const usage = ok("get_energy_usage", { today_energy: 0, month_energy: 14 });
    const responseData = answers(usage, ok("get_current_power", { current_power: 61 }));
    expect(read({ error_code: 0, result: { responseData } })).toEqual({ powerW: 61 });
  });

  it("refuses a command for an outlet that it does not list any more", async () => {
    const { family, reading } = await second();
    const list = ok("get_child_device_list", { child_device_list: [child(1, true)], start_index: 0, sum: 1 });
    family.readings().read(answers(ok("get_device_info", strip), list));
    expect(() => family.change(reading, { on: true })).toThrow(expect.objectContaining({ code: "DEVICE_UNKNOWN" }));
  });
});

it("A hub, whose children are sensors, is no strip", async () => {
  const family = createSmart(await askComponents(session(1)));
  const sensor = { device_id: "1", category: "subg.trigger.temp-hmdt-sensor", nickname: "" };
  const list = ok("get_child_device_list", { child_device_list: [sensor], start_index: 0, sum: 1 });
  const [reading] = family.readings().read(answers(ok("get_device_info", { ...strip, model: "H100" }), list));
  expect(reading?.info).toMatchObject({ id: "kasa-788cb5000001", kind: "plug" });
});
