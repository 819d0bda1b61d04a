/**
 * Node-RED keeps how each likes the editor, by name, and forgets nobody: core has it forget whoever the house forgets. For core alone;
 * whoever may deploy could do it by a function node as well.
 */
import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { CORE_ID } from "./core-word";
import { askerOf } from "./trusted-server";

/** Below the editor's root: `DELETE /skein/people/NAME`. */
export const PEOPLE_PATH = "/skein/people";

/** What of Node-RED's settings is used (@node-red/runtime, lib/settings.js). */
interface UserSettings {
  setUserSettings(name: string, settings: undefined): Promise<unknown>;
}

export function forgetPerson(settings: UserSettings, userDir: string) {
  return (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void => {
    if (req.method !== "DELETE" || askerOf(req)?.account?.id !== CORE_ID) return next();
    const name = decodeURIComponent((req.url ?? "").slice(1));
    settings
      .setUserSettings(name, undefined)
      // Its last one is kept beside each of its files.
      .then(() => rm(join(userDir, ".config.users.json.backup"), { force: true }))
      .then(() => void res.writeHead(204).end(), next);
  };
}
