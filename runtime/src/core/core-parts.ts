/** What core is handed by whoever starts it: main.ts the real things, a test its own. */
import type { KasaClient, KasaOptions } from "@skein/kasa";
import type { Clock, Logger, Random } from "@skein/kit";
import type { ActionParts } from "./actions";
import type { WebLimits } from "./web/limits";
import type { Backend } from "./web/web-server";

export interface CoreParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly askLauncher: ActionParts["askLauncher"];
  /** Has it printed for the person at the machine. */
  readonly tellSetupLink: (token: string) => void;
  /** Made by main.ts, because httpxy is an ES module that jest cannot load. */
  readonly createProxy: (options: { socketPath: string; logger: Logger; why: () => string }) => Backend;
  /** The one that owns all connections to Kasa devices. */
  readonly createKasa: (options: KasaOptions) => KasaClient;
  /** The repository's root: the page's and the packed nodes' files. */
  readonly root: string;
  /** Left out: as web/limits.ts says. */
  readonly webLimits?: Partial<WebLimits> | undefined;
}
