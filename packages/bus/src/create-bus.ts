import type { Bus } from "./bus";
import type { BusOptions } from "./bus-options";
import { TransportBus } from "./transport-bus";

/** Builds the typed bus over one transport and starts connecting; it connects and reconnects for ever. */
export const createBus = (options: BusOptions): Bus => new TransportBus(options);
