/** Puts the last flows back when the flow host could not read its file, and tells people: else the house would do nothing, in silence. */
import { hasCode, messageOf } from "@skein/kit";
import type { EventSink } from "../event-sink";
import type { NodeRedClient } from "./node-red-client";
import type { Snapshots } from "./snapshots";

export interface DamagedFlowsParts {
  readonly nodeRed: Pick<NodeRedClient, "flows">;
  readonly kept: Pick<Snapshots, "list">;
  /** Deploys a snapshot for the leader itself. */
  readonly rollBack: (id: string) => Promise<unknown>;
  readonly events: EventSink;
  readonly onBad: (text: string) => void;
}

export interface DamagedFlows {
  /** `aside`: the file that could not be read, as the flow host told it. */
  heard(aside: string): void;
  /** Does what there is to do, once; true when it did. @throws SkeinError FLOW_HOST_AWAY: then it is to be called again */
  putBack(): Promise<boolean>;
}

export function createDamagedFlows({ nodeRed, kept, rollBack, events, onBad }: DamagedFlowsParts): DamagedFlows {
  let waiting: string | undefined;
  const restore = async (flowsNow: number, rev: string): Promise<string> => {
    if (flowsNow > 0) return "Others have been deployed since.";
    const last = kept.list().find((snapshot) => snapshot.rev !== rev);
    if (!last) return "There is no snapshot of them: none is running.";
    try {
      await rollBack(last.id);
      return "Those of the last snapshot were put back.";
    } catch (error) {
      if (hasCode(error, "FLOW_HOST_AWAY")) throw error;
      return `They could not be put back, and none is running: ${messageOf(error)}`;
    }
  };
  return {
    heard: (aside) => void (waiting = aside),
    async putBack() {
      if (waiting === undefined) return false;
      const { flows, rev } = await nodeRed.flows();
      const what = await restore(flows.length, rev);
      const text = `The flows could not be read when the flow host started (the file is now flows/${waiting}). ${what}`;
      waiting = undefined;
      events.add({ type: "flows-damaged", severity: "alarm", text, subject: { kind: "flows", id: rev.slice(0, 128) } });
      onBad(text);
      return true;
    },
  };
}
