/** A redeploy takes a node away for a moment. What happens in that moment is kept for the node that follows it under the same id. */
import type { Clock } from "@skein/kit";

/** A deploy takes as long as its slowest node to close: 15 s at most. */
const KEEP_MS = 20_000;

/** What a node listens to; `lineage` is the same for those that follow each other when a deploy makes it anew. */
type Heard = object & { readonly lineage?: object };

export interface Absences<V extends Heard, N> {
  /** The node goes and will be back. */
  begin(id: string, view: V): void;
  /** It is back: what it missed, if it listens to the same as before, or to what followed that. */
  over(id: string, view: V): readonly N[];
}

/** @param listen begins to hear what happens there; the returned function ends that */
export function createAbsences<V extends Heard, N>(
  clock: Pick<Clock, "setTimer">,
  listen: (view: V, hear: (news: N) => void) => () => void,
): Absences<V, N> {
  const away = new Map<string, { of: object; missed: N[]; end: () => void }>();
  const identity = (view: V): object => view.lineage ?? view;
  return {
    begin(id, view) {
      away.get(id)?.end();
      const missed: N[] = [];
      const stop = listen(view, (news) => void missed.push(news));
      const cancel = clock.setTimer(() => end(), KEEP_MS, { unref: true });
      const end = () => {
        stop();
        cancel();
        away.delete(id);
      };
      away.set(id, { of: identity(view), missed, end });
    },
    over(id, view) {
      const found = away.get(id);
      found?.end();
      return found?.of === identity(view) ? found.missed : [];
    },
  };
}
