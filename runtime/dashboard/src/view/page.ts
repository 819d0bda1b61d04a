import type { ReadonlySignal, Signal } from "@preact/signals";
import type { EventView } from "@skein/contracts";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "../api/client";
import type { Resources } from "../api/resources";
import type { Orders } from "../connection";
import type { House } from "../house";
import type { Router } from "../router";
import type { Session } from "../session/session";
import type { Theme } from "../theme";

/** What every part of the page may need; main.tsx makes it once. */
export interface Page {
  readonly house: House;
  readonly orders: Orders;
  readonly api: Api;
  readonly resources: Resources;
  readonly session: Session;
  readonly router: Router;
  readonly theme: Signal<Theme>;
  /** The leader's clock, ms, five times a second; stands still while the page is out of date. */
  readonly now: Signal<number>;
  /** True when what is shown may no longer be so. */
  readonly stale: ReadonlySignal<boolean>;
  /** Since the leader was last heard, ms. */
  readonly ageMs: Signal<number | undefined>;
  /** A reload was ordered: what is missing comes with it. */
  readonly reloading: ReadonlySignal<boolean>;
  /** Loads the whole page anew. */
  readonly reload: () => void;
  /** Calls the listener at every event that happens in the house, until the returned function is called. */
  onEvent(listener: (event: EventView) => void): () => void;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("a part of the page stands outside PageContext");
  return page;
}
