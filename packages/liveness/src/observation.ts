/** What the edge sees and hands to the detector: one at a time, with the moment of seeing it. */
export interface Moment {
  /** Ms that only go forward; every duration is measured in it. */
  readonly mono: number;
  /** Wall clock, ms since 1970; only shown, and compared with a sender's for `clock-skew`. */
  readonly wall: number;
}

/** In which life of its sender a message was sent. */
export interface Life {
  /** New at every start of the process. */
  readonly run: string;
  /** New at every connection, and greater than the run's earlier ones. */
  readonly session: string;
}

export type Observation =
  | ({
      readonly kind: "beat";
      readonly bootId: string;
      readonly nextInMs: number;
      /** Sender's wall clock, ms. */ readonly at: number;
    } & Life)
  | ({
      readonly kind: "birth";
      readonly bootId: string;
      readonly retained: boolean;
      readonly via?: string | undefined;
      readonly virtual: boolean;
      /** How often it means to beat, ms, when it says so: holds until its first heartbeat. */
      readonly beatMs?: number | undefined;
    } & Life)
  | ({ readonly kind: "presence"; readonly status: "online" | "leaving" | "lost"; readonly retained: boolean } & Life)
  /** Any other message of it; `queueable`: of a kind that a broker keeps for us while we are away. */
  | ({ readonly kind: "message"; readonly queueable: boolean } & Life)
  /** It answered a ping. */
  | { readonly kind: "pong" }
  /** Our own link to the bus; `resumed`: the broker had kept messages for us. */
  | { readonly kind: "link"; readonly up: boolean; readonly resumed?: boolean | undefined }
  /** We ourselves were stalled: our monotonic time stood still meanwhile, so that no deadline came nearer. */
  | { readonly kind: "late" }
  /** 0 ends it. */
  | { readonly kind: "maintenance"; readonly forMs: number }
  /** How the bridge that it hangs on is: working, in doubt, or gone. */
  | { readonly kind: "bridge"; readonly state: "up" | "doubtful" | "down" }
  /** Nothing but time. */
  | { readonly kind: "tick" };

/** What the edge is asked to do. */
export type Effect = { readonly kind: "ping" };
