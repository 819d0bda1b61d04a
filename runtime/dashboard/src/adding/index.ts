import type { Adding } from "./adding";
import { addFollower } from "./follower";
import { addLight } from "./light";

/** What the Add dialog offers, in this order. */
export const addings: readonly Adding[] = [addLight, addFollower];
