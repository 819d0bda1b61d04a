/** Kept state comes a moment after the link: what is asked of it right after a deploy waits for it, and not for ever. */
import type { Clock } from "@skein/kit";
import type { LightDesk } from "./light-desk";

/** Resolves when it is so, after `ms` at the latest. */
export function settledWithin(
  desk: Pick<LightDesk, "onChange">,
  clock: Clock,
  ms: number,
  isSo: () => boolean,
): Promise<void> {
  if (isSo()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      stop();
      cancel();
      resolve();
    };
    const stop = desk.onChange(() => isSo() && end());
    const cancel = clock.setTimer(end, ms, { unref: true });
  });
}
