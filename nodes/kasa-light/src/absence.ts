/** A redeploy takes a node away for a moment. A hand on the wall switch in that moment is kept for the node that follows it under the same id. */
import type { Clock } from "@skein/kit";
import type { LightDesk, News } from "./light-desk";

/** A deploy takes as long as its slowest node to close: 15 s at most. */
const KEEP_MS = 20_000;

export function createAbsences(clock: Clock) {
  const away = new Map<string, { desk: LightDesk; missed: News[]; end: () => void }>();
  return {
    /** The node goes and will be back. */
    begin(id: string, desk: LightDesk): void {
      away.get(id)?.end();
      const missed: News[] = [];
      const stop = desk.onNews((news) => void missed.push(news));
      const cancel = clock.setTimer(() => end(), KEEP_MS, { unref: true });
      const end = () => {
        stop();
        cancel();
        away.delete(id);
      };
      away.set(id, { desk, missed, end });
    },
    /** It is back: what it missed, if it asks the same desk as before. */
    over(id: string, desk: LightDesk): readonly News[] {
      const found = away.get(id);
      found?.end();
      return found?.desk === desk ? found.missed : [];
    },
  };
}
