/** Core: the house's services, and the one port by which people and programs reach them; behind one start and one stop. */
import type { CoreInit, LoopMessage, PartsMessage } from "../launcher/ipc";
import type { CoreParts } from "./core-parts";
import { openServices } from "./services";
import { openWeb } from "./web/open-web";

export interface Core {
  setParts(parts: PartsMessage): void;
  noteLoop(message: LoopMessage): void;
  stop(): Promise<void>;
}

/** A house that is started in the evening may be set up in the morning; each start makes a new link. */
const SETUP_LINK_MS = 24 * 3_600_000;

/**
 * Resolves when the port is open; the bus may still be away.
 * @throws SkeinError EPOCH_UNREADABLE, DATA_DIR_UNUSABLE, JOURNAL_UNWRITABLE, DOCUMENT_UNREADABLE, OWNER_NEEDED, CERTIFICATE_INVALID
 */
export async function startCore(init: CoreInit, parts: CoreParts): Promise<Core> {
  const services = await openServices(init, parts);
  const web = await openWeb(init, services, parts);
  const { auth, flowSide, fleet, house } = services;
  flowSide.watch(house);
  if (!auth.accounts.owned) parts.tellSetupLink(await auth.links.make(SETUP_LINK_MS));
  parts.logger.info({ port: init.ports.http, followers: fleet.list().length }, "core is ready");
  return {
    setParts: (message) => house.setParts(message),
    noteLoop: (message) => house.noteLoop(message),
    async stop() {
      web.close();
      await services.sendOnlookersAway();
      web.closeAllConnections();
      await services.close();
    },
  };
}
