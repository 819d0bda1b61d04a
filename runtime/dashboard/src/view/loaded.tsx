import type { ComponentChildren } from "preact";
import type { Resource } from "../api/resources";
import { pageWords } from "../page-words";
import { Refusal } from "./refusal";

/** What stands on a resource: nothing to see before it has come, and why when it cannot. */
export function Loaded<T>({ from, children }: { from: Resource<T>; children: (value: T) => ComponentChildren }) {
  const value = from.value.value;
  if (value !== undefined) return <>{children(value)}</>;
  const error = from.error.value;
  if (error) return <Refusal title={pageWords().notShown} error={error} />;
  return <p class="hint">{pageWords().loading} …</p>;
}
