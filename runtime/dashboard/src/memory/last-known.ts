import type { ReadonlySignal } from "@preact/signals";
import type { HouseView, MeView } from "@skein/contracts";
import type { Resources, ResourceValues } from "../api/resources";
import type { House } from "../house";
import type { Session } from "../session/session";
import type { Keep } from "./storage";

/**
 * What the page last knew, kept in the browser: with the leader away it still opens, shows how it was and says how old that is.
 * Forgotten at every log-out, since what is in it belongs to who was logged in.
 */
export interface LastKnown {
  /** This machine's clock, ms: how old it is. */
  readonly savedAt: number;
  readonly me: MeView;
  readonly house: HouseView;
  readonly resources: Partial<Pick<ResourceValues, RememberedResource>>;
}

/** What Home shows. */
export const REMEMBERED = ["registry", "devices", "privacy", "notices", "routines"] as const;
export type RememberedResource = (typeof REMEMBERED)[number];

/** Bears the shape's number: another release's shape is not read. */
const KEY = "skein.last-known.1";

export function recall(storage: Keep): LastKnown | undefined {
  const text = storage.getItem(KEY);
  try {
    return text === null ? undefined : (JSON.parse(text) as LastKnown);
  } catch {
    return undefined;
  }
}

export interface Memory {
  /** Keeps what is shown, unless it is out of date itself. */
  save(): void;
  forget(): void;
}

export function keepLastKnown(of: {
  storage: Keep;
  house: House;
  session: Session;
  resources: Resources;
  stale: ReadonlySignal<boolean>;
  /** The leader's clock, ms. */
  now: ReadonlySignal<number>;
  known: LastKnown | undefined;
}): Memory {
  const { storage, house, session, resources, stale, now, known } = of;
  for (const name of REMEMBERED) resources.of(name).value.value = known?.resources[name] as never;
  return {
    save() {
      const [view, me] = [house.view(), session.me.value];
      if (stale.value || !view || !me || session.standing.value !== "in") return;
      const shown = Object.fromEntries(REMEMBERED.map((name) => [name, resources.of(name).value.value]));
      const what: LastKnown = { savedAt: Date.now(), me, house: { ...view, at: now.value }, resources: shown };
      storage.setItem(KEY, JSON.stringify(what));
    },
    forget: () => storage.removeItem(KEY),
  };
}
