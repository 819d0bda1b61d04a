/**
 * Which routines this Node-RED has open on a bus. A redeploy keeps them open: what nodes claim is told when the flows stand, and what
 * nobody claims any more is taken back then, also what an earlier life left behind.
 */
import { isDeepStrictEqual } from "node:util";
import type { Bus } from "@skein/bus";
import { routine, type RoutineData } from "@skein/contracts";

/** A node that wants to open a routine. */
export interface Claim {
  /** The node's id: the same one keeps its routine over a deploy. */
  readonly node: string;
  readonly data: RoutineData;
  /** Whether it has it, or another node was first. */
  onDecided(isMine: boolean): void;
  /** It is with the broker, or on its way there. */
  onOpened(): void;
  /** The broker does not take it: at once, or when what waited for the link got there. */
  onFailure(error: unknown): void;
}

export interface Openings {
  /** Counts from the next `settle` on; the returned function gives it up. */
  claim(id: string, claim: Claim): () => void;
  /** The flows stand. */
  settle(): void;
}

export function createOpenings(bus: Pick<Bus, "id" | "publish" | "publishRaw" | "subscribe" | "onRefused">): Openings {
  const claims = new Map<string, Claim[]>();
  /** Whose it was at the last settling, by node. */
  const holders = new Map<string, string>();
  /** Kept on the broker under our name. */
  const kept = new Set<string>();
  let settled = false;
  const host = bus.id;

  const takeBack = (id: string) => {
    kept.delete(id);
    // An empty kept message [MQTT-3.3.1-6]. Away from the broker it waits; when it is refused there is nothing kept either.
    void bus.publishRaw(routine.topic({ host, id }), new Uint8Array(), "state").catch(() => {});
  };
  const open = (id: string, claim: Claim) => {
    kept.add(id);
    bus.publish(routine, { host, id }, claim.data).then(
      () => claim.onOpened(),
      (error: unknown) => claim.onFailure(error),
    );
  };
  const holderOf = (id: string) => claims.get(id)?.find(({ node }) => node === holders.get(id));
  bus.onRefused(({ action, topic, error }) => {
    if (action !== "write") return;
    for (const id of holders.keys()) if (topic === routine.topic({ host, id })) holderOf(id)?.onFailure(error);
  });
  void bus
    .subscribe(routine, { host }, ({ ids: { id }, data }) => {
      kept.add(id);
      if (settled && !holders.has(id)) takeBack(id);
      // A state that was refused is tried again by the bus: what comes back from the broker has got there.
      const holder = holderOf(id);
      if (holder && isDeepStrictEqual(data, holder.data)) holder.onOpened();
    })
    // Then what an earlier life left stays: whoever starts it hears that it is not open.
    .catch(() => {});

  return {
    claim(id, claim) {
      claims.set(id, [...(claims.get(id) ?? []), claim]);
      return () => {
        const left = (claims.get(id) ?? []).filter((each) => each !== claim);
        if (left.length > 0) claims.set(id, left);
        else claims.delete(id);
      };
    },
    settle() {
      settled = true;
      for (const [id, all] of claims) {
        const holder = all.find(({ node }) => node === holders.get(id)) ?? all[0];
        if (!holder) continue;
        holders.set(id, holder.node);
        open(id, holder);
        for (const claim of all) claim.onDecided(claim === holder);
      }
      for (const id of holders.keys()) if (!claims.has(id)) holders.delete(id);
      for (const id of kept) if (!holders.has(id)) takeBack(id);
    },
  };
}
