/**
 * What somebody should know: taken from flows (skein-notify) and from the house itself, kept for the page, and sent by every channel that
 * is switched on. Buttons go back to the flow host whose notice it is (answers.ts).
 */
import { join } from "node:path";
import type { Bus, Received } from "@skein/bus";
import {
  noticeCommand,
  type NoticeChannelsView,
  type NoticeSent,
  type NoticeView,
  type PushSubscribe,
  type Severity,
} from "@skein/contracts";
import { createIds, SkeinError, type Clock, type Logger, type Random } from "@skein/kit";
import type { Actor } from "../auth/actor";
import type { WhichSessions } from "../auth/sessions";
import type { EventSink, OnChanged } from "../event-sink";
import type { Signed } from "../registry/residents";
import { createAnswers, type Answers } from "./answers";
import { createChannels, openPushSubscriptions, pushDocument, type Channel } from "./channels";
import { createDelivery } from "./delivery";
import { listenForPictures, type Picture } from "./pictures";
import { createRate } from "./rate";
import { outgoingOf, recordOf, viewOf, type NoticeRecord, type Said } from "./record";
import type { NoticeSettings } from "./settings";
import { noticesDocument, openNoticeStore } from "./store";

/** A restart begins again with what was not sent, unless it is older than this, ms. */
const BEGIN_AGAIN_MS = 10 * 60_000;
/** Of the flows together, a minute: a wire that loops shall not wake the street. */
const MAX_A_MINUTE = 60;

/** What the flow is answered; `picture`: whether that came, too. */
const answerOf = (
  { id, sent, picture }: NoticeRecord,
  asked: { readonly picture?: string | undefined },
): { id: string; sent: NoticeSent; picture?: boolean } => ({
  id,
  sent,
  ...(asked.picture === undefined ? {} : { picture: picture !== undefined }),
});

/** Whose answer it was when that is forgotten. */
const NOBODY = "nobody";

export interface NoticesParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** `<dataDir>/core`. */
  readonly dir: string;
  readonly settings: NoticeSettings;
  /** What the house is called. */
  readonly house: string;
  /** Whether somebody may log in by this id: browsers of others are told nothing. */
  readonly isAccount: (id: string) => boolean;
  readonly events: EventSink;
  readonly onChanged: OnChanged;
}

