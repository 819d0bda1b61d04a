/** What a message asks to be told, out of the node's settings and the message's own properties. */
import { MAX_MESSAGE_BYTES, MAX_NOTICE_TEXT, MAX_NOTICE_TITLE, type NoticeAction } from "@skein/contracts";
import { pictureTypeOf, SkeinError } from "@skein/kit";
import {
  buttonsIn,
  MAX_BUTTONS,
  MAX_VALID_MINUTES,
  minutesIn,
  SEVERITIES,
  wrongButtons,
  type NoticeSeverity,
  type NotifyConfig,
} from "./config";

/** The values of the node's fields at this message. */
export interface Given {
  readonly text: unknown;
  readonly title: unknown;
  readonly picture: unknown;
  /** `msg.severity` and `msg.actions`, which go before the node's own. */
  readonly severity: unknown;
  readonly actions: unknown;
}

export interface Wanted {
  readonly text: string;
  readonly title?: string;
  readonly severity: NoticeSeverity;
  readonly actions: NoticeAction[];
  readonly validForMs?: number;
  readonly picture?: Uint8Array;
}

/** @throws SkeinError NOTICE_EMPTY, NOTICE_INVALID, NOTICE_PICTURE_INVALID */
export function noticeOf(given: Given, config: Pick<NotifyConfig, "severity" | "buttons" | "validMinutes">): Wanted {
  // A picture may come alone, as a camera sends it.
  const bytes = isBytes(given.text) ? given.text : given.picture;
  const title = textOf(given.title).slice(0, MAX_NOTICE_TITLE);
  const text = (isBytes(given.text) ? title : textOf(given.text)).trim();
  const picture = bytes === undefined || bytes === null || bytes === "" ? undefined : checkedPicture(bytes);
  if (text === "" && !picture)
    throw new SkeinError("NOTICE_EMPTY", "there is nothing to tell: the text is empty.", {
      hint: "Set it in the node, or in the message property that the node names.",
    });
  const minutes = minutesIn(config.validMinutes);
  if (minutes === undefined)
    throw new SkeinError("NOTICE_INVALID", `the notice is to be valid for "${config.validMinutes}" minutes.`, {
      hint: `Set a number from 0 to ${MAX_VALID_MINUTES} in the node, or in the variable that it names.`,
    });
  return {
    text: shortened(text || "—"),
    ...(title && text !== title ? { title } : {}),
    severity: severityOf(given.severity, config.severity),
    actions: actionsOf(given.actions, config.buttons),
    ...(minutes > 0 ? { validForMs: Math.max(1000, Math.round(minutes * 60_000)) } : {}),
    ...(picture && { picture }),
  };
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array || Buffer.isBuffer(value);

/** As a debug node would show it. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}

const shortened = (text: string): string =>
  text.length <= MAX_NOTICE_TEXT ? text : `${text.slice(0, MAX_NOTICE_TEXT - 1)}…`;

function checkedPicture(given: unknown): Uint8Array {
  const value = typeof given === "string" ? fromDataUrl(given) : given;
  const wrong = (why: string) =>
    new SkeinError("NOTICE_PICTURE_INVALID", `the picture ${why}.`, {
      hint: `It is a Buffer with a JPEG or PNG, or a data URL of one, of ${MAX_MESSAGE_BYTES / 1024} KiB at most.`,
    });
  if (!isBytes(value)) throw wrong(`is no Buffer but ${Array.isArray(value) ? "a list" : typeof value}`);
  if (!pictureTypeOf(value)) throw wrong("is neither a JPEG nor a PNG");
  if (value.byteLength > MAX_MESSAGE_BYTES) throw wrong(`has ${Math.ceil(value.byteLength / 1024)} KiB`);
  return value;
}

/** As JSONata, the environment or a web page have a picture (RFC 2397); any other text stays what it is. */
function fromDataUrl(text: string): unknown {
  const [, base64] = /^data:image\/(?:jpeg|png);base64,([a-z0-9+/=\s]+)$/i.exec(text) ?? [];
  return base64 === undefined ? text : Buffer.from(base64, "base64");
}

function severityOf(asked: unknown, set: NoticeSeverity): NoticeSeverity {
  if (asked === undefined || asked === null || asked === "") return set;
  const found = SEVERITIES.find((severity) => severity === asked);
  if (found) return found;
  throw new SkeinError("NOTICE_INVALID", `msg.severity is ${JSON.stringify(asked)}.`, {
    hint: `It is one of ${SEVERITIES.join(", ")}.`,
  });
}

/** `msg.actions` go before the node's own; an empty list takes those away. */
function actionsOf(asked: unknown, set: NotifyConfig["buttons"]): NoticeAction[] {
  const given = asked ?? set;
  const buttons = buttonsIn(given);
  const wrong = typeof given === "object" ? wrongButtons(buttons) : "buttons";
  if (wrong === "twice")
    throw new SkeinError("NOTICE_INVALID", "two buttons send the same: the flow could not tell them apart.", {
      hint: "Give each a value of its own.",
    });
  if (wrong)
    throw new SkeinError("NOTICE_INVALID", "the buttons are none.", {
      hint: `At most ${MAX_BUTTONS}, each a text of 1 to 40 characters with a value of 1 to 63: msg.actions = [{id: "yes", label: "Yes"}].`,
    });
  return buttons.map(({ value, label }) => ({ id: value, label }));
}
