import { lamps } from "./lamps";
import { needs } from "./needs";
import { privacy } from "./privacy";
import { rooms } from "./rooms";
import { routines } from "./routines";
import type { Tile } from "./tile";

/** Home's tiles, in order. */
export const tiles: readonly Tile[] = [needs, lamps, rooms, privacy, routines];