export interface Notices extends Answers, Signed {
  /** Newest first. */
  list(): NoticeView[];
  /** @throws SkeinError NOTICE_UNKNOWN; PICTURE_UNKNOWN when it has none */
  picture(id: string): Promise<Picture>;
  /** Of the house itself. Resolves when it is kept and every channel has been tried once; one that the disk does not take is told all the same. */
  tell(notice: { severity: Severity; title?: string; text: string }): Promise<NoticeView>;
  channels(): Promise<NoticeChannelsView>;
  /** @throws SkeinError PUSH_OFF, PUSH_ENDPOINT_REFUSED */
  subscribe(actor: Actor, subscription: PushSubscribe): Promise<string>;
  unsubscribe(actor: Actor, id: string): Promise<void>;
  /** An account may be gone: what its browsers asked for is forgotten. */
  forgetGone(): Promise<void>;
  /** Somebody logged these browsers out: what they asked for is forgotten. */
  forgetSessions(which: WhichSessions): Promise<void>;
  close(): Promise<void>;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export async function createNotices(parts: NoticesParts): Promise<Notices> {
  const { bus, clock, random, logger, settings, events } = parts;
  const store = openNoticeStore(join(parts.dir, noticesDocument.name), { clock, logger });
  const subscriptions = openPushSubscriptions({
    file: join(parts.dir, pushDocument.name),
    services: settings.webPush.services,
    now: () => clock.now(),
    isAccount: parts.isAccount,
  });
  const channels: readonly Channel[] = createChannels(settings, parts.house, subscriptions);
  const ids = createIds(clock, random);
  const rate = createRate(clock, { max: MAX_A_MINUTE, perMs: 60_000 });
  const newKey = () => Buffer.from(random.bytes(24)).toString("base64url");
  const changed = () => parts.onChanged("notices");
  const delivery = createDelivery({ clock, random, channels, onResult: noteResult });
  const pictures = await listenForPictures(bus, clock);

  function noteResult(id: string, channel: string, result: NoticeSent[string], final: boolean): Promise<void> {
    const noted = store
      .change(id, (notice) => ({
        ...notice,
        sent: { ...notice.sent, [channel]: result },
        pending: [...notice.pending.filter((each) => each !== channel), ...(final ? [] : [channel])],
      }))
      .then(changed)
      .catch((error: unknown) => logger.warn({ err: error, notice: id }, "how a notice was sent could not be noted"));
    if (result.ok || !final) return noted;
    const text = `A notice could not be sent by ${channel}: ${result.detail ?? "no reason was given"}`.slice(0, 500);
    logger.warn({ notice: id, channel }, text);
    events.add({ type: "notice-channel-failed", severity: "warning", text, subject: { kind: "notice", id } });
    return noted;
  }

  const outgoing = (notice: NoticeRecord, picture?: Picture) => outgoingOf(notice, settings.pageUrl, picture);

  const take = async (
    said: Said,
    from: { origin?: NoticeRecord["origin"]; picture?: Picture | undefined; command?: string } = {},
  ): Promise<NoticeRecord> => {
    const { origin, picture, command } = from;
    const own = { id: ids(), at: clock.now(), key: newKey(), origin, command, picture: picture?.type };
    const record = recordOf(said, own);
    // A death before the first attempt must not lose it.
    const kept = await store.add({ ...record, pending: delivery.channelsFor(record) }, picture?.bytes);
    const { title, text, severity } = kept;
    const words = title ? `${title}: ${text}` : text;
    events.add({ type: "notice", severity, text: words.slice(0, 500), subject: { kind: "notice", id: kept.id } });
    changed();
    const sent = await delivery.send(outgoing(kept, picture));
    return { ...kept, sent: { ...kept.sent, ...sent } };
  };

  const serve = async ({ data, envelope }: Received<typeof noticeCommand>) => {
    const told = store.list.find(({ command }) => command === envelope.id);
    if (told) return answerOf(told, data);
    if (!rate.take())
      throw new SkeinError("NOTICE_TOO_MANY", `more than ${MAX_A_MINUTE} notices came within a minute.`, {
        hint: "Does a wire lead back to the node? A delay node (rate limit) before it helps.",
      });
    const host = envelope.from;
    const picture = data.picture === undefined ? undefined : await pictures.take(host, data.picture);
    const { node, mark } = data;
    const origin = node === undefined ? undefined : { host, node, ...(mark === undefined ? {} : { mark }) };
    return answerOf(await take(data, { ...(origin && { origin }), picture, command: envelope.id }), data);
  };
  // The notice itself is the note of the command. Bus's own is on the disk first, or the command is refused: no alarm shall wait for that.
  const stop = await bus.serve(noticeCommand, {}, serve, { idempotent: () => true });

  for (const notice of store.list) {
    if (notice.pending.length === 0 || notice.at < clock.now() - BEGIN_AGAIN_MS) continue;
    const bytes = await store.picture(notice.id);
    const picture = bytes && notice.picture ? { type: notice.picture, bytes } : undefined;
    void delivery.send(outgoing(notice, picture), notice.pending);
  }

  return {
    ...createAnswers({ bus, clock, store, events, changed }),
    list: () => store.list.map(viewOf).toReversed(),
    async picture(id) {
      const { picture: type } = store.get(id);
      const bytes = await store.picture(id);
      if (!type || !bytes) throw new SkeinError("PICTURE_UNKNOWN", "this notice has no picture, or it is gone.");
      return { type, bytes };
    },
    tell: async (notice) => viewOf(await take({ ...notice, actions: [] })),
    async channels() {
      const on = settings.webPush.enabled;
      return {
        channels: [
          { name: "page", passes: "Nobody: this leader shows it itself.", least: "info" },
          ...channels.map(({ name, passes, least }) => ({ name, passes, least })),
        ],
        webPush: { on, ...(on && { publicKey: (await subscriptions.keys()).publicKey }) },
      };
    },
    async subscribe({ by, id, account }, subscription) {
      if (!settings.webPush.enabled)
        throw new SkeinError("PUSH_OFF", "Web Push is off in this house.", {
          hint: "Its owner switches it on in skein.yaml: notices: { webPush: { enabled: true, contact: ... } }.",
        });
      return subscriptions.add(account?.id ?? "", subscription, by === "session" ? id : undefined);
    },
    unsubscribe: ({ account }, id) => subscriptions.remove(id, account?.id ?? ""),
    signedBy: (isTheirs) =>
      store.list
        .filter(({ answered }) => isTheirs(answered?.by, answered?.at ?? 0))
        .map(({ answered, title, text }) => ({
          at: answered?.at ?? 0,
          where: "notices",
          what: `the answer to: ${title ?? text}`.slice(0, 500),
        })),
    async unsign(isTheirs) {
      for (const { id, answered } of store.list.filter(({ answered: by }) => isTheirs(by?.by, by?.at ?? 0)))
        await store.change(id, (notice) => ({ ...notice, ...(answered && { answered: { ...answered, by: NOBODY } }) }));
      await store.flush();
      changed();
    },
    forgetGone: () => subscriptions.removeGone(),
    forgetSessions: (which) => subscriptions.removeSessions(which),
    async close() {
      delivery.close();
      await Promise.all([stop().catch(() => {}), pictures.close().catch(() => {}), store.close()]);
    },
  };
}
