/** Kept state comes a moment after the link: what is asked of it right after a deploy waits for it, and not for ever. */
import type { Clock } from "@skein/kit";

/** Resolves when it is so, after `ms` at the latest. */
export function settledWithin(
  view: { onChange(listener: () => void): () => void },
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
    const stop = view.onChange(() => isSo() && end());
    const cancel = clock.setTimer(end, ms, { unref: true });
  });
}
