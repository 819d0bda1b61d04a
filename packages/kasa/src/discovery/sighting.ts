import type { Endpoint, Protocol } from "../protocol";

/** One answer to a discovery: who, where, and what it says it speaks. */
export interface Sighting {
  readonly id: string;
  readonly mac: string;
  readonly model: string;
  readonly alias?: string | undefined;
  readonly endpoint: Endpoint;
  readonly protocol: Protocol;
}
