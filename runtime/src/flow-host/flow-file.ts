/** A flow file that cannot be read: Node-RED would start without flows, say so in its log alone, and write over it at the next deploy. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLOW_FILE } from "./settings";

/** Holds the name that the damaged file lies under, until others have been deployed: a start that is cut off shall not hide it. */
const MARKER = `${FLOW_FILE}.aside`;

/**
 * Puts it aside, so that nothing is lost, and an empty one in its place, until core puts the last flows back (core/flows/damaged-flows.ts).
 * @returns the name that it lies under now; undefined when the flows are whole, or there are none
 */
export function putDamagedAside(dataDir: string, now: number): string | undefined {
  const [file, marker] = [join(dataDir, FLOW_FILE), join(dataDir, MARKER)];
  if (existsSync(file) && !isFlows(readFileSync(file, "utf8"))) {
    const aside = `${FLOW_FILE}.damaged-${new Date(now).toISOString().replaceAll(":", "-")}`;
    writeFileSync(marker, aside, { mode: 0o600 });
    renameSync(file, join(dataDir, aside));
  }
  if (!existsSync(marker)) return undefined;
  if (!existsSync(file)) writeFileSync(file, "[]\n", { mode: 0o600 });
  return readFileSync(marker, "utf8");
}

/** Other flows stand there now. */
export function forgetAside(dataDir: string): void {
  rmSync(join(dataDir, MARKER), { force: true });
}

/** A byte order mark Node-RED takes as well. */
function isFlows(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch {
    return false;
  }
}
