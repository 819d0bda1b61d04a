/** Keeps the node's status up to date, at a pace that an editor can follow: channels change many times a second. */
import type { Clock } from "@skein/kit";
import type { HubDesk } from "./hub-desk";

const EVERY_MS = 250;

export interface StatusLine {
  /** Shows meanwhile that a board is asked. */
  asking<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

/** @param show with how many orders are under way */
export function createStatusLine(
  desk: Pick<HubDesk, "onChange">,
  clock: Pick<Clock, "setTimer">,
  show: (asking: number) => void,
): StatusLine {
  let asking = 0;
  let cancel: (() => void) | undefined;
  const stop = desk.onChange(() => {
    cancel ??= clock.setTimer(
      () => {
        cancel = undefined;
        show(asking);
      },
      EVERY_MS,
      { unref: true },
    );
  });
  show(asking);
  return {
    async asking(work) {
      show(++asking);
      try {
        return await work;
      } finally {
        show(--asking);
      }
    },
    stop() {
      stop();
      cancel?.();
    },
  };
}
