import type { Clock, IdSource, Logger, Random } from "@skein/kit";
import type { CommandJournal } from "./command-journal";
import type { Presence } from "./presence-keeper";
import type { Transport } from "./transport";

/** What a bus is made of. */
export interface BusOptions {
  /** A follower's id, `leader`, or a flow host's id. */
  readonly id: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger?: Logger;
  /** Default: none. */
  readonly presence?: Presence;
  /** Where carried-out commands are written down; in memory when left out. */
  readonly journal?: CommandJournal;
  /** Most events and commands kept while away. Default 1000. */
  readonly maxQueued?: number;
}
