import type { Capability } from "./capability";
import { health } from "./health/health";

/** Everything that a follower can do, in the order in which it is started. */
export const capabilities: readonly Capability[] = [health];
