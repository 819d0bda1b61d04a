/** Which release's script failed to load last, in this tab. */
const KEY = "skein.reloaded-from";

/**
 * Whether a page of which a part did not load shall be loaded anew: a release that came meanwhile has other files. Once a release,
 * since a page that fails again has another reason; and not where that cannot be noted, or it would never end.
 */
export function mayReload(storage: () => Pick<Storage, "getItem" | "setItem">, release: string): boolean {
  try {
    const kept = storage();
    if (kept.getItem(KEY) === release) return false;
    kept.setItem(KEY, release);
    return true;
  } catch {
    return false;
  }
}
