import type { Capability } from "./capability";
import { health } from "./health/health";
import { madeUpCamera, madeUpMicrophone } from "./made-up-sense/made-up-sense";
import { serialBridge } from "./serial-bridge/serial-bridge";

/** Everything that a follower can do, in the order in which it is started. */
export const capabilities: readonly Capability[] = [health, madeUpCamera, madeUpMicrophone, serialBridge];
