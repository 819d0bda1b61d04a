import type { Role } from "@skein/contracts";
import type { ComponentType } from "preact";

/** One part of Home: a file here that exports a Tile, and a line in index.ts. It shows nothing (null) when there is nothing to show. */
export interface Tile {
  readonly id: string;
  /** The least role that sees it. */
  readonly role: Role;
  /** `wide` fills the row; the others stand in columns, in order. */
  readonly width: "wide" | "main" | "side";
  readonly view: ComponentType;
}
