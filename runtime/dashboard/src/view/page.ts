import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Orders } from "../connection";
import type { House } from "../house";

/** What every part of the page may need; main.tsx makes it once. */
export interface Page {
  readonly house: House;
  readonly orders: Orders;
  /** The leader's clock, ms, five times a second; stands still while the page is out of date. */
  readonly now: Signal<number>;
  /** True when what is shown may no longer be so. */
  readonly stale: ReadonlySignal<boolean>;
  /** Since the leader was last heard, ms. */
  readonly ageMs: Signal<number | undefined>;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("a part of the page stands outside PageContext");
  return page;
}
