/** A redeploy takes a node away for a moment. What happens in that moment is kept for the node that follows it under the same id. */
import type { FleetMember, FleetView } from "@skein/palette";
import type { Clock } from "@skein/kit";
import type { VerdictData } from "@skein/contracts";

type Transition = readonly [FleetMember, VerdictData | undefined];

/** A deploy takes as long as its slowest node to close: 15 s at most. */
const KEEP_MS = 20_000;

export function createAbsences(clock: Clock) {
  const away = new Map<string, { fleet: object; missed: Transition[]; end: () => void }>();
  return {
    /** The node goes and will be back. */
    begin(id: string, fleet: FleetView): void {
      away.get(id)?.end();
      const missed: Transition[] = [];
      const stop = fleet.onTransition((...transition) => void missed.push(transition));
      const cancel = clock.setTimer(() => end(), KEEP_MS, { unref: true });
      const end = () => {
        stop();
        cancel();
        away.delete(id);
      };
      away.set(id, { fleet: fleet.lineage ?? fleet, missed, end });
    },
    /** It is back: what it missed, if it listens to the same fleet as before, or to the one that followed it. */
    over(id: string, fleet: FleetView): readonly Transition[] {
      const found = away.get(id);
      found?.end();
      return found?.fleet === (fleet.lineage ?? fleet) ? found.missed : [];
    },
  };
}
