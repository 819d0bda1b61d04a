import type { BusAddress } from "@skein/bus";

/**
 * What the launcher hands the flow host over node IPC, once, at its start: never on the command line or in the
 * environment, because it holds the bus password and the key of core's word.
 */
export interface FlowHostInit {
  readonly type: "init";
  /** The flow host's own: flows, credentials, installed palettes. */
  readonly dataDir: string;
  /** The unix socket to listen on; core proxies /editor and /hooks to it. */
  readonly socket: string;
  /** What core signs its word with (core-word.ts). */
  readonly coreKey: string;
  readonly bus: BusAddress;
  readonly busId: string;
  /** Load the flows and do not start them: after a crash loop. */
  readonly safeMode: boolean;
  /** The palette manager's catalogue, as the browser asks for it: a path on this house's own port, or an http(s) address. */
  readonly catalogueUrl: string;
  readonly house: { readonly name: string; readonly demo: boolean };
}
