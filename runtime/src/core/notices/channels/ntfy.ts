/**
 * An ntfy server (https://docs.ntfy.sh/publish/): published as JSON, and with a picture as the body of a PUT whose headers say the rest.
 * A server that takes no attachments gets the notice without its picture.
 */
import type { Severity } from "@skein/contracts";
import { messageOf } from "@skein/kit";
import type { NoticeSettings } from "../settings";
import { type Channel, cut, type Outgoing, refusalOf, unreached } from "./channel";

/** ntfy makes an attachment of what is longer than 4,096 bytes. */
const MAX_MESSAGE_BYTES = 4000;
const PRIORITY: Readonly<Record<Severity, number>> = { info: 2, notice: 3, warning: 4, alarm: 5 };
/** Short codes that ntfy shows as emoji. */
const TAG: Readonly<Record<Severity, string>> = {
  info: "information_source",
  notice: "bell",
  warning: "warning",
  alarm: "rotating_light",
};

export function ntfyChannel({ url, topic, token, least }: NonNullable<NoticeSettings["ntfy"]>): Channel {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const host = new URL(url).host;
  const ask = async (to: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(to, { ...init, redirect: "error" });
    } catch (error) {
      throw unreached(`no answer from ${host}: ${causeOf(error)}`, error);
    }
  };
  const answered = async (response: Response): Promise<void> => {
    const said = await response.text().catch(() => "");
    if (!response.ok) throw refusalOf(`the ntfy server ${host}`, response.status, errorIn(said));
  };
  const withoutPicture = async (notice: Outgoing, signal: AbortSignal) =>
    answered(
      await ask(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...authorization },
        body: JSON.stringify({
          topic,
          ...(notice.title ? { title: notice.title } : {}),
          message: cut(notice.text, MAX_MESSAGE_BYTES),
          priority: PRIORITY[notice.severity],
          tags: [TAG[notice.severity]],
          ...(notice.link ? { click: notice.link } : {}),
          ...(buttons(notice).length > 0 ? { actions: buttons(notice) } : {}),
        }),
        signal,
      }),
    );
  return {
    name: "ntfy",
    least,
    passes: `The ntfy server ${host}. Whether that wakes an iPhone through ntfy.sh and Apple is its own setting (upstream-base-url).`,
    async send(notice, { signal }) {
      const { picture } = notice;
      if (!picture) return withoutPicture(notice, signal);
      const response = await ask(`${url}/${topic}`, {
        method: "PUT",
        headers: {
          ...authorization,
          ...headersOf(notice),
          filename: picture.type === "image/png" ? "picture.png" : "picture.jpg",
        },
        body: new Uint8Array(picture.bytes),
        signal,
      });
      // 400 with 40014: attachments are switched off there; 413: it takes none of this size.
      if (response.status !== 400 && response.status !== 413) return answered(response);
      await response.body?.cancel();
      await withoutPicture(notice, signal);
    },
  };
}

/** Pressed on the phone, they call the leader: with a key that is good for this notice alone. */
function buttons({ actions, press }: Outgoing): object[] {
  if (!press) return [];
  return actions.map(({ id, label }) => ({
    action: "http",
    label,
    url: press.url,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ action: id, key: press.key }),
    clear: true,
  }));
}

function headersOf(notice: Outgoing): Record<string, string> {
  return {
    ...(notice.title ? { title: inHeader(notice.title) } : {}),
    message: inHeader(cut(notice.text, MAX_MESSAGE_BYTES)),
    priority: String(PRIORITY[notice.severity]),
    tags: TAG[notice.severity],
    ...(notice.link ? { click: notice.link } : {}),
    ...(buttons(notice).length > 0 ? { actions: inHeader(JSON.stringify(buttons(notice))) } : {}),
  };
}

/** A header is ASCII without line breaks; what is not goes as an encoded word (RFC 2047), which ntfy reads. */
const inHeader = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;

/** ntfy's errors are `{"code":40101,"http":401,"error":"unauthorized"}`. */
function errorIn(said: string): string {
  try {
    const { error } = JSON.parse(said) as { error?: unknown };
    return typeof error === "string" ? error : said;
  } catch {
    return said;
  }
}

/** fetch says "fetch failed" and hides why in its cause. */
const causeOf = (error: unknown): string => messageOf((error as { cause?: unknown }).cause ?? error);
