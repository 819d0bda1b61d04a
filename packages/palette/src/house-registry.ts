/** The house's registry as the leader tells it: rooms, residents, and what stands where. A flow follows it without a deploy. */
import type { Bus } from "@skein/bus";
import { houseState, type RegistryView } from "@skein/contracts";
import { createLogger } from "@skein/kit";
import { createListeners } from "./listeners";

export interface HouseRegistryView {
  /** False until a leader has told it on this bus; while the leader is away it stays as it was. */
  readonly ready: boolean;
  readonly now: RegistryView;
  hasRoom(room: string): boolean;
  /** The room in which a follower stands. */
  readonly roomOf: (follower: string) => string | undefined;
  onChange(listener: () => void): () => void;
}

const NOTHING: RegistryView = { rooms: [], residents: [], places: [], groups: [] };
const logger = createLogger({ name: "skein-palette", level: "warn" });
const views = new WeakMap<object, HouseRegistryView>();

/** One view a bus, for as long as that lives: the nodes that a deploy makes anew find it filled. Whoever comes after a refusal tries anew. */
export function houseRegistryOf(bus: Pick<Bus, "subscribe">): HouseRegistryView {
  const found = views.get(bus);
  if (found) return found;
  const made = watchHouse(bus, () => void views.delete(bus));
  views.set(bus, made);
  return made;
}

function watchHouse(bus: Pick<Bus, "subscribe">, onRefused: () => void): HouseRegistryView {
  const changes = createListeners<[]>(logger);
  let told: RegistryView | undefined;
  let roomOf = new Map<string, string>();
  bus
    .subscribe(houseState, {}, ({ data }) => {
      told = data;
      roomOf = new Map(
        data.places.flatMap(({ kind, id, room }) => (kind === "follower" && room !== undefined ? [[id, room]] : [])),
      );
      changes.call();
    })
    .catch((error: unknown) => {
      logger.warn({ err: error }, "cannot listen to what the leader tells of the house");
      onRefused();
    });
  return {
    get ready() {
      return told !== undefined;
    },
    get now() {
      return told ?? NOTHING;
    },
    hasRoom: (room) => told?.rooms.some(({ id }) => id === room) === true,
    roomOf: (follower) => roomOf.get(follower),
    onChange: changes.add,
  };
}
