import type { Role } from "@skein/contracts";
import type { ComponentType, JSX } from "preact";

/**
 * One part of the page that people go to: a folder here that exports a Section, and a line in index.ts. A heavy one gives its view
 * by `lazyView(() => import("./view"))`, so that its script comes when somebody goes there.
 */
export interface Section {
  /** Also its place: `#/{id}`, and below it what the view makes of the rest. */
  readonly id: string;
  readonly title: () => string;
  /** On a 24 x 24 field, drawn with strokes in the text's colour. */
  readonly icon: JSX.Element;
  /** The least role that sees it. */
  readonly role: Role;
  readonly view: ComponentType<SectionProps>;
  /**
   * Which page of the section the rest of a place names; the whole rest when left out. What it does not say is another view of the same
   * page, as a graph's time is: there nothing scrolls and the focus stays.
   */
  readonly page?: (rest: readonly string[]) => string;
}

export interface SectionProps {
  /** The place's parts after the section's own: `["attic"]` at `#/followers/attic`. */
  readonly rest: readonly string[];
}
