import { useEffect } from "preact/hooks";
import { usePage } from "../view/page";
import type { Resource, ResourceName, ResourceValues } from "./resources";

/** A resource that is kept fresh while the component stands on the page; its value is undefined until it has come. */
export function useResource<N extends ResourceName>(name: N): Resource<ResourceValues[N]> {
  const resource = usePage().resources.of(name);
  useEffect(() => resource.show(), [resource]);
  return resource;
}
