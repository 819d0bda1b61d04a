/** What a process costs, from /proc (proc_pid_stat(5), proc_pid_status(5)); MB are 10^6 bytes. */
import { readFileSync } from "node:fs";

/** USER_HZ: 100 on every Linux that Debian ships. */
const TICKS_PER_S = 100;

/** CPU time used so far, all threads and ended children, s. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // After the name in brackets, fields 14 to 17: utime, stime, and those of children that ended and were waited for.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_S;
}

/** Resident now, and at most since the start. */
export function memoryMb(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return { now: kbAsMb(status, "VmRSS"), peak: kbAsMb(status, "VmHWM") };
}

/** Resident now, pages that are shared with others counted by share. */
export const proportionalMb = (pid: number): number => kbAsMb(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"), "Pss");

const kbAsMb = (text: string, name: string): number =>
  (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1024) / 1e6;

export function percentile(values: readonly number[], part: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}
