/** A notice as it is kept, as the page gets it, and as the channels do. */
import {
  noticeAction,
  noticeSent,
  noticeView,
  severity,
  type DataOf,
  type noticeCommand,
  type NoticeView,
} from "@skein/contracts";
import type { PictureType } from "@skein/kit";
import { z } from "zod";
import type { Outgoing } from "./channels";

export const noticeRecord = z.object({
  id: z.string(),
  at: z.number(),
  severity,
  title: z.string().optional(),
  text: z.string(),
  actions: z.array(noticeAction),
  picture: z.enum(["image/jpeg", "image/png"]).optional(),
  /** The flow host and the node whose it is, with its own mark: where an answer goes. Left out: the house's own. */
  origin: z.object({ host: z.string(), node: z.string(), mark: z.string().optional() }).optional(),
  /** The command by which a flow asked for it: one that is delivered again is answered and not told again. */
  command: z.string().optional(),
  expiresAt: z.number().optional(),
  /** Opens its buttons to whoever has it from us by ntfy; for this notice only. */
  key: z.string().optional(),
  answered: noticeView.shape.answered,
  dismissedAt: z.number().optional(),
  sent: noticeSent,
  /** Channels that are to be tried again. */
  pending: z.array(z.string()).default([]),
});
export type NoticeRecord = z.output<typeof noticeRecord>;

export const viewOf = ({
  origin: _origin,
  key: _key,
  pending: _pending,
  command: _command,
  picture,
  ...shown
}: NoticeRecord): NoticeView => ({
  ...shown,
  hasPicture: picture !== undefined,
});

/** Whether its buttons may be pressed. */
export const isOpen = ({ answered, dismissedAt, expiresAt }: NoticeRecord, now: number): boolean =>
  !answered && dismissedAt === undefined && (expiresAt === undefined || now < expiresAt);

/** What is to be told, whoever says so. */
export type Said = Pick<DataOf<typeof noticeCommand>, "text" | "title" | "severity" | "actions"> & {
  readonly validForMs?: number | undefined;
};

/** Buttons lead somewhere only when a node waits for them; only then there is a key. */
export function recordOf(
  { text, title, severity, actions, validForMs }: Said,
  own: {
    readonly id: string;
    readonly at: number;
    readonly key: string;
    readonly origin: NoticeRecord["origin"];
    readonly picture: PictureType | undefined;
    readonly command: string | undefined;
  },
): NoticeRecord {
  const { id, at, key, origin, picture, command } = own;
  const buttons = origin ? actions : [];
  return {
    id,
    at,
    severity,
    ...(title ? { title } : {}),
    text,
    actions: buttons,
    ...(picture && { picture }),
    ...(origin && { origin }),
    ...(command !== undefined && { command }),
    ...(validForMs === undefined ? {} : { expiresAt: at + validForMs }),
    ...(buttons.length > 0 ? { key } : {}),
    sent: { page: { ok: true } },
    pending: [],
  };
}

/** Without an address of the page there is nothing to link to, and nothing that a phone could call. */
export function outgoingOf(
  { id, at, severity, title, text, actions, key }: NoticeRecord,
  pageUrl: string | undefined,
  picture?: Outgoing["picture"],
): Outgoing {
  return {
    id,
    at,
    severity,
    ...(title === undefined ? {} : { title }),
    text,
    actions,
    ...(picture && { picture }),
    ...(pageUrl === undefined ? {} : { link: `${pageUrl}/` }),
    ...(pageUrl === undefined || key === undefined
      ? {}
      : { press: { url: `${pageUrl}/api/v1/notices/${id}/press`, key } }),
  };
}
