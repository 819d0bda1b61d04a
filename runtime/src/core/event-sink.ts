import type { LiveResource, NewEvent } from "@skein/contracts";

/** Where whatever happens in core is told: kept in the history, and shown to whoever looks. Never fails its caller. */
export interface EventSink {
  add(event: NewEvent): void;
}

/** A resource of the API is not as it was: whoever shows it fetches it again. */
export type OnChanged = (resource: LiveResource) => void;
