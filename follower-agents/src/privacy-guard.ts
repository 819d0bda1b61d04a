/**
 * Whether this follower may see and hear. The house's privacy switch is the leader's word (`leader/privacy`), and the follower obeys it
 * by itself: the last word holds over restarts and while no leader is heard. On the safe side throughout: permission is a file, and
 * without it (a board that never heard the leader, a new disk, a file that cannot be read) cameras and microphones stay off.
 */
import { closeSync, existsSync, fsyncSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Bus, Unsubscribe } from "@skein/bus";
import { privacyState } from "@skein/contracts";
import { messageOf, writeAtomically, type Logger } from "@skein/kit";

/** Is there while the leader's last word was that senses may be on. */
export const SENSES_ALLOWED_FILE = "senses-allowed";

export interface PrivacyGuard {
  /** Whether cameras and microphones may be on. */
  readonly allowed: boolean;
  /** Calls at every change. */
  onChange(listener: (allowed: boolean) => void): () => void;
  /** Hears the leader's word from now on. */
  follow(bus: Pick<Bus, "subscribe">): Promise<Unsubscribe>;
}

export function openPrivacyGuard(stateDir: string, logger: Logger): PrivacyGuard {
  const file = join(stateDir, SENSES_ALLOWED_FILE);
  const listeners = new Set<(allowed: boolean) => void>();
  let allowed = existsSync(file);

  const become = (next: boolean): void => {
    if (next === allowed) return;
    allowed = next;
    for (const listener of listeners) listener(next);
  };
  const heard = (next: boolean): void => {
    if (next === allowed) return;
    // Off: at once, and then on the disk. Removing works on a full disk, too.
    if (!next) become(false);
    try {
      if (next) writeAtomically(file, "The leader's last word: cameras and microphones may be on.\n");
      else removeSynced(stateDir, file);
    } catch (error) {
      logger.error(
        { file, reason: messageOf(error) },
        "the privacy switch is obeyed, and may be forgotten at a restart",
      );
    }
    become(next);
  };
  return {
    get allowed() {
      return allowed;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    follow: (bus) =>
      // A word that is taken back (an empty retained message) says nothing: the last one holds.
      bus.subscribe(privacyState, {}, ({ data }) => {
        if (data.on === allowed)
          logger.info({ on: data.on, by: data.by }, data.on ? "privacy: senses off" : "senses may be on");
        heard(!data.on);
      }),
  };
}

/** What a leader allowed holds for its own house: of one that joins another, or joins anew, nobody has said yet that its senses may be on. */
export const forgetPermission = (stateDir: string): void => removeSynced(stateDir, join(stateDir, SENSES_ALLOWED_FILE));

/** On the disk when it returns: a power cut must not bring the permission back. */
function removeSynced(folder: string, file: string): void {
  rmSync(file, { force: true });
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
