/**
 * Waits for what comes by itself: asks again until the check passes, and then fails with the check's own words. Real time,
 * since real processes and a real browser are what is waited for.
 */
export async function eventually<T>(check: () => Promise<T> | T, withinMs = 15_000, everyMs = 50): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

/** Checks again and again for `forMs` that something stays so: the first failure is thrown. */
export async function always(check: () => Promise<void> | void, forMs: number, everyMs = 50): Promise<void> {
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    await check();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
