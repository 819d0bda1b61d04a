/** Somebody presses a button under a notice, or has read it. A button is pressed once, and counts when its flow has it. */
import { timingSafeEqual } from "node:crypto";
import type { Bus } from "@skein/bus";
import { noticeAnswerCommand, type NoticeView } from "@skein/contracts";
import { hasCode, SkeinError, type Clock } from "@skein/kit";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink } from "../event-sink";
import { isOpen, viewOf, type NoticeRecord } from "./record";
import { noticeUnknown, type NoticeStore } from "./store";

export interface Answers {
  /** @throws SkeinError NOTICE_UNKNOWN, NOTICE_CLOSED, NOTICE_ACTION_UNKNOWN, FLOW_HOST_AWAY, BUS_DOWN, and what the flow host says */
  answer(id: string, action: string, actor: Actor): Promise<NoticeView>;
  /** The same for whoever has the notice's own key. @throws besides SkeinError NOTICE_UNKNOWN when the key is another */
  press(id: string, action: string, key: string, actor: Actor): Promise<NoticeView>;
  /** @throws SkeinError NOTICE_UNKNOWN */
  dismiss(id: string, actor: Actor): Promise<NoticeView>;
}

export function createAnswers(parts: {
  readonly bus: Pick<Bus, "request">;
  readonly clock: Clock;
  readonly store: NoticeStore;
  readonly events: EventSink;
  readonly changed: () => void;
}): Answers {
  const { bus, clock, store, events, changed } = parts;
  /** Pressed, and its flow has not said yet that it has it. */
  const underWay = new Set<string>();

  const answerAs = async (id: string, chosen: string, by: string, actor: Actor): Promise<NoticeView> => {
    const notice = store.get(id);
    const action = notice.actions.find((each) => each.id === chosen);
    if (!action || !notice.origin)
      throw new SkeinError("NOTICE_ACTION_UNKNOWN", `this notice has no button "${chosen}".`);
    if (underWay.has(id) || !isOpen(notice, clock.now())) throw closed(notice);
    const tell = (type: "notice-answered" | "notice-unheard", what: string) =>
      events.add({
        type,
        severity: "info",
        audit: true,
        text: `"${action.label}" was pressed${what}: ${notice.title ?? notice.text}`.slice(0, 500),
        subject: { kind: "notice", id },
        ...signatureOf(actor),
        data: { action: chosen },
      });
    underWay.add(id);
    try {
      const at = clock.now();
      await tellFlow(notice.origin, { notice: id, action, by, at }).catch((error: unknown) => {
        // It may have come to the flow all the same.
        if (hasCode(error, "FLOW_HOST_AWAY")) tell("notice-unheard", ", and no flow has said that it has it");
        throw error;
      });
      const after = await store.change(id, (now) => ({ ...now, answered: { action: chosen, by, at } }));
      tell("notice-answered", "");
      return viewOf(after);
    } finally {
      underWay.delete(id);
      changed();
    }
  };

  const tellFlow = async (
    { host, ...whose }: NonNullable<NoticeRecord["origin"]>,
    said: { notice: string; action: NoticeRecord["actions"][number]; by: string; at: number },
  ) => {
    const outcome = await bus
      .request(noticeAnswerCommand, { target: host }, { ...said, ...whose })
      .catch((error: unknown) => {
        if (!hasCode(error, "REQUEST_TIMEOUT")) throw error;
        throw new SkeinError("FLOW_HOST_AWAY", `the flows (${host}) do not answer; your choice was not taken.`, {
          hint: "Press again in a moment.",
        });
      });
    if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
  };

  return {
    answer: (id, action, actor) => answerAs(id, action, actor.account?.id ?? "nobody", actor),
    press(id, action, key, actor) {
      const { key: own } = store.get(id);
      // The same as for one that is not there: whoever guesses learns nothing.
      if (own === undefined || !same(own, key)) throw noticeUnknown(id);
      return answerAs(id, action, "ntfy", actor);
    },
    async dismiss(id, actor) {
      const before = store.get(id);
      const after = await store.change(id, (now) =>
        now.dismissedAt === undefined ? { ...now, dismissedAt: clock.now() } : now,
      );
      if (after.dismissedAt !== before.dismissedAt) {
        events.add({
          type: "notice-dismissed",
          severity: "info",
          audit: true,
          text: `A notice was put away: ${before.title ?? before.text}`.slice(0, 500),
          subject: { kind: "notice", id },
          ...signatureOf(actor),
        });
        changed();
      }
      return viewOf(after);
    },
  };
}

function closed({ answered, dismissedAt }: NoticeRecord): SkeinError {
  const why = answered
    ? `${answered.by} has answered it already (${answered.action})`
    : dismissedAt === undefined
      ? "its time is over, or somebody is pressing just now"
      : "it was put away";
  return new SkeinError("NOTICE_CLOSED", `this notice takes no answer any more: ${why}.`);
}

const same = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};
