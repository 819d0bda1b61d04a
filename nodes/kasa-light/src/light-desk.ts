/** What the node asks of whoever owns the connections: the leader over the bus (bus-desk.ts), or this Node-RED itself (direct-desk.ts). */
import type { Because } from "@skein/bus";
import type {
  DeviceAbilities,
  DeviceChange,
  DevicesReached,
  DeviceStateData,
  LightStateView,
  RegistryView,
} from "@skein/contracts";
import type { LeaderPresence, Source } from "@skein/palette";

/** Raised when the node and its config node, which may come from two releases of this package, no longer fit together. */
export const DESK_INTERFACE = 1;

export interface Light {
  readonly id: string;
  readonly name: string;
  readonly virtual: boolean;
  /** Absent until it answered once. */
  readonly kind?: DeviceStateData["kind"] | undefined;
  readonly abilities?: DeviceAbilities | undefined;
  readonly state?: LightStateView | undefined;
  /** Led through a fade in steps: its state is one in between. */
  readonly fading?: boolean | undefined;
  /** Why its state is as it is, where the leader says so. */
  readonly cause?: DeviceStateData["cause"] | undefined;
  readonly condition: DeviceStateData["condition"];
  /** In words, when the condition is not `ok`. */
  readonly why?: string | undefined;
}

/** A change that nobody ordered of us: a hand on the wall switch, the maker's app. */
export interface News {
  readonly light: Light;
  readonly before: LightStateView;
  readonly source: Source;
}

export interface Ordered {
  readonly device: string;
  readonly set: DeviceChange;
}

/** What came of an order for one device. */
export type Outcome = DevicesReached["devices"][number];

export interface LightDesk {
  /** Who we are in `msg.skein`. */
  readonly id: string;
  /** Whether orders are taken now. */
  readonly presence: LeaderPresence;
  /** Whether it is known which devices there are. */
  readonly ready: boolean;
  /** Sorted by id. */
  lights(): readonly Light[];
  get(id: string): Light | undefined;
  readonly house: Pick<RegistryView, "rooms" | "places" | "groups">;
  readonly scenes: readonly { readonly id: string; readonly name: string }[];
  /** Resolves when orders are taken. @throws SkeinError LEADER_ABSENT, BUS_DOWN */
  open(): Promise<void>;
  /** One request, however many devices. @throws SkeinError LEADER_ABSENT, REQUEST_TIMEOUT, BUS_DOWN, and what the leader says */
  set(orders: readonly Ordered[], because: Because): Promise<DevicesReached>;
  /** @throws SkeinError as `set`, SCENE_UNKNOWN */
  applyScene(scene: string, transitionMs: number | undefined, because: Because): Promise<DevicesReached>;
  /** The states of these as last confirmed are kept under this name. @throws SkeinError as `set` */
  saveScene(name: string, devices: readonly string[], because: Because): Promise<void>;
  /** Asks the network who is there; resolves with how many were found that are in no house yet. @throws SkeinError as `set` */
  discover(): Promise<number>;
  onNews(listener: (news: News) => void): () => void;
  /** Anything a status line, a target or a dialog shows may have changed. */
  onChange(listener: () => void): () => void;
}
