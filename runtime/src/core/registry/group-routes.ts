/** `/groups`: devices that are switched together, wherever they stand. Flows name them, as they do rooms: a designer's. */
import { groupCreate, groupPatch, groupView, type GroupView, type NewEvent } from "@skein/contracts";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink } from "../event-sink";
import type { Devices } from "../devices/devices";
import { unknownDevice } from "../devices/membership";
import { devicesIn } from "../devices/scenes";
import type { HouseRegistry } from "./house-registry";

export interface GroupRouteParts {
  readonly registry: Pick<HouseRegistry, "group" | "addGroup" | "changeGroup" | "removeGroup" | "view">;
  readonly events: EventSink;
  readonly deviceSide: { readonly devices: Pick<Devices, "has"> };
}

const groupParams = z.strictObject({ id: z.string() });
const groupList = z.object({ groups: z.array(groupView) });

export function groupRoutes({ registry, events, deviceSide }: GroupRouteParts): Route[] {
  /** What is in the group already may stay. @throws SkeinError DEVICE_UNKNOWN */
  const checkNew = (devices: readonly string[] = [], before: readonly string[] = []) => {
    const unknown = devices.find((id) => !before.includes(id) && !deviceSide.devices.has(id));
    if (unknown !== undefined) throw unknownDevice(unknown);
  };
  const tell = (actor: Actor, type: string, text: string, id: string, data: NewEvent["data"]) =>
    events.add({
      type,
      severity: "info",
      audit: true,
      text,
      subject: { kind: "group", id },
      data,
      ...signatureOf(actor),
    });
  const tellChange = (actor: Actor, before: GroupView, now: GroupView) => {
    const { id, name } = now;
    if (name !== before.name)
      tell(actor, "group-changed", `The group "${before.name}" is called "${name}" now.`, id, {
        name,
        before: before.name,
      });
    const count = now.devices.length;
    if (now.devices.join() !== before.devices.join())
      tell(actor, "group-changed", `The group "${name}" has ${devicesIn(count)} now.`, id, { name, count });
  };
  return [
    defineRoute({
      method: "get",
      path: "/groups",
      access: "viewer",
      summary: "The groups of devices.",
      response: groupList,
      handle: () => ({ groups: registry.view().groups }),
    }),
    defineRoute({
      method: "post",
      path: "/groups",
      access: "designer",
      summary: "A new group; its id is made from its name when none is given. Its devices are those of the house.",
      body: groupCreate,
      response: groupView,
      status: 201,
      errors: ["DEVICE_UNKNOWN", "ID_TAKEN", "NAME_TAKEN", "REGISTRY_FULL"],
      async handle({ actor, body }) {
        checkNew(body.devices);
        const made = await registry.addGroup(body);
        tell(actor, "group-added", `The group "${made.name}" was added.`, made.id, { name: made.name });
        return made;
      },
    }),
    defineRoute({
      method: "get",
      path: "/groups/{id}",
      access: "viewer",
      summary: "One group.",
      params: groupParams,
      response: groupView,
      errors: ["GROUP_UNKNOWN"],
      handle: ({ params }) => registry.group(params.id),
    }),
    defineRoute({
      method: "patch",
      path: "/groups/{id}",
      access: "designer",
      summary: "Rename a group, or say which devices are in it. Its id stays: flows name it.",
      params: groupParams,
      body: groupPatch,
      response: groupView,
      errors: ["DEVICE_UNKNOWN", "GROUP_UNKNOWN", "NAME_TAKEN", "REGISTRY_FULL"],
      current: ({ params }) => registry.group(params.id),
      async handle({ actor, params: { id }, body }) {
        const before = registry.group(id);
        checkNew(body.devices, before.devices);
        const now = await registry.changeGroup(id, body);
        tellChange(actor, before, now);
        return now;
      },
    }),
    defineRoute({
      method: "delete",
      path: "/groups/{id}",
      access: "designer",
      summary: "Take a group out of the house; its devices stay.",
      params: groupParams,
      errors: ["GROUP_UNKNOWN"],
      current: ({ params }) => registry.group(params.id),
      async handle({ actor, params: { id } }) {
        const { name } = registry.group(id);
        await registry.removeGroup(id);
        tell(actor, "group-removed", `The group "${name}" was removed.`, id, { name });
      },
    }),
  ];
}
