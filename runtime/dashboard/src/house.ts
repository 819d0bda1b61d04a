import { signal, type Signal } from "@preact/signals";
import type { FollowerView, HouseHealth, HouseView, ServerToPage } from "@skein/contracts";
import { headline } from "./words";

/**
 * The house as the leader last told it: signals that the page shows, changed by the socket's events and by nothing else.
 * Each follower has signals of its own, so that a beat redraws one heart and not the page.
 */
export interface Follower {
  readonly id: string;
  readonly view: Signal<FollowerView>;
  /** Leader's clock, ms: the newest of what its verdict, its view and its beats say. */
  readonly lastSeenAt: Signal<number | undefined>;
  /** Beats since the page was opened. */
  readonly beats: Signal<number>;
}

/** In these a part of the leader does its work. */
export const WELL: ReadonlySet<HouseHealth["broker"]> = new Set(["up", "external"]);

/** What the leader says of the house beside its followers and its health. */
export type About = Omit<HouseView, "followers" | "health">;

export interface House {
  /** Undefined until the leader has told the first time. */
  readonly about: Signal<About | undefined>;
  readonly health: Signal<HouseHealth | undefined>;
  /** Sorted by name; a follower keeps its place whatever happens to it. */
  readonly followers: Signal<readonly Follower[]>;
  /** The latest changes of verdict in words, newest last, for screen readers. */
  readonly news: Signal<readonly { readonly key: number; readonly text: string }[]>;
  /** What to do at each event of the socket that tells of the house itself. */
  readonly events: Omit<ServerToPage, "event" | "changed" | "device">;
  /** The whole as the leader told it last; undefined before it did. */
  view(): HouseView | undefined;
  /** Who sees the page now may not see what it was told before. */
  forget(): void;
}

/** `heard` is called with the leader's time at every event that bears the present one. */
export function createHouse(heard: (at: number) => void): House {
  const about: House["about"] = signal(undefined);
  const health: House["health"] = signal(undefined);
  const followers: House["followers"] = signal([]);
  const news: House["news"] = signal([]);
  let counter = 0;

  const find = (id: string) => followers.value.find((follower) => follower.id === id);
  const sorted = (list: readonly Follower[]) =>
    list.toSorted((a, b) => compare(a.view.value.name, b.view.value.name) || compare(a.id, b.id));

  function update(known: Follower, view: FollowerView): void {
    const before = known.view.value.verdict;
    if (before.state !== view.verdict.state || before.cause !== view.verdict.cause) {
      news.value = [...news.value, { key: ++counter, text: `${view.name}: ${headline(view.verdict)}` }].slice(-5);
    }
    known.view.value = view;
    known.lastSeenAt.value = latest(known.lastSeenAt.value, view.lastSeenAt, view.verdict.lastSeenAt);
  }
  const create = (view: FollowerView): Follower => ({
    id: view.id,
    view: signal(view),
    lastSeenAt: signal(latest(view.lastSeenAt, view.verdict.lastSeenAt)),
    beats: signal(0),
  });

  return {
    about,
    health,
    followers,
    news,
    view: () =>
      about.value &&
      health.value && {
        ...about.value,
        health: health.value,
        followers: followers.value.map(({ view, lastSeenAt }) => ({
          ...view.value,
          ...(lastSeenAt.value === undefined ? {} : { lastSeenAt: lastSeenAt.value }),
        })),
      },
    forget() {
      about.value = undefined;
      health.value = undefined;
      followers.value = [];
      news.value = [];
    },
    events: {
      house({ followers: views, health: now, ...rest }) {
        about.value = rest;
        health.value = now;
        followers.value = sorted(
          views.map((view) => {
            const known = find(view.id);
            if (!known) return create(view);
            // A leader whose clock was set back must not be overruled by what it said before.
            known.lastSeenAt.value = undefined;
            update(known, view);
            return known;
          }),
        );
        heard(rest.at);
      },
      follower(view) {
        const known = find(view.id);
        const renamed = known?.view.value.name !== view.name;
        if (known) update(known, view);
        else followers.value = [...followers.value, create(view)];
        if (renamed) followers.value = sorted(followers.value);
      },
      removed(id) {
        followers.value = followers.value.filter((follower) => follower.id !== id);
      },
      beat(id, at) {
        const known = find(id);
        if (!known) return;
        known.lastSeenAt.value = latest(known.lastSeenAt.value, at);
        known.beats.value += 1;
      },
      health(now) {
        health.value = now;
      },
      massLoss(now) {
        if (about.value) about.value = { ...about.value, massLoss: now ?? undefined };
      },
      lamps(lamps) {
        if (about.value) about.value = { ...about.value, lamps };
      },
      randomFaults(on) {
        if (about.value) about.value = { ...about.value, randomFaults: on };
      },
      tick: heard,
    },
  };
}

const compare = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

function latest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
