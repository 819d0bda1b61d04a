/** The followers as one view knows them, and who hears of what; shared by both ways of judging. */
import type { birth, DataOf, metrics, VerdictData } from "@skein/contracts";
import type { Logger } from "@skein/kit";
import type { FleetMember, FleetView, Source } from "./bus-node";
import { judgeEdge, type Heard } from "./edges";
import { createListeners } from "./listeners";

interface Entry {
  verdict?: VerdictData;
  source?: Source;
  birth?: DataOf<typeof birth>;
  known?: VerdictData | undefined;
}

export function createMembers(logger: Logger, judge: { nowJudged(verdict: VerdictData | undefined): VerdictData }) {
  const entries = new Map<string, Entry>();
  const transitions = createListeners<[FleetMember, VerdictData | undefined]>(logger);
  const changes = createListeners<[]>(logger);
  const measured = createListeners<[FleetMember, DataOf<typeof metrics>, Source]>(logger);

  const entry = (id: string): Entry => {
    const found = entries.get(id) ?? {};
    entries.set(id, found);
    return found;
  };
  const member = (id: string, { verdict, birth, source }: Entry): FleetMember => ({
    id,
    name: birth?.name ?? id,
    virtual: birth?.virtual ?? verdict?.virtual ?? false,
    verdict: judge.nowJudged(verdict),
    ...(birth ? { birth } : {}),
    ...(source ? { source } : {}),
  });

  return {
    entries,
    changes,
    transitions,
    measured,
    setVerdict: (id: string, verdict: VerdictData, source: Source) => void Object.assign(entry(id), { verdict, source }),
    setBirth: (id: string, data: DataOf<typeof birth>) => void (entry(id).birth = data),
    remove: (id: string) => entries.delete(id),
    /** Weighs what is now said of this follower; tells who listens when it is news. */
    weigh(id: string, heard: Heard): void {
      const found = entries.get(id);
      if (!found?.verdict) return;
      const before = found.known;
      const { known, edge } = judgeEdge(before, judge.nowJudged(found.verdict), heard);
      found.known = known;
      if (edge) transitions.call(member(id, found), before);
    },
    metrics(id: string, data: DataOf<typeof metrics>, source: Source): void {
      if (measured.size > 0) measured.call(member(id, entries.get(id) ?? {}), data, source);
    },
    get: (id: string) => (entries.has(id) ? member(id, entries.get(id) ?? {}) : undefined),
    list: () => [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, found]) => member(id, found)),
  };
}

export type Members = ReturnType<typeof createMembers>;

/** A view that a config node can close. */
export interface OpenFleetView extends FleetView {
  close(): Promise<void>;
}
