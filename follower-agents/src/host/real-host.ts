import { readFileSync } from "node:fs";
import { arch, cpus, hostname, loadavg, release, totalmem, type as osType, uptime } from "node:os";
import type { Clock } from "@skein/kit";
import { SkeinError, messageOf } from "@skein/kit";
import battery from "systeminformation/lib/battery";
import { mem } from "systeminformation/lib/memory";
import { createCpuMeter } from "./cpu";
import { readDisks } from "./disks";
import type { Host, HostDescription, HostFigures } from "./host";
import { known, positive } from "./known";
import { createNetworkMeter } from "./network";
import { createThrottleMeter, readTemperatures } from "./sensors";

export interface RealHostOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Where /proc and /sys are found; for tests. */
  readonly root?: string;
}

/**
 * The machine that this process runs on. Memory and battery come from systeminformation; for what it would start a process
 * for at every call, /proc and /sys are read here (see each file).
 * @throws SkeinError HOST_UNSUPPORTED when the host does not tell a boot id
 */
export function realHost({ clock, root = "" }: RealHostOptions): Host {
  const readCpu = createCpuMeter(root);
  const readNetwork = createNetworkMeter(root, clock);
  const readThrottled = createThrottleMeter(root);
  return {
    bootId: readBootId(root),
    describe: () => describe(root),
    async read() {
      const figures: HostFigures = {
        cpu: await readCpu(),
        ...(await readMemory()),
        ...(await temperatures(root)),
        disks: await readDisks(root),
        network: await readNetwork(),
        load: loads(),
        uptimeS: known(Math.round(uptime())),
        throttled: await readThrottled(),
        battery: await readBattery(),
      };
      return withoutAbsent(figures);
    },
  };
}

function readBootId(root: string): string {
  const file = `${root}/proc/sys/kernel/random/boot_id`;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new SkeinError("HOST_UNSUPPORTED", `cannot read ${file}: ${messageOf(error)}.`, {
      hint: "The agent needs Linux with /proc mounted; it tells a reboot by this file.",
      cause: error,
    });
  }
}

function describe(root: string): HostDescription {
  const cores = cpus().length;
  const model = readModel(root) ?? cpus()[0]?.model.trim();
  return {
    hostname: hostname().slice(0, 255),
    ...(model && { model: model.slice(0, 255) }),
    os: `${osType()} ${release()}`.slice(0, 255),
    arch: arch(),
    ...(cores > 0 && { cores }),
    memoryBytes: totalmem(),
  };
}

/** Boards say what they are in the device tree (ending in NUL), PCs in DMI. */
function readModel(root: string): string | undefined {
  for (const file of ["/proc/device-tree/model", "/sys/class/dmi/id/product_name"]) {
    try {
      const text = readFileSync(root + file, "utf8")
        .replaceAll("\0", "")
        .trim();
      if (text !== "") return text;
    } catch {
      // This kind of machine has no such file.
    }
  }
  return undefined;
}

/** systeminformation says 0 for what it could not read, and 0 swap for a host without any. */
async function readMemory(): Promise<Pick<HostFigures, "memory" | "swap">> {
  const found = await mem();
  const total = positive(found.total);
  const available = known(found.available, 0, found.total);
  const swap = positive(found.swaptotal);
  return {
    // Its `used` counts the page cache in; what programs hold is the total less what is available.
    ...(total !== undefined &&
      available !== undefined && {
        memory: { totalBytes: total, usedBytes: total - available, availableBytes: available },
      }),
    ...(swap !== undefined && { swap: { totalBytes: swap, usedBytes: known(found.swapused) ?? 0 } }),
  };
}

async function temperatures(root: string): Promise<Pick<HostFigures, "temperatureC" | "temperaturesC">> {
  const found = Object.entries(await readTemperatures(root));
  if (found.length === 0) return {};
  return {
    temperatureC: Math.max(...found.map(([, celsius]) => celsius)),
    temperaturesC: Object.fromEntries(found.slice(0, 64).map(([sensor, celsius]) => [sensor.slice(0, 64), celsius])),
  };
}

/** All three are zero where the system has no load average; a Linux that has run for a second never shows that for long. */
function loads(): HostFigures["load"] {
  const [one, five, fifteen] = loadavg();
  return one === undefined || five === undefined || fifteen === undefined ? undefined : [one, five, fifteen];
}

/** `hasBattery: false` with percent 0 is how systeminformation says that there is none. */
async function readBattery(): Promise<HostFigures["battery"]> {
  const found = await battery();
  const percent = known(found.percent, 0, 100);
  return found.hasBattery && percent !== undefined ? { percent, charging: found.isCharging } : undefined;
}

/** Keys whose value is undefined are dropped, so that the message does not even name them. */
function withoutAbsent(figures: HostFigures): HostFigures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)) as HostFigures;
}
