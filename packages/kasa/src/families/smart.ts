/** The newer family's JSON, method by method, over KLAP v2 or AES: Tapo's devices and newer Kasa ones (reference/kasa.md, "SMART JSON"). */
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import type { Energy } from "../model";
import type { Exchange, Family, Reading } from "./family";
import { settersOf } from "./smart-change";
import type { Components } from "./smart-components";
import { addressed, answersTo, many, type Call } from "./smart-part";
import { childList, deviceInfo, outletInfo, outletsOf, readingOf } from "./smart-reading";
import { after, fit } from "./wanted";

const LOOK: Call = { method: "get_device_info" };
const CHILDREN = "get_child_device_list";

export function createSmart(components: Components): Family {
  /** The outlets' own ids, by ours. */
  const outlets = new Map<string, string>();
  const pages = components.pages.map((start_index) => ({ method: CHILDREN, params: { start_index } }));
  /** @throws SkeinError DEVICE_UNKNOWN of an outlet that its strip does not list any more */
  const outletOf = ({ info }: Reading): string | undefined => {
    const own = outlets.get(info.id);
    if (own === undefined && info.kind === "outlet")
      throw new SkeinError("DEVICE_UNKNOWN", `the power strip "${info.model}" has no outlet "${info.alias}" any more.`);
    return own;
  };
  return {
    readings: () => ({
      request: many([LOOK, ...pages]),
      read(answer) {
        const answers = answersTo(undefined, answer);
        const said = answers.of(LOOK.method, deviceInfo);
        const lists = pages.length > 0 ? answers.all(CHILDREN, childList) : [];
        const children = lists.flatMap((list) => list.child_device_list);
        const all = outletsOf(said, children, components);
        outlets.clear();
        for (const { info, deviceId } of all) outlets.set(info.id, deviceId);
        return all.length > 0 ? all.map(({ info, state }) => ({ info, state })) : [readingOf(said, components)];
      },
    }),
    change(reading, wish) {
      const change = fit(reading.info, wish);
      const reached = after(reading.info.abilities, reading.state, change);
      const outlet = outletOf(reading);
      return {
        request: addressed(outlet, many([...settersOf(reading, change, reached), LOOK])),
        read(answer) {
          const answers = answersTo(outlet, answer);
          const said =
            outlet === undefined
              ? readingOf(answers.of(LOOK.method, deviceInfo), components).state
              : { on: answers.of(LOOK.method, outletInfo).device_on };
          // Brightness and colour of what was just switched on or off are told a moment late.
          return said.on === reached.on ? said : reached;
        },
      };
    },
    energy(reading) {
      const outlet = outletOf(reading);
      const made = outlet === undefined ? components.own : components.children.get(outlet);
      return energyOf(outlet, made?.get("energy_monitoring") ?? 1);
    },
  };
}

const usage = z.object({ current_power: z.number().optional() });
const power = z.object({ current_power: z.number() });

/** The usage tells mW, but not on every model (a P304M's outlets do not); the power, which came with the component's version 2, whole W. */
function energyOf(outlet: string | undefined, version: number): Exchange<Energy> {
  const methods = version > 1 ? ["get_energy_usage", "get_current_power"] : ["get_energy_usage"];
  return {
    request: addressed(outlet, many(methods.map((method) => ({ method })))),
    read(answer) {
      const answers = answersTo(outlet, answer);
      const { current_power: milliwatts } = answers.of("get_energy_usage", usage);
      if (milliwatts !== undefined) return { powerW: milliwatts / 1000 };
      return { powerW: answers.of("get_current_power", power).current_power };
    },
  };
}
