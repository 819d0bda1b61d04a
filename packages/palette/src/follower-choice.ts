/** Whom a node watches: ids, patterns, and rooms, of which it is asked each time who stands in them now. */
import type { Bus } from "@skein/bus";
import type { Clock } from "@skein/kit";
import { houseRegistryOf } from "./house-registry";
import { matcher, roomIn } from "./pattern";

export interface FollowerChoice {
  has(id: string): boolean;
  /** False while rooms are chosen and nobody has told yet who stands in them: whom `has` does not know then may stand there. */
  readonly ready: boolean;
  /** Whether a room is chosen that is not, or no longer, there. */
  readonly lacksRoom: boolean;
  /** It may be another answer now. The returned function ends that. */
  onChange(listener: () => void): () => void;
}

export function followerChoice(chosen: readonly string[], bus: Pick<Bus, "subscribe">): FollowerChoice {
  const rooms = chosen.flatMap((item) => roomIn(item) ?? []);
  // Who chooses no room asks nothing of a leader.
  const house = rooms.length > 0 ? houseRegistryOf(bus) : undefined;
  return {
    has: matcher(chosen, house?.roomOf),
    get ready() {
      return house?.ready ?? true;
    },
    get lacksRoom() {
      return house !== undefined && rooms.some((room) => !house.hasRoom(room));
    },
    onChange: (listener) => house?.onChange(listener) ?? (() => {}),
  };
}

/** Resolves when it is known who stands in the rooms, after `ms` at the latest: where no leader is nobody tells. */
export function readyWithin(choice: FollowerChoice, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stop();
      cancel();
      resolve();
    };
    const weigh = () => {
      if (choice.ready) end();
    };
    const stop = choice.onChange(weigh);
    const cancel = clock.setTimer(end, ms, { unref: true });
    weigh();
  });
}
