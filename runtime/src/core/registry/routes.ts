/**
 * `/registry`, `/rooms`, `/groups` and `/places`. Who arranges the house is a designer: flows name rooms, so that to move a follower from one room
 * into another changes what flows act upon, as a deploy does.
 */
import {
  idText,
  placePut,
  placeView,
  registryView,
  roomCreate,
  roomPatch,
  roomView,
  thingKind,
} from "@skein/contracts";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import { signatureOf, type Actor } from "../auth/actor";
import type { HouseRegistry } from "./house-registry";
import { groupRoutes, type GroupRouteParts } from "./group-routes";
import { residentRoutes, type ResidentRouteParts } from "./resident-routes";

export interface RegistryRouteParts extends ResidentRouteParts, Pick<GroupRouteParts, "deviceSide"> {
  readonly registry: HouseRegistry;
}

const roomParams = z.strictObject({ id: z.string() });
const placeParams = z.strictObject({ kind: thingKind, id: idText });

type Data = Readonly<Record<string, string | boolean | null>>;

export function registryRoutes(parts: RegistryRouteParts): Route[] {
  const { registry, events } = parts;
  /** With the data a page says it in another language. */
  const tell = (
    actor: Actor,
    type: string,
    text: string,
    subject: { kind: string; id: string },
    room: string | undefined,
    data: Data,
  ) =>
    events.add({
      type,
      severity: "info",
      audit: true,
      text,
      subject,
      data,
      ...(room !== undefined && { room }),
      ...signatureOf(actor),
    });
  const tellRoom = (actor: Actor, type: string, text: string, id: string, data: Data) =>
    tell(actor, type, text, { kind: "room", id }, id, data);
  return [
    defineRoute({
      method: "get",
      path: "/registry",
      access: "viewer",
      summary: "The house: rooms, residents, groups of devices, and which follower or device stands in which room.",
      response: registryView,
      handle: () => registry.view(),
    }),
    defineRoute({
      method: "post",
      path: "/rooms",
      access: "designer",
      summary: "A new room; its id is made from its name when none is given.",
      body: roomCreate,
      response: roomView,
      status: 201,
      errors: ["ID_TAKEN", "NAME_TAKEN", "REGISTRY_FULL"],
      async handle({ actor, body }) {
        const made = await registry.addRoom(body);
        tellRoom(actor, "room-added", `The room "${made.name}" was added.`, made.id, { name: made.name });
        return made;
      },
    }),
    defineRoute({
      method: "get",
      path: "/rooms/{id}",
      access: "viewer",
      summary: "One room.",
      params: roomParams,
      response: roomView,
      errors: ["ROOM_UNKNOWN"],
      handle: ({ params }) => registry.room(params.id),
    }),
    defineRoute({
      method: "patch",
      path: "/rooms/{id}",
      access: "designer",
      summary: "Rename a room, or say whether it is a private one. Its id stays: flows name it.",
      params: roomParams,
      body: roomPatch,
      response: roomView,
      errors: ["ROOM_UNKNOWN", "NAME_TAKEN"],
      current: ({ params }) => registry.room(params.id),
      async handle({ actor, params: { id }, body }) {
        const before = registry.room(id);
        const now = await registry.changeRoom(id, body);
        if (now.name !== before.name)
          tellRoom(actor, "room-changed", `The room "${before.name}" is called "${now.name}" now.`, id, {
            name: now.name,
            before: before.name,
          });
        if (now.private !== before.private)
          tellRoom(
            actor,
            "room-changed",
            `The room "${now.name}" is ${now.private ? "a" : "no"} private one now.`,
            id,
            {
              name: now.name,
              private: now.private,
            },
          );
        return now;
      },
    }),
    defineRoute({
      method: "delete",
      path: "/rooms/{id}",
      access: "designer",
      summary: "Take a room out of the house; what stood in it stands nowhere.",
      params: roomParams,
      errors: ["ROOM_UNKNOWN"],
      current: ({ params }) => registry.room(params.id),
      async handle({ actor, params: { id } }) {
        const { name } = registry.room(id);
        await registry.removeRoom(id);
        tellRoom(actor, "room-removed", `The room "${name}" was removed.`, id, { name });
      },
    }),
    defineRoute({
      method: "get",
      path: "/places/{kind}/{id}",
      access: "viewer",
      summary: "In which room a follower or device stands and what its owner calls it, if anything.",
      params: placeParams,
      response: placeView,
      handle: ({ params }) => registry.placeOf(params.kind, params.id),
    }),
    defineRoute({
      method: "put",
      path: "/places/{kind}/{id}",
      access: "designer",
      summary:
        "Put a follower or device into a room, or call it something; null takes that away. It need not have been seen yet.",
      params: placeParams,
      body: placePut,
      response: placeView,
      errors: ["ROOM_UNKNOWN", "REGISTRY_FULL"],
      current: ({ params }) => registry.placeOf(params.kind, params.id),
      async handle({ actor, params: { kind, id }, body }) {
        const before = registry.placeOf(kind, id);
        const now = await registry.place(kind, id, body);
        const room = now.room === undefined ? null : registry.room(now.room).name;
        const where = room === null ? "in no room" : `in "${room}"`;
        if (now.room !== before.room)
          tell(actor, "place-changed", `${id} stands ${where} now.`, { kind, id }, now.room, { stands: room });
        const called = now.name === undefined ? "has no other name any more" : `is called "${now.name}" now`;
        if (now.name !== before.name)
          tell(actor, "place-changed", `${id} ${called}.`, { kind, id }, now.room, { called: now.name ?? null });
        return now;
      },
    }),
    ...groupRoutes(parts),
    ...residentRoutes(parts),
  ];
}
