/** What an incoming message asks for. `msg.follower` names whom; a text in `msg.payload` does when it is absent. */
import { MAX_MAINTENANCE_MS } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import type { NodeMessage } from "node-red";

export type Request =
  | { readonly ask: "state"; readonly whom: string | undefined }
  | { readonly ask: "maintenance"; readonly whom: string; readonly forMs: number };

const DAY_MINUTES = 1440;
const MAX_MINUTES = MAX_MAINTENANCE_MS / 60_000;

/** @throws SkeinError FOLLOWER_MISSING, MAINTENANCE_INVALID */
export function requestOf(message: NodeMessage): Request {
  const named = [message["follower"], message.payload].find(
    (value) => typeof value === "string" && value.trim() !== "",
  ) as string | undefined;
  const whom = named?.trim().replace(/^followers\//, "");
  const asked = message["maintenance"];
  if (asked === undefined) return { ask: "state", whom };
  if (whom === undefined) {
    throw new SkeinError("FOLLOWER_MISSING", "whom to take into maintenance was not said.", {
      hint: "Set msg.follower to an id, or to * for all.",
    });
  }
  return { ask: "maintenance", whom, forMs: Math.round(minutes(asked) * 60_000) };
}

/** true: a day; false: over; a number: so many minutes. */
function minutes(asked: unknown): number {
  if (asked === true) return DAY_MINUTES;
  if (asked === false) return 0;
  const value = typeof asked === "string" && asked.trim() !== "" ? Number(asked) : asked;
  if (typeof value === "number" && value >= 0 && value <= MAX_MINUTES) return value;
  throw new SkeinError("MAINTENANCE_INVALID", `msg.maintenance is ${JSON.stringify(asked)}.`, {
    hint: `It is a number of minutes from 0 (over) to ${MAX_MINUTES} (${MAX_MINUTES / DAY_MINUTES} days), or true for a day.`,
  });
}
