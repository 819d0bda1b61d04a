/**
 * Hands the house's users over to a Mosquitto: writes its ACL and password files into a folder of the leader's, and tells it to read
 * them. Where the broker runs as another user, `skein-mosquitto-reload` (runtime/mosquitto) takes the files from there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, SkeinError, writeAtomically } from "@skein/kit";
import { mosquittoAcl, mosquittoPasswords } from "./mosquitto";
import type { BusUsers } from "./users";

export interface MosquittoHandOver {
  /** Gets `acl` and `passwords`. */
  readonly dir: string;
  /** Of a broker that runs as the leader's user and reads its files right there; it is sent a SIGHUP. */
  readonly pidFile?: string | undefined;
}

/** The helper runs as the broker's user, in the folder's group: nobody else sees the hashes. */
const MODE = 0o640;

/**
 * Who is leaving is in none of the files, but for those whom the leader is just throwing off (`throwingOff`), by logging in as them.
 * A broker that does not run gets no signal: it reads the files when it starts. Whether it took them is known by a login only.
 * @throws SkeinError BUS_HAND_OVER_FAILED
 */
export function handOver(
  users: BusUsers,
  { dir, pidFile }: MosquittoHandOver,
  throwingOff: ReadonlySet<string> = new Set(),
): void {
  const those = Object.fromEntries(
    Object.entries(users).filter(([name, { leaving }]) => !leaving || throwingOff.has(name)),
  );
  try {
    // The passwords last: at their change the helper begins, and a new user shall not be let in before there are rules for it.
    writeAtomically(join(dir, "acl"), mosquittoAcl(those), { mode: MODE });
    writeAtomically(join(dir, "passwords"), mosquittoPasswords(those), { mode: MODE });
    const pid = pidFile === undefined ? undefined : mosquittoPid(pidFile);
    if (pid !== undefined) process.kill(pid, "SIGHUP");
  } catch (error) {
    throw new SkeinError(
      "BUS_HAND_OVER_FAILED",
      `cannot hand the bus's users over to Mosquitto: ${messageOf(error)}.`,
      {
        hint: "bus.mosquitto in skein.yaml names a folder that the leader may write, and the pid file of a broker of the same user.",
        cause: error,
      },
    );
  }
}

/** Undefined when no Mosquitto runs under that number: a stale file must not have a stranger signalled. */
function mosquittoPid(pidFile: string): number | undefined {
  const pid = Number(readIfThere(pidFile)?.trim());
  return Number.isInteger(pid) && pid > 1 && readIfThere(`/proc/${pid}/comm`)?.trim() === "mosquitto" ? pid : undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
