/** The followers as one view knows them, and who hears of what; shared by both ways of judging. */
import type { birth, DataOf, metrics, VerdictData } from "@skein/contracts";
import type { Watched } from "@skein/fleet";
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

export function createMembers(
  logger: Logger,
  judge: { nowJudged(verdict: VerdictData | undefined): VerdictData },
  after?: FleetLegacy,
) {
  const entries = new Map<string, Entry>([...(after?.known ?? [])].map(([id, known]) => [id, { known }]));
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
    changes,
    transitions,
    measured,
    setVerdict: (id: string, verdict: VerdictData, source: Source) =>
      void Object.assign(entry(id), { verdict, source }),
    setBirth: (id: string, data: DataOf<typeof birth>) => void (entry(id).birth = data),
    /** Forgotten: should it come back, it is new. Its birth stays, which is said once a connection. */
    forget(id: string): void {
      const found = entries.get(id);
      if (found) entries.set(id, found.birth ? { birth: found.birth } : {});
    },
    /** Weighs what is now said of this follower; tells who listens when it is news. */
    weigh(id: string, heard: Heard): void {
      const found = entries.get(id);
      if (!found?.verdict) return;
      const before = found.known;
      const { known, edge } = judgeEdge(before, judge.nowJudged(found.verdict), heard);
      found.known = known;
      if (edge) transitions.call(member(id, found), before);
    },
    known: (): Map<string, VerdictData> =>
      new Map([...entries].flatMap(([id, { known }]) => (known ? [[id, known] as const] : []))),
    metrics(id: string, data: DataOf<typeof metrics>, source: Source): void {
      if (measured.size > 0) measured.call(member(id, entries.get(id) ?? {}), data, source);
    },
    /** A birth alone makes no member: only whom somebody judges, or judged, is one. */
    get: (id: string): FleetMember | undefined => {
      const found = entries.get(id);
      return found?.verdict && member(id, found);
    },
    list: (): FleetMember[] =>
      [...entries]
        .filter(([, { verdict }]) => verdict)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, found]) => member(id, found)),
  };
}

export type Members = ReturnType<typeof createMembers>;

/** A view that a config node can close. */
export interface OpenFleetView extends FleetView {
  /** For the view that follows this one under the same bus: a death in between is news to it. */
  handOver(): FleetLegacy;
  close(): Promise<void>;
}

export interface FleetLegacy {
  readonly lineage: object;
  /** The last that was known of each follower. */
  readonly known: ReadonlyMap<string, VerdictData>;
  /** Where the view judged by itself: what it had learned. */
  readonly watched: readonly Watched[];
}
