/**
 * A newer power strip: it lists its outlets, ten a page and the last one first, and passes on what is meant for one. The shapes are a P300's
 * and a P304M's, as python-kasa has them recorded (tests/fixtures/smart).
 */
import type { Body } from "./body";
import { isWhole } from "./iot";
import type { Lamp } from "./lamp";
import { answering, component, done, invalid, tells, type Calls, type Params } from "./smart-calls";

const PAGE = 10;

/** What the strip says of itself, and each outlet too. */
interface Common {
  readonly device_id: string;
  readonly mac: string;
}

export function outletCalls(body: Body, common: Common): Calls {
  const { energy } = body.device;
  // A P304M names the meter among its own components too, though only its outlets have one.
  const meter = energy ? [component("energy_monitoring", 2)] : [];
  const outlets = body.lamps.map((lamp, index) => outletOf(body, common, lamp, index)).toReversed();
  const page = (key: string, each: (outlet: Outlet) => object) => (params: Params) => {
    const { start_index = 0 } = params;
    if (!isWhole(start_index, 0, outlets.length)) return invalid;
    return tells({ [key]: outlets.slice(start_index, start_index + PAGE).map(each), start_index, sum: outlets.length });
  };
  const component_list = [component("device", 2), ...meter];
  return {
    component_nego: () =>
      tells({ component_list: [...component_list, component("control_child", 2), component("child_device", 2)] }),
    get_device_info: () => tells(common),
    // It has no relay of its own.
    set_device_info: ({ device_on }) => (device_on === undefined ? done : invalid),
    get_child_device_list: page("child_device_list", (outlet) => outlet.info()),
    get_child_device_component_list: page("child_component_list", ({ id }) => ({ device_id: id, component_list })),
    control_child({ device_id, requestData }) {
      const outlet = outlets.find(({ id }) => id === device_id);
      return outlet ? tells({ responseData: outlet.answer(requestData) }) : invalid;
    },
  };
}

interface Outlet {
  readonly id: string;
  info(): object;
  answer(request: unknown): object;
}

function outletOf(body: Body, common: Common, lamp: Lamp, index: number): Outlet {
  const id = common.device_id + String(index).padStart(2, "0");
  const info = () => ({
    ...common,
    device_id: id,
    original_device_id: common.device_id,
    category: "plug.powerstrip.sub-plug",
    mac: common.mac.replaceAll("-", ""),
    nickname: Buffer.from(body.look(true)[index]?.alias ?? "").toString("base64"),
    device_on: lamp.now().on,
    position: index + 1,
    slot_number: body.lamps.length,
  });
  const answer = answering({
    get_device_info: () => tells(info()),
    set_device_info: ({ device_on }) => {
      if (device_on !== undefined && typeof device_on !== "boolean") return invalid;
      if (device_on !== undefined) lamp.set({ on: device_on });
      return done;
    },
    ...(body.device.energy && {
      // Without the power that a P110's usage tells.
      get_energy_usage: () => tells({ today_energy: 0, month_energy: 14 }),
      get_current_power: () => tells({ current_power: Math.round(body.powerW([lamp])) }),
    }),
  });
  return { id, info, answer };
}
