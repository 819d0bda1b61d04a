import * as fs from "node:fs";
import { promisify } from "node:util";
import type { HostFigures } from "./host";
import { textOf } from "./known";

const statfs = promisify(fs.statfs);

const MOST_DISKS = 64;

/**
 * The mounted disks and how full they are, by statfs(2). Not by systeminformation's fsSize: it runs `df` at every call.
 * Only what lies on a block device, and the root whatever it lies on: a network share that hangs must not hang the agent.
 */
export async function readDisks(root: string): Promise<HostFigures["disks"]> {
  const mounts = await textOf(`${root}/proc/mounts`);
  if (mounts === undefined) return undefined;
  const seen = new Set<string>();
  const disks: NonNullable<HostFigures["disks"]> = [];
  for (const line of mounts.split("\n")) {
    const [device = "", where = "", type = ""] = line.split(" ");
    const mount = unescape8(where);
    // Images (snaps) are always full; a device that is mounted twice is one disk.
    if ((!device.startsWith("/dev/") && mount !== "/") || type === "squashfs" || type === "iso9660" || seen.has(device))
      continue;
    seen.add(device);
    try {
      const { bsize, blocks, bfree } = await statfs(mount);
      if (blocks > 0 && mount.length <= 255)
        disks.push({ mount, totalBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize });
    } catch {
      // Unmounted meanwhile, or not ours to see.
    }
    if (disks.length === MOST_DISKS) break;
  }
  return disks.length === 0 ? undefined : disks;
}

/** /proc/mounts writes blanks, tabs, newlines and backslashes as three octal digits (proc(5), fstab(5)). */
const unescape8 = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
