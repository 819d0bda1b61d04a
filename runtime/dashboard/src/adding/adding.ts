import type { Role } from "@skein/contracts";
import type { ComponentType } from "preact";

/** One kind of thing that can come into the house: an entry of the Add dialog. */
export interface Adding {
  readonly id: string;
  readonly title: () => string;
  /** One sentence: what it is. */
  readonly about: () => string;
  readonly role: Role;
  /** What is to be done for one; `done` closes the dialog. */
  readonly view: ComponentType<{ done: () => void }>;
}
