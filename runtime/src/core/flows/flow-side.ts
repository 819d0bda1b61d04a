/** All of core that faces the flow host: its API, the snapshots of its flows, which of their routes are open, and the doors to it. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingMessage } from "node:http";
import type { Bus } from "@skein/bus";
import type { Clock, IdSource, Logger, Random } from "@skein/kit";
import type { CoreInit } from "../../launcher/ipc";
import type { Actor } from "../auth/actor";
import type { EventSink, OnChanged } from "../event-sink";
import { hooksDocument, openHooks, type OpenHooks } from "../hooks/open-hooks";
import type { House } from "../house";
import { createGate, type Gate } from "../web/gate";
import { keptSockets, type KeptSockets } from "../web/kept-sockets";
import { createVouch, type Vouch } from "../web/vouch";
import { createFlowsService, type FlowsService } from "./flows-service";
import { createNodeRedClient } from "./node-red-client";
import { openSnapshots, type Snapshots } from "./snapshots";

export interface FlowSide {
  readonly flows: FlowsService;
  readonly hooks: OpenHooks;
  readonly snapshots: Snapshots;
  /** How somebody of this name likes the editor is forgotten. Never fails for a flow host that is away. */
  forgetPerson(name: string): Promise<void>;
  /** For the web server. */
  readonly doors: { readonly gate: Gate; readonly vouch: Vouch; readonly kept: KeptSockets };
  /** Looks at the flows whenever the flow host comes up: also after a restart of core alone, while somebody may have deployed. */
  watch(house: Pick<House, "onChange">): void;
  close(): Promise<void>;
}

export interface FlowSideParts {
  readonly bus: Pick<Bus, "subscribe">;
  readonly actorOf: (req: IncomingMessage) => Actor;
  /** The same of a request that was let in before (auth.ts). */
  readonly actorStill: (req: IncomingMessage) => Actor;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly events: EventSink;
  readonly onChanged: OnChanged;
  readonly onBad: (text: string) => void;
  readonly logger: Logger;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export async function openFlowSide(init: CoreInit, parts: FlowSideParts): Promise<FlowSide> {
  const { bus, actorOf, actorStill, clock, random, ids, events, onChanged, onBad, logger } = parts;
  const dir = join(init.dataDir, "core");
  const key = init.flowHostKey;
  const hooks = openHooks(join(dir, hooksDocument.name), { clock, events, onChanged });
  const gate = createGate({ actorOf, hooks });
  const kept = keptSockets(createGate({ actorOf: actorStill, hooks }));
  const snapshots = openSnapshots(join(dir, "snapshots"), { clock, ids });
  const nodeRed = createNodeRedClient({ socketPath: init.flowHostSocket, key, clock });
  const flows = await createFlowsService({
    bus,
    nodeRed,
    kept: snapshots,
    random,
    now: () => clock.now(),
    events,
    onChanged,
    onBad,
    logger,
  });
  const stops: (() => void)[] = [];
  return {
    flows,
    hooks,
    snapshots,
    forgetPerson: (name) =>
      nodeRed.forgetPerson(name).catch(async () => {
        // It does not run. What it would read at its start goes whole: rather everybody's grid than one name.
        for (const file of [".config.users.json", ".config.users.json.backup"])
          await rm(join(init.dataDir, "flows", file), { force: true });
      }),
    doors: { gate, vouch: createVouch({ actorOf, hooks, key, clock }), kept },
    watch(house) {
      let wasUp = false;
      const stop = house.onChange(({ flowHost }) => {
        if (flowHost === "up" && !wasUp) void flows.look();
        wasUp = flowHost === "up";
      });
      stops.push(stop);
    },
    async close() {
      for (const stop of stops) stop();
      await flows.close();
    },
  };
}
