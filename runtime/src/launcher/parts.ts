import type { HouseHealth } from "@skein/contracts";

/** The processes that make up a leader, in the order in which they start. */
export const PARTS = ["broker", "core", "flowHost", "follower", "virtualHome"] as const;
export type PartName = (typeof PARTS)[number];

/** How a part is, as the page shows it. */
export type PartState = HouseHealth["broker"];

/** What people read. */
export const TITLES: Record<PartName, string> = {
  broker: "broker",
  core: "core",
  flowHost: "flow host",
  follower: "follower agent",
  virtualHome: "virtual home",
};
