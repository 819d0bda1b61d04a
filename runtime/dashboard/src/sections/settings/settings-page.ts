import type { Role } from "@skein/contracts";
import type { ComponentType, JSX } from "preact";

/** One page of the settings: a file here that exports one, and a line in pages.ts. Its place is `#/settings/{id}`. */
export interface SettingsPage {
  readonly id: string;
  readonly title: () => string;
  readonly icon: JSX.Element;
  readonly role: Role;
  readonly view: ComponentType;
}
