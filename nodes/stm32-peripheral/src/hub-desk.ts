/** What the node asks of whoever speaks with the boards: their bridges over the bus (bus-desk.ts), or this Node-RED itself (direct-desk.ts). */
import type { Because } from "@skein/bus";
import type {
  HubChannel,
  HubChannelState,
  HubCommand,
  HubEventData,
  HubReached,
  VerdictCause,
  VerdictState,
} from "@skein/contracts";
import type { SkeinError } from "@skein/kit";
import type { Source } from "@skein/palette";

/** Raised when the node and its config node, which may come from two releases of this package, no longer fit together. */
export const DESK_INTERFACE = 1;

export interface HubBoard {
  readonly id: string;
  readonly name: string;
  readonly virtual: boolean;
  readonly channels: readonly HubChannel[];
  /** What is believed of it; `unknown` where nobody judges. */
  readonly state: VerdictState;
  readonly cause: VerdictCause;
}

/** What a channel measures or where it stands, as it was heard. */
export interface HeardReading {
  readonly board: string;
  readonly channel: number;
  readonly reading: HubChannelState;
  readonly before: HubChannelState | undefined;
  /** Kept state: it was so before. */
  readonly replayed: boolean;
  readonly source: Source;
}

export interface HeardEvent {
  readonly board: string;
  readonly data: HubEventData;
  readonly source: Source;
}

/** What a node asks of a board. */
export type HubOrder = Extract<HubCommand, { action: "set" | "arm" | "safe" | "read" }>;

export interface HubDesk {
  /** Who we are in `msg.skein`. */
  readonly id: string;
  /** Whether anybody can be heard now. */
  readonly linkUp: boolean;
  /** Why nobody is there, where that is known. */
  readonly trouble?: SkeinError | undefined;
  /** Those that have said what their channels are, sorted by id. */
  boards(): readonly HubBoard[];
  board(id: string): HubBoard | undefined;
  reading(board: string, channel: number): HubChannelState | undefined;
  /**
   * Where the channels stand then; none for `arm`.
   * @throws SkeinError HUB_BOARD_AWAY at once when nobody is there who could do it, BUS_DOWN, REQUEST_TIMEOUT, and what the board says
   */
  send(board: string, order: HubOrder, because: Because): Promise<HubReached>;
  onReading(listener: (heard: HeardReading) => void): () => void;
  onEvent(listener: (heard: HeardEvent) => void): () => void;
  /** Anything a status line or a dialog shows may have changed. */
  onChange(listener: () => void): () => void;
}
