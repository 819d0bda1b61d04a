/** Which devices somebody means: one, a room or a group. Nodes, page and core ask here, so that they mean the same. */
import type { RegistryView } from "./api/registry";

export type DeviceTarget =
  | { readonly kind: "device"; readonly id: string }
  | { readonly kind: "room"; readonly id: string }
  | { readonly kind: "group"; readonly id: string };

/** Ids, each once, in the registry's order. Of what the house does not know: none; a device is its own. */
export function devicesOf(
  house: Pick<RegistryView, "places" | "groups">,
  targets: readonly DeviceTarget[],
): readonly string[] {
  const of = ({ kind, id }: DeviceTarget): readonly string[] => {
    if (kind === "device") return [id];
    if (kind === "group") return house.groups.find((group) => group.id === id)?.devices ?? [];
    return house.places.filter((place) => place.kind === "device" && place.room === id).map((place) => place.id);
  };
  return [...new Set(targets.flatMap(of))];
}
