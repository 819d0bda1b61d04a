/**
 * The house's switch against cameras and microphones: one retained word on the bus, which every follower obeys by itself. What this
 * shows of each is the follower's own word in its heartbeats: an order that has gone out is no proof.
 */
import { join } from "node:path";
import type { Bus } from "@skein/bus";
import { privacyState, type PrivacyView } from "@skein/contracts";
import { defineDocument, messageOf, openDocument, type Clock, type Logger } from "@skein/kit";
import { z } from "zod";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink, OnChanged } from "../event-sink";
import type { FleetService } from "../fleet/fleet-service";
import type { Signed } from "../registry/residents";
import { sensesOf } from "./senses";

export const privacyDocument = defineDocument({
  name: "privacy.json",
  schema: privacyState.schema.extend({ version: z.literal(1) }),
  empty: { version: 1, on: false },
});

export interface Privacy extends Signed {
  view(): PrivacyView;
  /** On the disk and on the bus (or waiting for it) when it resolves. @throws SkeinError DOCUMENT_UNWRITABLE */
  set(actor: Actor, on: boolean): Promise<PrivacyView>;
  close(): void;
}

export interface PrivacyParts {
  /** Core's own folder. */
  readonly dir: string;
  readonly bus: Pick<Bus, "publish">;
  readonly fleet: Pick<FleetService, "list" | "get" | "listen">;
  readonly events: EventSink;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  readonly onChanged: OnChanged;
}

/** Says the word again at once: followers that never heard one wait for it. @throws SkeinError DOCUMENT_UNREADABLE */
export function openPrivacy({ dir, bus, fleet, events, clock, logger, onChanged }: PrivacyParts): Privacy {
  const document = openDocument({ file: join(dir, privacyDocument.name), ...privacyDocument });
  const publish = (): void => {
    const { on, since, by } = document.value;
    void bus
      .publish(privacyState, {}, { on, ...(since !== undefined && { since }), ...(by !== undefined && { by }) })
      .catch((error: unknown) => logger.error({ reason: messageOf(error) }, "the privacy switch could not be told"));
  };
  const senses = () => sensesOf(fleet.list());
  // By follower: a large house beats a thousand times a second.
  const told = new Map<string, string>();
  const look = (id: string): void => {
    const follower = fleet.get(id);
    const now = JSON.stringify(follower ? sensesOf([follower]) : []);
    if (now === (told.get(id) ?? "[]")) return;
    told.set(id, now);
    onChanged("privacy");
  };
  for (const follower of fleet.list()) told.set(follower.id, JSON.stringify(sensesOf([follower])));
  const stop = fleet.listen({ follower: look, removed: look, beat: look });
  publish();
  const view = (): PrivacyView => {
    const { on, since, by } = document.value;
    return { on, ...(since !== undefined && { since }), ...(by !== undefined && { by }), senses: senses() };
  };
  return {
    view,
    async set(actor, on) {
      const before = document.value;
      const by = actor.account?.id;
      await document.update((now) =>
        now.on === on ? now : { version: 1, on, since: clock.now(), ...(by !== undefined && { by }) },
      );
      if (document.value !== before) {
        publish();
        events.add({
          type: "privacy",
          severity: "notice",
          audit: true,
          text: on ? "Every camera and microphone was switched off." : "Cameras and microphones may be on again.",
          data: { on },
          ...signatureOf(actor),
        });
        onChanged("privacy");
      }
      return view();
    },
    signedBy: (isTheirs) =>
      isTheirs(document.value.by, document.value.since ?? 0)
        ? [{ at: document.value.since ?? 0, where: "privacy", what: "who switched cameras and microphones last" }]
        : [],
    async unsign(isTheirs) {
      if (!isTheirs(document.value.by, document.value.since ?? 0)) return;
      await document.update(({ by: _by, ...rest }) => rest);
      // The retained word on the bus names them as well.
      publish();
      onChanged("privacy");
    },
    close: stop,
  };
}
