/** Browsers that asked for Web Push, and the key pair that their vendors know us by: made at first use, and kept. */
import { createHash } from "node:crypto";
import { type PushSubscribe, pushSubscribe } from "@skein/contracts";
import { defineDocument, openDocument, SkeinError } from "@skein/kit";
import { generateVAPIDKeys } from "web-push";
import { z } from "zod";
import type { WhichSessions } from "../../auth/sessions";

/** An account has a few browsers; a house has no hundred. */
const MAX_SUBSCRIPTIONS = 100;

const kept = z.object({
  keys: z.object({ publicKey: z.string(), privateKey: z.string() }).optional(),
  subscriptions: z.array(
    z.object({
      id: z.string(),
      account: z.string(),
      /** By which it was asked for. It may be over by its age: a phone that only receives is not to fall silent for that. */
      session: z.string().optional(),
      createdAt: z.number(),
      subscription: pushSubscribe,
    }),
  ),
});
export type KeptSubscription = z.output<typeof kept>["subscriptions"][number];
export const pushDocument = defineDocument({ name: "web-push.json", schema: kept, empty: { subscriptions: [] } });

export interface PushSubscriptions {
  /** VAPID (RFC 8292). @throws SkeinError DOCUMENT_UNWRITABLE */
  keys(): Promise<{ readonly publicKey: string; readonly privateKey: string }>;
  readonly list: readonly KeptSubscription[];
  /** The same browser twice is one. @throws SkeinError PUSH_ENDPOINT_REFUSED, DOCUMENT_UNWRITABLE */
  add(account: string, subscription: PushSubscribe, session?: string): Promise<string>;
  /** One of an account's, or whichever. */
  remove(id: string, account?: string): Promise<void>;
  /** Forgets those of accounts that are gone. */
  removeGone(): Promise<void>;
  /** Forgets those of sessions that somebody ended: a lost phone is told no more. One from before sessions were noted goes with "the others". */
  removeSessions(which: WhichSessions): Promise<void>;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openPushSubscriptions(parts: {
  readonly file: string;
  readonly services: readonly string[];
  readonly now: () => number;
  readonly isAccount: (id: string) => boolean;
}): PushSubscriptions {
  const { file, services, now, isAccount } = parts;
  const document = openDocument({ file, ...pushDocument });
  const keep = (wanted: (each: KeptSubscription) => boolean) =>
    document.update((value) => {
      const subscriptions = value.subscriptions.filter(wanted);
      return subscriptions.length === value.subscriptions.length ? value : { ...value, subscriptions };
    });
  return {
    async keys() {
      const { keys } = await document.update((value) => (value.keys ? value : { ...value, keys: generateVAPIDKeys() }));
      if (!keys) throw new Error("an update gave back no keys");
      return keys;
    },
    get list() {
      // Whoever may log in no more is told nothing from that moment on.
      return document.value.subscriptions.filter(({ account }) => isAccount(account));
    },
    async add(account, subscription, session) {
      if (!isPushService(subscription.endpoint, services)) {
        throw new SkeinError(
          "PUSH_ENDPOINT_REFUSED",
          `${new URL(subscription.endpoint).host} is no push service that this leader sends to.`,
          { hint: "Those that it does stand in notices.webPush.services of skein.yaml." },
        );
      }
      const id = createHash("sha256").update(subscription.endpoint).digest("hex").slice(0, 24);
      await document.update((value) => ({
        ...value,
        // The oldest go first: a browser that is in use asks again at every visit.
        subscriptions: [
          ...value.subscriptions.filter((each) => each.id !== id).slice(1 - MAX_SUBSCRIPTIONS),
          { id, account, ...(session !== undefined && { session }), createdAt: now(), subscription },
        ],
      }));
      return id;
    },
    remove: async (id, account) =>
      void (await keep((each) => each.id !== id || (account !== undefined && each.account !== account))),
    removeGone: async () => void (await keep(({ account }) => isAccount(account))),
    removeSessions: async (which) =>
      void (await keep(({ session, account }) => !which({ id: session ?? "", account }))),
  };
}

/** A page hands the leader an address to send to: only those of known vendors, or else it could be sent anywhere in the house. */
export function isPushService(endpoint: string, services: readonly string[]): boolean {
  const { protocol, hostname, host } = new URL(endpoint);
  return services.some((service) =>
    service.includes(":")
      ? service === host
      : protocol === "https:" && (hostname === service || hostname.endsWith(`.${service}`)),
  );
}
