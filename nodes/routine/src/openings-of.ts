/** The openings of each bus of this process, settled whenever flows stand. */
import { busNodeOf, skeinSettings } from "@skein/palette";
import type { Bus } from "@skein/bus";
import type { NodeAPI } from "node-red";
import { createOpenings, type Openings } from "./openings";

const openings = new Map<Bus, Openings>();
const watched = new WeakSet<NodeAPI["events"]>();

export function openingsOf(bus: Bus): Openings {
  const found = openings.get(bus);
  if (found) return found;
  const made = createOpenings(bus);
  openings.set(bus, made);
  bus.onLink((state) => {
    // A config node that was made anew has a bus of its own.
    if (!state.up && state.code === "BUS_CLOSED") openings.delete(bus);
  });
  return made;
}

/** Also when the last routine has gone from the flows, or went while we were away, so it is no node's business. */
export function settleWhenStarted(RED: NodeAPI): void {
  const events = RED.events as NodeAPI["events"] | undefined;
  if (!events || watched.has(events)) return;
  watched.add(events);
  events.on("flows:started", () => {
    for (const bus of busesOf(RED)) openingsOf(bus);
    for (const each of openings.values()) each.settle();
  });
}

/** The house's, and those of the flows. */
function busesOf(RED: NodeAPI): Set<Bus> {
  const buses = new Set<Bus>();
  const house = skeinSettings(RED)?.bus;
  if (house) buses.add(house);
  RED.nodes.eachNode(({ id, type }) => {
    if (type !== "skein-bus") return;
    try {
      buses.add(busNodeOf(RED, id).bus);
    } catch {
      // Not set up, or disabled: it has nothing open, either.
    }
  });
  return buses;
}
