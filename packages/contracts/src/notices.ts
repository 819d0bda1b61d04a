/**
 * What a flow wants somebody to know (skein-notify), and what that somebody answers. The leader keeps and shows it; a picture
 * travels before it, as media.
 */
import { z } from "zod";
import { severity } from "./api/events";
import { defineMessage } from "./define-message";

/** A button under a notice. */
export const noticeAction = z.object({
  id: z.string().min(1).max(63),
  label: z.string().min(1).max(40),
});
export type NoticeAction = z.output<typeof noticeAction>;

/** Notification centres of phones show no more than three; ntfy takes no more. */
export const MAX_NOTICE_ACTIONS = 3;
/** Enough for a page of text, and no log file. */
export const MAX_NOTICE_TEXT = 4000;
export const MAX_NOTICE_TITLE = 200;

/** By channel (`page`, `ntfy`, `email`, `web-push`): whether it has it, or why not. */
export const noticeSent = z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().max(500).optional() }));
export type NoticeSent = z.output<typeof noticeSent>;

/**
 * To the leader: tell somebody. It is answered with `{id, sent}` when every channel has been tried once. A command and no event: whoever
 * asks must learn whether anybody is there to tell it, and one that waited until it was worth nothing is refused.
 */
export const noticeCommand = defineMessage({
  topic: "commands/leader/notice/{issuer}",
  kind: "command",
  writer: "issuer",
  what: "tell somebody: text, severity, buttons, a picture named by its hash (skein-notify)",
  schema: z.object({
    text: z.string().trim().min(1).max(MAX_NOTICE_TEXT),
    title: z.string().trim().max(MAX_NOTICE_TITLE).optional(),
    severity: severity.default("info"),
    /** The hash under which its bytes went before it, on `flows/{host}/media/{hash}`. */
    picture: z.string().min(1).max(63).optional(),
    actions: z.array(noticeAction).max(MAX_NOTICE_ACTIONS).default([]),
    /** How long its buttons may be pressed, ms; left out: for as long as the notice is kept. */
    validForMs: z
      .int()
      .min(1000)
      .max(31 * 86_400_000)
      .optional(),
    /** The node that asks and its own mark for this notice, for the answer to find its way back. Without a node there are no buttons. */
    node: z.string().min(1).max(64).optional(),
    mark: z.string().min(1).max(64).optional(),
  }),
});

/** To the flow host whose notice it was: somebody pressed a button. */
export const noticeAnswerCommand = defineMessage({
  topic: "commands/{target}/notice-answer/{issuer}",
  kind: "command",
  writer: "issuer",
  answeredBy: "flows",
  what: "to a flow host: which button under a notice of its own was pressed, and by whom",
  schema: z.object({
    notice: z.string().min(1).max(64),
    node: z.string().min(1).max(64),
    mark: z.string().min(1).max(64).optional(),
    action: noticeAction,
    /** The account, or how it came to us. */
    by: z.string().max(63),
    at: z.number(),
  }),
  names: ({ by }) => [by],
});
