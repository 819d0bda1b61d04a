/** How the house is kept: who and what is in it, its privacy switch, its backups; put together for core. */
import { join } from "node:path";
import type { Bus } from "@skein/bus";
import type { History } from "@skein/history";
import type { Clock, Logger } from "@skein/kit";
import type { Auth } from "./auth/auth";
import type { EventSink, OnChanged } from "./event-sink";
import type { FleetService } from "./fleet/fleet-service";
import type { LeaderSettings } from "../settings";
import { backUpDaily } from "./backup/automatic";
import { createBackups, type Backups } from "./backup/backups";
import { openPrivacy, type Privacy } from "./privacy/privacy";
import { forgetPlaces } from "./registry/forget-places";
import { openHouseRegistry, registryDocument, type HouseRegistry } from "./registry/house-registry";
import {
  accountKeeper,
  createResidents,
  editorKeeper,
  historyKeeper,
  signedKeeper,
  type Residents,
  type Signed,
} from "./registry/residents";

export interface Keeping {
  readonly registry: HouseRegistry;
  readonly residents: Residents;
  readonly privacy: Privacy;
  readonly backups: Backups;
  close(): void;
}

export interface KeepingParts {
  readonly dataDir: string;
  /** Of this Skein. */
  readonly version: string;
  readonly settings: Pick<LeaderSettings, "backup">;
  readonly bus: Bus;
  readonly fleet: FleetService;
  readonly auth: Auth;
  readonly history: History;
  /** Where else accounts stand beside what they did. */
  readonly signed: readonly Signed[];
  /** Where Node-RED keeps something by name. */
  readonly editor: Parameters<typeof editorKeeper>[0];
  readonly events: EventSink;
  readonly onChanged: OnChanged;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openKeeping({
  dataDir,
  version,
  settings,
  auth,
  history,
  signed,
  editor,
  logger,
  ...parts
}: KeepingParts): Keeping {
  const dir = join(dataDir, "core");
  const { fleet } = parts;
  const part = (name: string) => logger.child({ part: name });
  const registry = openHouseRegistry(join(dir, registryDocument.name), { ...parts, logger: part("registry") });
  const { accounts } = auth;
  const stopPlaces = forgetPlaces(registry, fleet, part("registry"));
  const privacy = openPrivacy({ dir, ...parts, logger: part("privacy") });
  const residents = createResidents(registry, [
    ...[privacy, ...signed].map((each) => signedKeeper(each, accounts, registry)),
    editorKeeper(editor, accounts),
    historyKeeper(history, accounts),
    accountKeeper(accounts),
  ]);
  const backups = createBackups({
    dataDir,
    version,
    now: () => parts.clock.now(),
    backupHistory: (file) => history.backup(file),
    keep: settings.backup.keep,
    logger: part("backup"),
    onChanged: parts.onChanged,
  });
  const stopBackups = backUpDaily({ backups, settings: settings.backup, ...parts, logger: part("backup") });
  return {
    registry,
    residents,
    privacy,
    backups,
    close() {
      stopBackups();
      stopPlaces();
      privacy.close();
    },
  };
}
