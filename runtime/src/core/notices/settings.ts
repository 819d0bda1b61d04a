/** Where notices go besides the page: the part `notices` of skein.yaml. */
import { severity } from "@skein/contracts";
import { z } from "zod";

const secret = z.string().min(1).max(1000);
/** Used for notices of this severity and worse; the page shows all of them. */
const least = severity.default("info");

/** Whose servers a browser's push subscriptions may name: the leader sends to no other address that a page hands it. */
export const PUSH_SERVICES: readonly string[] = [
  "fcm.googleapis.com",
  "push.services.mozilla.com",
  "push.apple.com",
  "notify.windows.com",
];

export const noticeSettings = z
  .strictObject({
    /** Under which address a phone reaches this leader: notices link to it, and the buttons in ntfy call it. Without it there are neither. */
    pageUrl: z
      .url({ protocol: /^https?$/, error: "must be an address: http:// or https://, and a host" })
      .transform((url) => url.replace(/\/+$/, ""))
      .optional(),
    /** A server of your own (https://docs.ntfy.sh/install/), or anybody's: what is sent passes it. */
    ntfy: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/, error: "must be an address: http:// or https://, and a host" })
          .transform((url) => url.replace(/\/+$/, "")),
        topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, "1 to 64 letters, digits, - and _"),
        /** An access token of the server's (tk_...). */
        token: secret.optional(),
        least,
      })
      .optional(),
    email: z
      .strictObject({
        /** smtp:// (587; goes over to TLS where the server can) or smtps:// (465), a host, and a port when it is another. */
        smtp: z
          .url({ protocol: /^smtps?$/, error: "must be an address: smtp:// or smtps://, then host and port" })
          .refine((url) => !/:\/\/[^/]*@/.test(url), "user name and password go into fields of their own"),
        username: z.string().min(1).max(200).optional(),
        password: secret.optional(),
        from: z.email(),
        to: z.array(z.email()).min(1).max(20),
        /** The least severity that is mailed. */
        least: severity.default("notice"),
      })
      .optional(),
    /** Passes the server of each browser's vendor, encrypted; so it is off until it is switched on. */
    webPush: z
      .strictObject({
        enabled: z.boolean().default(false),
        /** Whom the vendor may write to when something is wrong with what we send (RFC 8292, 2.1). */
        contact: z.email().optional(),
        services: z
          .array(z.string().min(1).max(253))
          .max(32)
          .default([...PUSH_SERVICES]),
        least,
      })
      .superRefine(({ enabled, contact }, context) => {
        if (enabled && contact === undefined)
          context.addIssue({
            code: "custom",
            path: ["contact"],
            message: "needed with enabled: true, an e-mail address",
          });
      })
      .prefault({}),
  })
  .prefault({});
export type NoticeSettings = z.output<typeof noticeSettings>;
