/** E-mail by address, over the owner's own mail provider or server. Its buttons are on the page, which the mail links to. */
import { createTransport } from "nodemailer";
import { messageOf } from "@skein/kit";
import type { NoticeSettings } from "../settings";
import { type Channel, inTime, type Outgoing, refused, unreached } from "./channel";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
/** A connection on which nothing is said for so long ends by itself, ms. */
const PATIENCE_MS = 10_000;

export function emailChannel(settings: NonNullable<NoticeSettings["email"]>, house: string): Channel {
  const { smtp, username, password, from, to, least } = settings;
  const { protocol, hostname, port } = new URL(smtp);
  const secure = protocol === "smtps:";
  const transport = createTransport({
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    // A password goes over no network in the clear.
    requireTLS: !secure && username !== undefined && !LOOPBACK.includes(hostname),
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? "" } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  /** By notice and address: what was given up as too slow may yet arrive, and is waited for rather than sent twice. */
  const underWay = new Map<string, Promise<unknown>>();
  const mail = (notice: Outgoing, address: string): Promise<unknown> => {
    const key = `${notice.id} ${address}`;
    const sent =
      underWay.get(key) ??
      transport.sendMail({ from, to: address, ...mailOf(notice, house) }).finally(() => underWay.delete(key));
    underWay.set(key, sent);
    return sent;
  };
  return {
    name: "email",
    least,
    passes: `The mail server ${hostname}, and the one of each address that it goes to; not encrypted from end to end.`,
    async send(notice, { signal, done }) {
      // Each by itself: one wrong address keeps no other from its mail, and nobody reads who else got it.
      const failures: unknown[] = [];
      for (const address of to.filter((each) => !done.has(each))) {
        try {
          await inTime(() => mail(notice, address).then(() => done.add(address)), signal);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length === 0) return;
      const said = `${to.length - failures.length} of ${to.length} mails were taken: ${messageOf(failures[0]).slice(0, 200)}`;
      throw failures.every(isFinal) ? refused(said) : unreached(said, failures[0]);
    },
  };
}

function mailOf({ title, text, severity, actions, link, picture }: Outgoing, house: string) {
  const buttons = actions.map(({ label }) => label).join(" / ");
  const lines = [
    text,
    ...(link ? [buttons ? `${buttons}: ${link}` : link] : buttons ? [`On the page: ${buttons}`] : []),
  ];
  return {
    subject: `${severity === "alarm" ? "ALARM: " : ""}${title ?? firstLine(text)} (${house})`,
    text: lines.join("\n\n"),
    ...(severity === "alarm" ? { priority: "high" as const } : {}),
    ...(picture
      ? {
          attachments: [
            {
              filename: picture.type === "image/png" ? "picture.png" : "picture.jpg",
              content: picture.bytes,
              contentType: picture.type,
            },
          ],
        }
      : {}),
  };
}

const firstLine = (text: string): string => (text.split("\n")[0] ?? "").slice(0, 100);

/** SMTP's own words: 5yz is for good (RFC 5321, 4.2.1); a login that is refused is as well. */
function isFinal(error: unknown): boolean {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  return code === "EAUTH" || (responseCode !== undefined && responseCode >= 500);
}
