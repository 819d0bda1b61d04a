/**
 * How older firmware says no. Bulbs do it in other numbers than plugs, and light strips in some of each (as recorded by
 * tplink-smarthome-simulator: lib/devices/lb.js, hs.js, kl.js and, for the outlets of a power strip, hs300.js).
 */
import type { EmulatedDevice } from "./emulator";

export const INVALID = { err_code: -3, err_msg: "invalid argument" };
/** Of bulbs and light strips. */
export const INVALID_LIGHT = { err_code: -10000, err_msg: "Invalid input argument" };
export const NO_CHILD = { err_code: -14, err_msg: "entry not exist" };

const PLUGS = {
  module: { err_code: -1, err_msg: "module not support" },
  method: { err_code: -2, err_msg: "member not support" },
  invalid: INVALID,
};
const BULBS = {
  module: { err_code: -2001, err_msg: "Module not support" },
  method: { err_code: -2000, err_msg: "Method not support" },
  invalid: INVALID_LIGHT,
};

export function noOf(kind: EmulatedDevice["kind"]): typeof PLUGS {
  if (kind === "bulb") return BULBS;
  return kind === "strip" ? { ...PLUGS, invalid: INVALID_LIGHT } : PLUGS;
}
