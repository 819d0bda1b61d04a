/** The older family's JSON, module by module, over XOR or KLAP: bulbs, light strips, dimmers, plugs, power strips (reference/kasa.md, "Devices"). */
import { z } from "zod";
import type { Energy } from "../model";
import type { Family } from "./family";
import { changeOf, contextOf } from "./iot-change";
import { part } from "./iot-part";
import { readingsOf, sysinfo } from "./iot-reading";

export const SYSINFO = { system: { get_sysinfo: {} } } as const;

/** The children's own ids, by our outlets' ids: commands name them. */
export function createIot(): Family {
  const children = new Map<string, string>();
  return {
    readings: () => ({
      request: SYSINFO,
      read(answer) {
        const info = part(answer, "system", "get_sysinfo", sysinfo);
        const all = readingsOf(info);
        info.children?.forEach((child, index) => {
          const id = all[index]?.info.id;
          if (id !== undefined) children.set(id, child.id.length <= 2 ? info.deviceId + child.id : child.id);
        });
        return all;
      },
    }),
    change: (reading, change) => changeOf(reading, change, children.get(reading.info.id)),
    energy: ({ info }) => {
      const module = info.kind === "bulb" || info.kind === "strip" ? "smartlife.iot.common.emeter" : "emeter";
      return {
        request: { ...contextOf(children.get(info.id)), [module]: { get_realtime: {} } },
        read: (answer) => energyOf(part(answer, module, "get_realtime", meter)),
      };
    },
  };
}

const meter = z.object({
  power_mw: z.number().optional(),
  voltage_mv: z.number().optional(),
  current_ma: z.number().optional(),
  total_wh: z.number().optional(),
  // The first firmwares said it in whole units.
  power: z.number().optional(),
  voltage: z.number().optional(),
  current: z.number().optional(),
  total: z.number().optional(),
});

function energyOf(said: z.output<typeof meter>): Energy {
  const thousandth = (value: number | undefined) => (value === undefined ? undefined : value / 1000);
  return {
    powerW: said.power ?? (said.power_mw ?? 0) / 1000,
    voltageV: said.voltage ?? thousandth(said.voltage_mv),
    currentA: said.current ?? thousandth(said.current_ma),
    totalKwh: said.total ?? thousandth(said.total_wh),
  };
}
