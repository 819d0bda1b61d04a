/** What the dialog of skein-kasa-light offers to choose from, as the house is now. */
import { ask, groupChoice, liveList, roomChoice, suggest, type EditedNode, type Offer } from "@skein/palette/editor";
import type { KasaLightConfig, Offers } from "./config";

type Light = EditedNode<KasaLightConfig>;

/** A config node as its select has it; a new one that is still to be made is none. */
export const chosen = (setting: "bus" | "direct"): string => {
  const value = String($(`#node-input-${setting}`).val() ?? "");
  return value === "_ADD_" ? "" : value;
};

/** As the lists that were shown call them, by what stands for them in the node. */
const names = new Map<string, string>();

/** For people to read: by name what was shown in a list, by itself what was only typed. */
export const namesOf = (targets: readonly string[]): string =>
  targets.map((target) => names.get(target) ?? target).join(", ");

const liveOffers = (): Promise<Offers> =>
  ask<Offers>(
    `skein/kasa-light/offers?bus=${encodeURIComponent(chosen("bus"))}&direct=${encodeURIComponent(chosen("direct"))}`,
  );

/** Rooms and groups with who is in them, and after them each device with where it stands and how. */
function targetOffers(node: Light, { rooms, groups, devices }: Offers): Offer[] {
  const place = (value: string, name: string, icon: string, inside: readonly string[]): Offer => ({
    value,
    name,
    icon,
    note: { text: inside.join(", ") },
  });
  return [
    ...rooms.map(({ id, name, devices: inside }) => place(roomChoice(id), name, "fa-home", inside)),
    ...groups.map(({ id, name, devices: inside }) => place(groupChoice(id), name, "fa-object-group", inside)),
    ...devices.map(({ id, name, virtual, room, note }) => ({
      value: id,
      name,
      virtual,
      icon: "fa-lightbulb-o",
      note: { text: [room, node._(`kasa-light.status.${note}`)].filter(Boolean).join(", ") },
    })),
  ];
}

/** Fills the list of targets and the scenes' names. */
export function offer(node: Light): void {
  const offers = liveOffers();
  liveList(
    $("#skein-kasa-targets"),
    $("#skein-kasa-target-list"),
    offers.then((all) => {
      const offered = targetOffers(node, all);
      for (const { value, name } of offered) names.set(value, name);
      return offered;
    }),
    node._("kasa-light.label.noTargets"),
  );
  suggest(
    $("#skein-kasa-scenes"),
    offers.then(({ scenes }) => scenes.map(({ name }) => ({ value: name, name }))),
  );
}
