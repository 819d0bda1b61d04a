import { cpus } from "node:os";
import type { HostFigures } from "./host";
import { known, namesIn, numberIn, tenth } from "./known";

interface Ticks {
  readonly busy: number;
  readonly total: number;
}

/**
 * CPU load between two calls, by core. Not by systeminformation's currentLoad: on Linux that runs `cat /proc/stat | grep` with
 * execSync at every call, which stops the event loop and costs two processes.
 */
export function createCpuMeter(
  root: string,
  read: () => readonly Pick<ReturnType<typeof cpus>[number], "times">[] = cpus,
) {
  let before: Ticks[] = [];
  return async (): Promise<HostFigures["cpu"]> => {
    const now = read().map(({ times }) => {
      const busy = times.user + times.nice + times.sys + times.irq;
      return { busy, total: busy + times.idle };
    });
    const previous = before;
    before = now;
    const frequencyMhz = await fastestCoreMhz(root);
    // A core was switched on or off meanwhile (big.LITTLE boards do): the pairs no longer belong together.
    if (previous.length !== now.length || now.length === 0)
      return frequencyMhz === undefined ? undefined : { frequencyMhz };
    const perCore = now.map((core, index) => share(core, previous[index]));
    const percent = share(sum(now), sum(previous));
    const loads = perCore.filter((load) => load !== undefined);
    return {
      ...(percent !== undefined && { percent }),
      ...(loads.length === now.length && { perCorePercent: loads }),
      ...(frequencyMhz !== undefined && { frequencyMhz }),
    };
  };
}

/** Undefined when no time has passed between the two, or the counters went back. */
function share(now: Ticks, before: Ticks | undefined): number | undefined {
  if (!before || now.total <= before.total) return undefined;
  const percent = known((100 * (now.busy - before.busy)) / (now.total - before.total), 0, 100);
  return percent === undefined ? undefined : tenth(percent);
}

const sum = (cores: readonly Ticks[]): Ticks =>
  cores.reduce((all, core) => ({ busy: all.busy + core.busy, total: all.total + core.total }), { busy: 0, total: 0 });

/** Absent in most virtual machines: they have no cpufreq. */
async function fastestCoreMhz(root: string): Promise<number | undefined> {
  const base = `${root}/sys/devices/system/cpu`;
  const cores = await namesIn(base, /^cpu\d+$/);
  let fastest: number | undefined;
  for (const core of cores) {
    const khz = known(await numberIn(`${base}/${core}/cpufreq/scaling_cur_freq`), 1);
    if (khz !== undefined) fastest = Math.max(fastest ?? 0, khz / 1000);
  }
  return fastest === undefined ? undefined : Math.round(fastest);
}
