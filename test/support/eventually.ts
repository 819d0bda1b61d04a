/**
 * Waits for what comes by itself: asks again until the check passes, and then fails with the check's own words. Real time,
 * since real processes and a real browser are what is waited for. Half a minute is no product's promise but this machine's
 * leave to be slow; where a promise is meant, `withinMs` says so. Asked often at first, and every 50 ms later, or `everyMs`.
 */
export async function eventually<T>(check: () => Promise<T> | T, withinMs = 30_000, everyMs?: number): Promise<T> {
  const end = performance.now() + withinMs;
  for (let pauseMs = everyMs ?? 5; ; pauseMs = everyMs ?? Math.min(50, 2 * pauseMs)) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** The same for what is only true or false. */
export const until = (holds: () => boolean): Promise<void> =>
  eventually(() => {
    if (!holds()) throw new Error(`it did not come to hold: ${holds.toString()}`);
  });

/** Checks again and again for `forMs` that something stays so: the first failure is thrown. */
export async function always(check: () => Promise<void> | void, forMs: number, everyMs = 50): Promise<void> {
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    await check();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
