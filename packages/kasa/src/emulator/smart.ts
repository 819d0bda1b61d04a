/** The newer JSON, method by method, as Tapo's and newer Kasa firmware answers it. There are no transitions. */
import { DEFAULT_KELVIN, modelOf, smartTypeOf, type Body } from "./body";
import type { Handler } from "./iot";
import type { Lamp } from "./lamp";
import { answering, component, done, invalid, tells, type Calls } from "./smart-calls";
import { bulbEffects, readGlow, stripEffects } from "./smart-light";
import { outletCalls } from "./smart-outlets";

export const createSmart = (body: Body): Handler => answering(callsOf(body));

function callsOf(body: Body): Calls {
  const { device, has } = body;
  const [lamp] = body.lamps as [Lamp];
  if (device.kind === "power-strip") return outletCalls(body, common(body));
  const effects = !has.color ? undefined : device.kind === "strip" ? stripEffects(lamp) : bulbEffects(lamp);
  const components = [
    component("device", 2),
    ...(device.kind === "strip" ? [component("light_strip", 1)] : []),
    ...(effects ? [effects.component] : []),
    ...(has.brightness ? [component("brightness", 1)] : []),
    ...(has.color ? [component("color", 1)] : []),
    ...(has.kelvin ? [component("color_temperature", 1)] : []),
    ...(device.energy ? [component("energy_monitoring", 2)] : []),
  ];
  const info = () => {
    const { on, brightness, hue, saturation, kelvin } = lamp.now();
    const { min, max } = device.kelvin || DEFAULT_KELVIN;
    return {
      ...common(body),
      device_on: on,
      ...(has.brightness && { brightness }),
      ...(has.color && { hue, saturation }),
      ...(has.kelvin && { color_temp: kelvin, color_temp_range: [min, max] }),
      ...effects?.info(),
    };
  };
  return {
    component_nego: () => tells({ component_list: components }),
    get_device_info: () => tells(info()),
    set_device_info: (params) => {
      const glow = readGlow(params, body);
      if (glow === undefined) return invalid;
      lamp.set(glow);
      return done;
    },
    ...effects?.calls,
    ...(device.energy && {
      get_energy_usage: () => {
        const current_power = Math.round(body.powerW(body.lamps) * 1000);
        return tells({ current_power, today_energy: 10, month_energy: 200 });
      },
      get_current_power: () => tells({ current_power: Math.round(body.powerW(body.lamps)) }),
    }),
  };
}

/** What every device says of itself, whatever it is. */
const common = ({ device }: Body) => ({
  device_id: `80${device.mac.replaceAll(":", "")}`,
  fw_ver: "1.1.0 Build 230721 Rel.224802",
  hw_ver: "2.0",
  type: smartTypeOf(device.kind),
  model: modelOf(device),
  mac: device.mac.replaceAll(":", "-"),
  nickname: Buffer.from(device.alias).toString("base64"),
});
