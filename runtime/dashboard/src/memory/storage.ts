/** What the page keeps in the browser. */
export type Keep = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * The browser's storage, or none: where it is forbidden (cookies are blocked), even its name throws; where it is full or a private
 * window's, writing does. The page works as well without, only not without its leader.
 */
export function keeping(storage: () => Keep): Keep {
  const tried = <T>(what: (kept: Keep) => T, otherwise: T): T => {
    try {
      return what(storage());
    } catch {
      return otherwise;
    }
  };
  return {
    getItem: (key) => tried((kept) => kept.getItem(key), null),
    setItem: (key, value) => tried((kept) => kept.setItem(key, value), undefined),
    removeItem: (key) => tried((kept) => kept.removeItem(key), undefined),
  };
}
