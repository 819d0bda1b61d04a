/** What the doctor sees of a data directory, read as the launcher and core read it. */
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { readUsers } from "@skein/broker";
import { messageOf } from "@skein/kit";
import type { Judgement } from "../core/care/judge";
import { documentChecks } from "../core/documents";
import { readCertificate } from "../core/web/tls";
import { brokerTls, DEFAULT_TLS_PORT } from "../launcher/broker-listeners";
import { kindOf, whyUnusable } from "../launcher/data-dir";
import type { LeaderOptions } from "../settings";
import { judgeHouse } from "./doctor-judge";

export function lookAtHouse(dataDir: string): Judgement {
  if (!existsSync(dataDir)) return judgeHouse({ dataDir, begun: false });
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return judgeHouse({ dataDir, begun: true, unusable: whyUnusable(error) });
  }
  return judgeHouse({ dataDir, begun: kindOf(dataDir) !== undefined });
}

/**
 * Why each that is there cannot be read, by its path in the data directory, or by the setting that names it. A leader that runs has them in
 * memory, and needs them at its next start.
 */
export function unreadableFiles({ dataDir, settings: { http, bus } }: LeaderOptions): Record<string, string> {
  const inCore = Object.entries(documentChecks(join(dataDir, "core")));
  const checks: [string, () => void][] = [
    ["http.tls", () => void (http.tls && readCertificate(http.tls))],
    ["bus.listenTls", () => void brokerTls(bus, DEFAULT_TLS_PORT)],
    ["secrets/bus-users.json", () => void readUsers(join(dataDir, "secrets", "bus-users.json"))],
    ...inCore.map(([name, look]): [string, () => void] => [`core/${name}`, look]),
  ];
  const found: Record<string, string> = {};
  for (const [path, look] of checks)
    try {
      look();
    } catch (error) {
      found[path] = messageOf(error);
    }
  return found;
}
