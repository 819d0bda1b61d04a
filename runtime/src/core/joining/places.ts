/** Where a board that joins is put: into the house's registry. */
import type { HouseRegistry } from "../registry/house-registry";
import type { Places } from "./joining";

export const placesIn = (registry: Pick<HouseRegistry, "room" | "place">): Places => ({
  checkRoom: (room) => void registry.room(room),
  async put(id, place) {
    await registry.place("follower", id, place);
  },
});
