/** A follower that is forgotten stands nowhere: another one of its id shall not find itself in its room. */
import { messageOf, type Logger } from "@skein/kit";
import type { FleetService } from "../fleet/fleet-service";
import type { HouseRegistry } from "./house-registry";

/** @returns stops it */
export function forgetPlaces(
  registry: Pick<HouseRegistry, "place" | "placeOf">,
  fleet: Pick<FleetService, "listen">,
  logger: Logger,
): () => void {
  return fleet.listen({
    removed(id) {
      const { room, name } = registry.placeOf("follower", id);
      if (room === undefined && name === undefined) return;
      registry
        .place("follower", id, { room: null, name: null })
        .catch((error: unknown) => logger.warn({ reason: messageOf(error) }, `${id} is forgotten, its place is not`));
    },
  });
}
