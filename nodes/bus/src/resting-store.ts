/** Who is in maintenance, in the context of the bus node: it outlives deploys, and restarts where the context store does. */
import type { Resting, RestingStore } from "@skein/palette";
import type { Node } from "node-red";

const KEY = "maintenance";

export function restingStore(node: Node): RestingStore {
  const failed = (error: unknown) => {
    if (error) node.warn(error);
  };
  return {
    load: () =>
      new Promise((resolve) => {
        node.context().get(KEY, (error: Error | null, kept: unknown) => {
          failed(error);
          resolve(Array.isArray(kept) ? kept.filter(isResting) : []);
        });
      }),
    save: (resting) => node.context().set(KEY, resting, failed),
  };
}

const isResting = (value: unknown): value is Resting =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  typeof value.id === "string" &&
  "until" in value &&
  typeof value.until === "number";
