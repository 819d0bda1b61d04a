import { z } from "zod";
import { noticeAction, noticeSent } from "../notices";
import { severity } from "./events";

/** Something that a flow wants somebody to know (skein-notify), or the house itself. */
export const noticeView = z.object({
  id: z.string(),
  at: z.number(),
  severity,
  title: z.string().optional(),
  text: z.string(),
  /** `/api/v1/notices/{id}/picture` shows it. */
  hasPicture: z.boolean(),
  actions: z.array(noticeAction),
  /** When its buttons are worth nothing any more, ms of the leader's clock. */
  expiresAt: z.number().optional(),
  /** What was pressed, by whom. */
  answered: z.object({ action: z.string(), by: z.string(), at: z.number() }).optional(),
  dismissedAt: z.number().optional(),
  /** By channel (`page`, `ntfy`, `email`, `web-push`): sent, or why not. */
  sent: noticeSent,
});
export type NoticeView = z.output<typeof noticeView>;
export const noticesView = z.object({ notices: z.array(noticeView) });
export const noticeAnswer = z.strictObject({ action: z.string().min(1).max(63) });

/** Where notices go, and past whose server each of these ways passes; a way that is off is not there. */
export const noticeChannelsView = z.object({
  channels: z.array(
    z.object({
      /** `page`, `ntfy`, `email`, `web-push`. */
      name: z.string(),
      /** One sentence in English. */
      passes: z.string(),
      /** The least severity that it is used for. */
      least: severity,
    }),
  ),
  webPush: z.object({
    on: z.boolean(),
    /** VAPID public key (RFC 8292), base64url: `applicationServerKey` of `pushManager.subscribe`. Only while it is on. */
    publicKey: z.string().optional(),
  }),
});
export type NoticeChannelsView = z.output<typeof noticeChannelsView>;

/** What a browser's `PushSubscription.toJSON()` gives. */
export const pushSubscribe = z.strictObject({
  endpoint: z.url().max(1000),
  expirationTime: z.number().nullable().optional(),
  keys: z.strictObject({ p256dh: z.string().min(80).max(100), auth: z.string().min(20).max(40) }),
});
export type PushSubscribe = z.output<typeof pushSubscribe>;
export const pushSubscribed = z.object({ id: z.string() });

/** A flow that somebody may start from outside: a `skein-routine` node opened it. */
export const routineView = z.object({
  id: z.string(),
  name: z.string(),
  /** In the icons of the page; free text else. */
  icon: z.string().optional(),
  /** The flow host that opened it. */
  host: z.string(),
  /** False while its flow host is away. */
  available: z.boolean(),
});
export type RoutineView = z.output<typeof routineView>;
export const routinesView = z.object({ routines: z.array(routineView) });
/** Any JSON object: the flow gets it as `msg.payload`. */
export const routineStart = z.record(z.string(), z.json());
export const routineStarted = z.object({ started: z.literal(true) });
