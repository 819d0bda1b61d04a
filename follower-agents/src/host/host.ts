import type { birth, DataOf, HostAction, metrics } from "@skein/contracts";

/** Who a host is, as birth tells it. */
export type HostDescription = DataOf<typeof birth>["host"];
/** How a host is doing: everything in `metrics` but the agent's own cost. */
export type HostFigures = Omit<DataOf<typeof metrics>, "agent">;

/**
 * The machine that the agent runs on, or one that is made up (the demo). What a host does not have is absent from its
 * figures: a zero would be a claim.
 */
export interface Host {
  /** Changes when the host reboots. */
  readonly bootId: string;
  /** Set on a made-up host: shown on every surface. */
  readonly virtual?: { readonly controls?: { readonly target: string; readonly actions: HostAction[] } };
  describe(): HostDescription;
  /** Rates and loads are means since the call before; the first call has none. */
  read(): Promise<HostFigures>;
}
