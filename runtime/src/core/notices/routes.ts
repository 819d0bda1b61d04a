/** `/notices`: what somebody should know, and where it goes besides the page. */
import {
  noticeAnswer,
  noticeChannelsView,
  noticesView,
  noticeView,
  pushSubscribe,
  pushSubscribed,
} from "@skein/contracts";
import { z } from "zod";
import { ANSWERED, defineRoute, type Route } from "../api/route";
import type { Notices } from "./notices";

const noticeParams = z.strictObject({ id: z.string() });
const pressBody = noticeAnswer.extend({ key: z.string().min(1).max(100) });

export interface NoticeRouteParts {
  readonly notices: Notices;
}

export function noticeRoutes({ notices }: NoticeRouteParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/notices",
      access: "viewer",
      summary: "The last 200 notices, newest first.",
      response: noticesView,
      handle: () => ({ notices: notices.list() }),
    }),
    defineRoute({
      method: "get",
      path: "/notices/channels",
      access: "viewer",
      summary: "By which channels notices are sent, past whose server each of them passes, and the key for Web Push.",
      response: noticeChannelsView,
      handle: () => notices.channels(),
    }),
    defineRoute({
      method: "post",
      path: "/notices/test",
      access: "operator",
      summary: "Sends a test notice by every channel and says how each of them did.",
      response: noticeView,
      handle: ({ actor }) =>
        notices.tell({
          severity: "info",
          title: "Test",
          text: `A test that ${actor.account?.name ?? "somebody"} asked for.`,
        }),
    }),
    defineRoute({
      method: "post",
      path: "/notices/push-subscriptions",
      access: "viewer",
      summary: "A browser asks for Web Push: its PushSubscription as JSON.",
      body: pushSubscribe,
      response: pushSubscribed,
      status: 201,
      errors: ["PUSH_OFF", "PUSH_ENDPOINT_REFUSED"],
      handle: async ({ actor, body }) => ({ id: await notices.subscribe(actor, body) }),
    }),
    defineRoute({
      method: "delete",
      path: "/notices/push-subscriptions/{id}",
      access: "viewer",
      summary: "A browser of one's own takes it back.",
      params: noticeParams,
      handle: ({ actor, params }) => notices.unsubscribe(actor, params.id),
    }),
    defineRoute({
      method: "get",
      path: "/notices/{id}/picture",
      access: "viewer",
      summary: "The picture of a notice, a JPEG or PNG.",
      params: noticeParams,
      produces: "image/*",
      errors: ["NOTICE_UNKNOWN", "PICTURE_UNKNOWN"],
      handle: ({ params, res }) =>
        notices.picture(params.id).then(({ type, bytes }): typeof ANSWERED => {
          // Whatever a flow made of it, it is shown as a picture and as nothing else.
          res.set({ "x-content-type-options": "nosniff", "content-security-policy": "sandbox" });
          res.type(type).send(bytes);
          return ANSWERED;
        }),
    }),
    defineRoute({
      method: "post",
      path: "/notices/{id}/answer",
      access: "operator",
      summary: "Presses one of its buttons; answered when the flow has it.",
      params: noticeParams,
      body: noticeAnswer,
      response: noticeView,
      errors: ["NOTICE_UNKNOWN", "NOTICE_ACTION_UNKNOWN", "NOTICE_CLOSED", "NOTICE_NODE_GONE", "FLOW_HOST_AWAY"],
      handle: ({ actor, params, body }) => notices.answer(params.id, body.action, actor),
    }),
    defineRoute({
      method: "post",
      path: "/notices/{id}/press",
      access: "public",
      summary: "The same for a phone that has the notice, with its key, by ntfy.",
      params: noticeParams,
      body: pressBody,
      response: z.object({ ok: z.literal(true) }),
      errors: ["NOTICE_UNKNOWN", "NOTICE_ACTION_UNKNOWN", "NOTICE_CLOSED", "NOTICE_NODE_GONE", "FLOW_HOST_AWAY"],
      async handle({ actor, params, body }) {
        await notices.press(params.id, body.action, body.key, actor);
        return { ok: true as const };
      },
    }),
    defineRoute({
      method: "post",
      path: "/notices/{id}/dismiss",
      access: "operator",
      summary: "Puts a notice away: it stays in the list and asks for nothing any more.",
      params: noticeParams,
      response: noticeView,
      errors: ["NOTICE_UNKNOWN"],
      handle: ({ actor, params }) => notices.dismiss(params.id, actor),
    }),
  ];
}
