import type { Adding } from "./adding";
import { addFollower } from "./follower";

/** What the Add dialog offers, in this order. */
export const addings: readonly Adding[] = [addFollower];
