import { z } from "zod";
import { birth, capability, hostAction } from "../birth";
import { metrics } from "../metrics";
import { verdictSchema } from "../verdict";
import { lampView, type LampAction, type LampView } from "../virtual-home";
import type { DeviceView } from "./devices";
import type { EventView } from "./events";

/** What the leader's HTTP API and the page's socket say; core, dashboard and tests import these. */
export const followerView = z.object({
  id: z.string(),
  name: z.string(),
  virtual: z.boolean(),
  verdict: verdictSchema,
  /** Ms of the leader's clock. */
  lastSeenAt: z.number().optional(),
  metrics: metrics.schema.optional(),
  capabilities: z.array(capability.extend({ condition: z.enum(["ok", "degraded", "failed", "off"]).optional() })),
  host: birth.schema.shape.host.optional(),
  via: z.string().optional(),
  /** What a virtual host can suffer. */
  controls: z.array(hostAction).optional(),
});
export type FollowerView = z.output<typeof followerView>;

export const partState = z.enum(["starting", "up", "stalled", "down", "stopped", "external"]);
export const houseHealth = z.object({
  ok: z.boolean(),
  /** `external`: a broker that the launcher did not start, and that answers. */
  broker: partState,
  core: partState,
  flowHost: partState,
  /** True when the flow host runs with its flows stopped after a crash loop. */
  safeMode: z.boolean(),
});
export type HouseHealth = z.output<typeof houseHealth>;

/** Many followers that were lost together and are not back: the leader finds it, and the page shows what the leader's notice says. */
export const massLossView = z.object({
  /** When the first of them was in doubt, ms of the leader's clock. */
  since: z.number(),
  /** How many were lost together. */
  lost: z.int(),
  /** Of how many that were alive. */
  of: z.int(),
  /** How many of the lost are back. */
  back: z.int(),
  /** Whether any of them is made up. */
  virtual: z.boolean(),
});
export type MassLossView = z.output<typeof massLossView>;

/** The whole house as the page gets it at every connection. */
export const houseView = z.object({
  /** What the owner calls it. */
  name: z.string(),
  version: z.string(),
  /** When this was so, ms of the leader's clock. */
  at: z.number(),
  /** True for the demo: the page says VIRTUAL and shows the broker's switch. */
  demo: z.boolean(),
  /** Demo: whether the virtual home breaks things by itself. */
  randomFaults: z.boolean().optional(),
  /** Demo: its lamps as they really shine. */
  lamps: z.array(lampView).optional(),
  followers: z.array(followerView),
  /** While many that were lost together are not back. */
  massLoss: massLossView.optional(),
  health: houseHealth,
});
export type HouseView = z.output<typeof houseView>;

/**
 * Server to page, by socket.io on /io: `house` (all, at connection), `follower` (one, changed), `device` (one, changed), `beat` (a sign of life came),
 * `event` (something happened), `changed` (a resource of the API is not as it was: fetch it again if you show it), `health`, `massLoss` (begun, changed, or over: null), `randomFaults` (the demo's switch was turned), `lamps` (the demo's shine otherwise), `tick` (every second, so that a page knows when it is out of date).
 */
export interface ServerToPage {
  house(view: HouseView): void;
  follower(view: FollowerView): void;
  removed(id: string): void;
  device(view: DeviceView): void;
  beat(id: string, at: number): void;
  health(view: HouseHealth): void;
  massLoss(view: MassLossView | null): void;
  tick(at: number): void;
  randomFaults(on: boolean): void;
  lamps(lamps: LampView[]): void;
  event(event: EventView): void;
  changed(resource: LiveResource): void;
}

/** What a page may show and fetch again when it changes; the name is the resource's path under `/api/v1/`. */
export const LIVE_RESOURCES = [
  "registry",
  "devices",
  "scenes",
  "privacy",
  "notices",
  "routines",
  "flows",
  "hooks",
  "accounts",
  "tokens",
  "sessions",
  "join-codes",
  "backups",
  "care",
] as const;
export type LiveResource = (typeof LIVE_RESOURCES)[number];

export type ActionResult = { ok: true } | { ok: false; code: string; message: string };

/** Page to server. Each is answered once. */
export interface PageToServer {
  maintenance(id: string, forMs: number, answer: (result: ActionResult) => void): void;
  host(id: string, action: z.output<typeof hostAction>, answer: (result: ActionResult) => void): void;
  randomFaults(on: boolean, answer: (result: ActionResult) => void): void;
  lamp(id: string, action: LampAction, answer: (result: ActionResult) => void): void;
  broker(action: "stop" | "start", answer: (result: ActionResult) => void): void;
}
