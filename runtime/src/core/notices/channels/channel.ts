/** A way to reach somebody beyond the page. One file each; delivery.ts tries them again when they fail. */
import type { NoticeAction, Severity } from "@skein/contracts";
import { SkeinError, type PictureType } from "@skein/kit";

/** A notice as a channel gets it. */
export interface Outgoing {
  readonly id: string;
  readonly at: number;
  readonly severity: Severity;
  readonly title?: string;
  readonly text: string;
  readonly actions: readonly NoticeAction[];
  readonly picture?: { readonly type: PictureType; readonly bytes: Buffer };
  /** Where the page shows it; left out when no address of the page is set. */
  readonly link?: string;
  /** Where one of its buttons can be pressed without logging in: for this notice only, as long as it is open. */
  readonly press?: { readonly url: string; readonly key: string };
}

export interface Attempt {
  readonly signal: AbortSignal;
  /** Of several receivers those that have it; kept over the attempts at one notice. */
  readonly done: Set<string>;
}

export interface Channel {
  /** `ntfy`, `email`, `web-push`. */
  readonly name: string;
  /** Past whose server it passes, one sentence for people. */
  readonly passes: string;
  /** The least severity that it is used for. */
  readonly least: Severity;
  /** Whether there is anybody to be reached; left out: always. */
  readonly hasReceivers?: () => boolean;
  /** @throws SkeinError NOTICE_REFUSED when trying again is of no use; anything else is tried again */
  send(notice: Outgoing, attempt: Attempt): Promise<void>;
}

/** Resolves as the work does, or rejects as soon as there is no more time for it; work that was begun may go on. */
export async function inTime<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const over = new Promise<never>((_, reject) => {
    const end = () => reject(signal.reason instanceof Error ? signal.reason : new Error("its time is over"));
    signal.addEventListener("abort", end);
    stop = () => signal.removeEventListener("abort", end);
  });
  return Promise.race([work(), over]).finally(stop);
}

/** What a server says about us, and will say again. */
export const refused = (message: string): SkeinError => new SkeinError("NOTICE_REFUSED", message);
/** Nobody there, or not now. */
export const unreached = (message: string, cause?: unknown): SkeinError =>
  new SkeinError("NOTICE_UNREACHED", message, { cause });

/** A server's answer: 4xx stays as it is, except "later" (408, 425, 429); the rest may pass. */
export function refusalOf(who: string, status: number, said: string): SkeinError {
  const words = said.replaceAll(/\s+/g, " ").trim().slice(0, 200);
  const message = `${who} answered ${status}${words ? `: ${words}` : ""}`;
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status) ? refused(message) : unreached(message);
}

/** Cut to so many bytes of UTF-8, at a whole character. */
export function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let kept = "";
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes - 3) break;
    kept += character;
  }
  return `${kept}…`;
}
