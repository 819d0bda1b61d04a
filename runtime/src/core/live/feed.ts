/** What happens in the house, once, for everybody who looks on: socket.io (sockets.ts) and server-sent events (sse.ts) pass it on. */
import type { DeviceView, EventView, HouseView, LiveResource, ServerToPage } from "@skein/contracts";
import { every, type Clock } from "@skein/kit";
import type { Actions } from "../actions";
import type { FleetService } from "../fleet/fleet-service";
import type { House } from "../house";

export type LiveName = keyof ServerToPage;
/** Told of each event with its arguments. */
export type LiveListener = <N extends LiveName>(name: N, ...args: Parameters<ServerToPage[N]>) => void;

export interface LiveFeed {
  /** All that is so now: what one who comes in is told first. */
  house(): HouseView;
  listen(listener: LiveListener): () => void;
  /** Something happened that history keeps. */
  event(event: EventView): void;
  /** A device is not as it was; it is put together only when somebody looks. */
  device(view: () => DeviceView | undefined): void;
  /** A resource of the API is not as it was. */
  changed(resource: LiveResource): void;
  close(): void;
}

export interface FeedParts {
  readonly fleet: Pick<FleetService, "get" | "list" | "listen" | "massLoss">;
  readonly house: Pick<House, "health" | "onChange">;
  readonly actions: Pick<Actions, "randomFaultsOn" | "onRandomFaults" | "lamps" | "onLamps">;
  readonly clock: Clock;
  readonly name: string;
  readonly version: string;
  readonly demo: boolean;
}

const TICK_MS = 1000;

export function createLiveFeed({ fleet, house, actions, clock, name, version, demo }: FeedParts): LiveFeed {
  const listeners = new Set<LiveListener>();
  const tell: LiveListener = (what, ...args) => {
    for (const listener of listeners) listener(what, ...args);
  };
  const stops = [
    fleet.listen({
      follower(id) {
        // A large house changes a thousand times a second: nothing is put together when nobody looks.
        const follower = listeners.size > 0 ? fleet.get(id) : undefined;
        if (follower) tell("follower", follower);
      },
      removed: (id) => tell("removed", id),
      massLoss: (view) => tell("massLoss", view ?? null),
      beat: (id, at) => tell("beat", id, at),
    }),
    house.onChange((health) => tell("health", health)),
    actions.onRandomFaults((on) => tell("randomFaults", on)),
    actions.onLamps((lamps) => tell("lamps", [...lamps])),
    every(clock, TICK_MS, () => tell("tick", clock.now())),
  ];
  return {
    house: () => ({
      name,
      version,
      demo,
      at: clock.now(),
      followers: fleet.list(),
      massLoss: fleet.massLoss(),
      health: house.health(),
      ...(demo && { randomFaults: actions.randomFaultsOn, lamps: [...actions.lamps] }),
    }),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    device(view) {
      const device = listeners.size > 0 ? view() : undefined;
      if (device) tell("device", device);
    },
    event: (event) => tell("event", event),
    changed: (resource) => tell("changed", resource),
    close() {
      for (const stop of stops) stop();
    },
  };
}
