import type { Capability } from "./capability";
import { health } from "./health/health";
import { hubSettings } from "./hub/settings";
import { madeUpCamera, madeUpMicrophone } from "./made-up-sense/made-up-sense";
import { serialBridge } from "./serial-bridge/serial-bridge";

/** Everything that a follower can do, in the order in which it is started. */
export const capabilities: readonly Capability[] = [health, madeUpCamera, madeUpMicrophone, serialBridge];

/** What a board can do, which only the board itself tells: its settings may stand in its follower.yaml all the same. */
export const memberSettings = { hub: hubSettings };
