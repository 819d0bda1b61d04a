import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasCode, messageOf, SkeinError, type Logger } from "@skein/kit";
import { z } from "zod";

/** What was changed by command, by capability: what stands here wins over follower.yaml until the file is deleted. */
const stored = z.object({ capabilities: z.record(z.string(), z.record(z.string(), z.json())) });
export type ChangedSettings = z.output<typeof stored>["capabilities"];

export const CHANGED_SETTINGS_FILE = "settings.json";

/** Settings that were changed at run time, kept in `stateDir` so that they survive a restart of the agent. */
export interface RunTimeSettings {
  readonly changed: Readonly<ChangedSettings>;
  /** On disk when it returns. @throws SkeinError STATE_UNWRITABLE */
  keep(capability: string, settings: ChangedSettings[string]): void;
}

/** A file that cannot be understood is set aside by name and said: an agent that does not start would be worse. */
export function openRunTimeSettings(stateDir: string, logger: Logger): RunTimeSettings {
  const file = join(stateDir, CHANGED_SETTINGS_FILE);
  let changed = read(file, logger);
  return {
    get changed() {
      return changed;
    },
    keep(capability, settings) {
      const next = { ...changed, [capability]: settings };
      try {
        mkdirSync(stateDir, { recursive: true, mode: 0o700 });
        // Written beside and moved over: a power cut leaves the old file or the new one.
        writeFileSync(`${file}.new`, `${JSON.stringify({ capabilities: next }, null, 2)}\n`, {
          mode: 0o600,
          flush: true,
        });
        renameSync(`${file}.new`, file);
      } catch (error) {
        throw new SkeinError("STATE_UNWRITABLE", `cannot keep the settings in ${file}: ${messageOf(error)}.`, {
          hint: "Nothing was changed. Give the agent a stateDir that it may write to, with room on its disk.",
          cause: error,
        });
      }
      changed = next;
    },
  };
}

function read(file: string, logger: Logger): ChangedSettings {
  try {
    return stored.parse(JSON.parse(readFileSync(file, "utf8"))).capabilities;
  } catch (error) {
    if (!hasCode(error, "ENOENT"))
      logger.warn(
        { file, reason: messageOf(error) },
        "settings changed at run time cannot be read; follower.yaml holds",
      );
    return {};
  }
}
