import { known, namesIn, numberIn, tenth, textOf } from "./known";

/**
 * Temperatures and throttling, read from /sys. Not by systeminformation's cpuTemperature: it starts a shell at every call, and
 * gives the CPU's sensors only.
 */

/** Every thermal zone and hwmon sensor by name, in °C; empty when the host has none (most virtual machines). */
export async function readTemperatures(root: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const add = (name: string, milliC: number | undefined) => {
    // A probe that is not connected reads 0, -128, 255 or an error, by its driver; no house is at 0.000 °C for long.
    const celsius = milliC === 0 ? undefined : known(milliC === undefined ? undefined : milliC / 1000, -40, 150);
    if (celsius === undefined) return;
    let key = name.slice(0, 60);
    for (let again = 2; key in found; again++) key = `${name.slice(0, 60)} ${again}`;
    found[key] = tenth(celsius);
  };
  const thermal = `${root}/sys/class/thermal`;
  for (const zone of await namesIn(thermal, /^thermal_zone\d+$/)) {
    add((await textOf(`${thermal}/${zone}/type`)) ?? zone, await numberIn(`${thermal}/${zone}/temp`));
  }
  const zones = new Set(Object.keys(found));
  const hwmon = `${root}/sys/class/hwmon`;
  for (const chip of await namesIn(hwmon, /^hwmon\d+$/)) {
    const chipName = (await textOf(`${hwmon}/${chip}/name`)) ?? chip;
    for (const input of await namesIn(`${hwmon}/${chip}`, /^temp\d+_input$/)) {
      // Thermal zones appear again as a hwmon chip of the same name: one is enough.
      if (zones.has(chipName)) continue;
      const label = await textOf(`${hwmon}/${chip}/${input.replace("_input", "_label")}`);
      add(label ? `${chipName} ${label}` : chipName, await numberIn(`${hwmon}/${chip}/${input}`));
    }
  }
  return found;
}

/**
 * Whether the host slows itself down for heat or power now; undefined when it has nothing that tells.
 * - Raspberry Pi: the firmware's get_throttled, what `vcgencmd get_throttled` shows: bits 0-3 are "now"
 *   (under-voltage, frequency capped, throttled, soft temperature limit), bits 16-19 "since boot".
 * - ARM boards (ODROID-XU4): a cooling device that governs a CPU's frequency is above state 0.
 * - x86: a core's throttle counter went up since the last call.
 */
export function createThrottleMeter(root: string): () => Promise<boolean | undefined> {
  let countBefore: number | undefined;
  return async () => {
    const answers: boolean[] = [];
    const firmware = await textOf(`${root}/sys/devices/platform/soc/soc:firmware/get_throttled`);
    if (firmware !== undefined && /^(0x)?[0-9a-f]+$/i.test(firmware))
      answers.push((Number.parseInt(firmware, 16) & 0xf) !== 0);

    const thermal = `${root}/sys/class/thermal`;
    for (const device of await namesIn(thermal, /^cooling_device\d+$/)) {
      const type = await textOf(`${thermal}/${device}/type`);
      if (!type || !/^(thermal-)?cpufreq/.test(type)) continue;
      const state = known(await numberIn(`${thermal}/${device}/cur_state`));
      if (state !== undefined) answers.push(state > 0);
    }

    const cpu = `${root}/sys/devices/system/cpu`;
    let count: number | undefined;
    for (const core of await namesIn(cpu, /^cpu\d+$/)) {
      const times = known(await numberIn(`${cpu}/${core}/thermal_throttle/core_throttle_count`));
      if (times !== undefined) count = (count ?? 0) + times;
    }
    if (count !== undefined && countBefore !== undefined) answers.push(count > countBefore);
    countBefore = count;

    return answers.length === 0 ? undefined : answers.some(Boolean);
  };
}
