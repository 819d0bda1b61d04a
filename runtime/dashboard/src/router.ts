import { signal, type ReadonlySignal } from "@preact/signals";

/**
 * Where on the page somebody is: `#/followers/attic`. The place stands behind the hash, so that the page works below any path of
 * a proxy, from one cached document while the leader is away, and leaves every other address to the leader.
 */
export interface Router {
  /** The place's parts: `["followers", "attic"]`; empty at home. */
  readonly parts: ReadonlySignal<readonly string[]>;
  /** What a link brought that is no place, at the start or pasted into an open page's address. Taken out of the address at once. */
  readonly brought: ReadonlySignal<Brought>;
  /** How far down the present place was scrolled when it was left, if somebody came back to it; px. */
  scrolledTo(): number | undefined;
  go(...parts: string[]): void;
}

/** The set-up link's token, or an API token from a QR code. */
export interface Brought {
  readonly setup?: string;
  readonly token?: string;
}

/** For a link: `hrefTo("followers", "attic")`. */
export const hrefTo = (...parts: readonly string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

/** The parts of a hash; what is no place is home. */
export function partsOf(hash: string): readonly string[] {
  if (!hash.startsWith("#/")) return [];
  return hash
    .slice(2)
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
}

/** `#setup=...` and `#token=...`. */
export function broughtBy(hash: string): Brought {
  const [, kind, value = ""] = /^#(setup|token)=(.+)$/.exec(hash) ?? [];
  return kind === undefined ? {} : { [kind]: decoded(value) };
}

export function createRouter(of: Window = window): Router {
  const nothing: Brought = {};
  const brought = signal(nothing);
  const leave = () => {
    if (brought.peek() !== nothing) brought.value = nothing;
  };
  const take = () => {
    const now = broughtBy(of.location.hash);
    if ((now.setup ?? now.token) === undefined) return leave();
    // A secret has no business in the address bar or in what the browser remembers.
    of.history.replaceState(null, "", of.location.pathname);
    brought.value = now;
  };
  take();
  const parts = signal(partsOf(of.location.hash));
  // The browser would scroll before the place is drawn. Entries of its history are told apart by a mark in their state.
  of.history.scrollRestoration = "manual";
  const entry = () => (of.history.state as { entry?: number } | null)?.entry;
  const scrolled = new Map<number, number>();
  let marks = Date.now();
  const mark = () => of.history.replaceState({ entry: ++marks }, "");
  if (entry() === undefined) mark();
  let present = entry();
  // Home and a link that was pasted there have the same address once the secret is taken out: a way back is no change of the hash.
  of.addEventListener("popstate", () => {
    const { setup, token } = broughtBy(of.location.hash);
    if ((setup ?? token) === undefined) leave();
  });
  of.addEventListener("hashchange", () => {
    // It stands as the place that was left had it.
    if (present !== undefined) scrolled.set(present, of.scrollY);
    take();
    if (entry() === undefined) mark();
    present = entry();
    parts.value = partsOf(of.location.hash);
  });
  return {
    parts,
    brought,
    scrolledTo: () => scrolled.get(present ?? 0),
    go(...to) {
      of.location.hash = hrefTo(...to);
    },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray % in a link that somebody typed.
    return part;
  }
}
