/**
 * Web Push (RFC 8030): to each browser through its vendor's server, which sees when and how much, and not what: the text is encrypted for
 * that browser (RFC 8291), and we say who we are (VAPID, RFC 8292).
 */
import { messageOf } from "@skein/kit";
import { generateRequestDetails } from "web-push";
import type { NoticeSettings } from "../settings";
import { type Channel, cut, type Outgoing, refusalOf, refused, unreached } from "./channel";
import type { KeptSubscription, PushSubscriptions } from "./push-subscriptions";

/** What a push service must take is 4,096 bytes of cipher text (RFC 8030, 7.2); the rest is on the page. */
const MAX_TEXT_BYTES = 2000;
/** How long it waits for a phone that is off, s: a day. */
const TTL_S = 86_400;

export function webPushChannel(
  { least, contact }: NoticeSettings["webPush"],
  subscriptions: PushSubscriptions,
): Channel {
  return {
    name: "web-push",
    least,
    passes:
      "The push server of each browser's vendor (Google, Mozilla, Apple or Microsoft): the text is encrypted for the browser, when and how much is sent is seen there.",
    hasReceivers: () => subscriptions.list.length > 0,
    async send(notice, { signal, done }) {
      const vapidDetails = { subject: `mailto:${contact}`, ...(await subscriptions.keys()) };
      const payload = payloadOf(notice);
      const failures: unknown[] = [];
      const sendTo = async ({ id, subscription }: KeptSubscription) => {
        const request = generateRequestDetails(subscription, payload, {
          vapidDetails,
          TTL: TTL_S,
          urgency: notice.severity === "alarm" || notice.severity === "warning" ? "high" : "normal",
        });
        const { "Content-Length": _length, ...headers } = request.headers as Record<string, string>;
        const response = await fetch(request.endpoint, {
          method: "POST",
          headers,
          body: new Uint8Array(request.body),
          signal,
          redirect: "error",
        });
        const said = await response.text().catch(() => "");
        // The browser has taken it back, or is no more.
        if (response.status === 404 || response.status === 410) return subscriptions.remove(id);
        if (!response.ok) throw refusalOf(new URL(request.endpoint).host, response.status, said);
      };
      const asked = subscriptions.list.filter(({ id }) => !done.has(id));
      await Promise.all(
        asked.map((each) =>
          sendTo(each).then(
            () => done.add(each.id),
            (error: unknown) => failures.push(error),
          ),
        ),
      );
      if (failures.length === 0) return;
      const said = `${failures.length} of ${asked.length} browsers were not reached: ${messageOf(failures[0]).slice(0, 200)}`;
      throw failures.every((error) => (error as { code?: string }).code === "NOTICE_REFUSED")
        ? refused(said)
        : unreached(said, failures[0]);
    },
  };
}

/** What the page's service worker gets, as JSON. */
const payloadOf = ({ id, at, title, text, severity, actions, link }: Outgoing): string =>
  JSON.stringify({
    id,
    at,
    severity,
    ...(title === undefined ? {} : { title }),
    text: cut(text, MAX_TEXT_BYTES),
    actions,
    ...(link === undefined ? {} : { link }),
  });
