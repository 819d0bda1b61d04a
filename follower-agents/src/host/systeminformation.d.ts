/**
 * The two files of systeminformation that the agent uses; its index would load all twenty (4 MB of an agent's memory), and its
 * types are declared for the index only.
 */
declare module "systeminformation/lib/memory" {
  import type { Systeminformation } from "systeminformation";
  export function mem(): Promise<Systeminformation.MemData>;
}
declare module "systeminformation/lib/battery" {
  import type { Systeminformation } from "systeminformation";
  function battery(): Promise<Systeminformation.BatteryData>;
  export = battery;
}
