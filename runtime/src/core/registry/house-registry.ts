/** Rooms, residents and what stands where: `<dataDir>/core/registry.json`, told to the bus as `leader/house`. */
import type { Bus } from "@skein/bus";
import {
  houseState,
  registryView,
  type GroupView,
  type PlaceView,
  type RegistryView,
  type ResidentView,
  type RoomView,
} from "@skein/contracts";
import { defineDocument, messageOf, openDocument, type Logger } from "@skein/kit";
import { z } from "zod";
import type { OnChanged } from "../event-sink";
import * as changes from "./changes";

export const registryDocument = defineDocument({
  name: "registry.json",
  schema: registryView.extend({ version: z.literal(1) }).strict(),
  empty: { version: 1, rooms: [], residents: [], places: [], groups: [] },
});

export interface HouseRegistry {
  view(): RegistryView;
  /** @throws SkeinError ROOM_UNKNOWN */
  room(id: string): RoomView;
  /** @throws SkeinError RESIDENT_UNKNOWN */
  resident(id: string): ResidentView;
  /** What was never placed stands nowhere. */
  placeOf(kind: changes.ThingKind, id: string): PlaceView;
  /** @throws SkeinError ID_TAKEN, NAME_TAKEN, REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  addRoom(what: { id?: string | undefined; name: string; private: boolean }): Promise<RoomView>;
  /** @throws SkeinError ROOM_UNKNOWN, NAME_TAKEN, DOCUMENT_UNWRITABLE */
  changeRoom(id: string, with_: { name?: string | undefined; private?: boolean | undefined }): Promise<RoomView>;
  /** @throws SkeinError ROOM_UNKNOWN, DOCUMENT_UNWRITABLE */
  removeRoom(id: string): Promise<void>;
  /** @throws SkeinError ID_TAKEN, NAME_TAKEN, REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  addResident(what: { id?: string | undefined; name: string }): Promise<ResidentView>;
  /** @throws SkeinError RESIDENT_UNKNOWN, NAME_TAKEN, DOCUMENT_UNWRITABLE */
  changeResident(id: string, with_: { name?: string | undefined }): Promise<ResidentView>;
  /** The entry alone; residents.ts sees to what is kept of them. @throws SkeinError RESIDENT_UNKNOWN, DOCUMENT_UNWRITABLE */
  removeResident(id: string): Promise<void>;
  /** @throws SkeinError ROOM_UNKNOWN, REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  place(kind: changes.ThingKind, id: string, wish: changes.PlaceChange): Promise<PlaceView>;
  /** @throws SkeinError GROUP_UNKNOWN */
  group(id: string): GroupView;
  /** Whether there are such devices is its caller's affair. @throws SkeinError ID_TAKEN, NAME_TAKEN, REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  addGroup(what: { id?: string | undefined; name: string; devices: readonly string[] }): Promise<GroupView>;
  /** @throws SkeinError GROUP_UNKNOWN, NAME_TAKEN, DOCUMENT_UNWRITABLE */
  changeGroup(
    id: string,
    with_: { name?: string | undefined; devices?: readonly string[] | undefined },
  ): Promise<GroupView>;
  /** @throws SkeinError GROUP_UNKNOWN, DOCUMENT_UNWRITABLE */
  removeGroup(id: string): Promise<void>;
  /** A device's place and groups in one step. @throws SkeinError ROOM_UNKNOWN, GROUP_UNKNOWN, REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  settleDevice(id: string, wish: Parameters<typeof changes.settleDevice>[2]): Promise<void>;
  /** Out of its room and its groups. @throws SkeinError DOCUMENT_UNWRITABLE */
  forgetDevice(id: string): Promise<void>;
  /** Others come in its stead. @throws SkeinError REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  succeedDevice(id: string, heirs: readonly changes.DeviceHeir[]): Promise<void>;
  /** After each change. @returns stops it */
  onChange(listener: () => void): () => void;
}

export interface HouseRegistryParts {
  readonly bus: Pick<Bus, "publish">;
  readonly logger: Logger;
  readonly onChanged: OnChanged;
}

/** Tells the bus at once what it keeps. @throws SkeinError DOCUMENT_UNREADABLE */
export function openHouseRegistry(path: string, { bus, logger, onChanged }: HouseRegistryParts): HouseRegistry {
  const document = openDocument({ file: path, ...registryDocument });
  const listeners = new Set<() => void>();
  const view = (): RegistryView => {
    const { rooms, residents, places, groups } = document.value;
    return { rooms, residents, places, groups };
  };
  const publish = () =>
    void bus
      .publish(houseState, {}, view())
      .catch((error: unknown) => logger.error({ reason: messageOf(error) }, "the house could not be told to the bus"));
  const update = async (change: (registry: RegistryView) => RegistryView): Promise<RegistryView> => {
    await document.update(({ version, ...registry }) => ({ version, ...change(registry) }));
    publish();
    onChanged("registry");
    for (const listener of listeners) listener();
    return view();
  };
  publish();
  return {
    view,
    room: (id) => changes.find(view(), "rooms", id),
    resident: (id) => changes.find(view(), "residents", id),
    placeOf: (kind, id) => changes.placeOf(view(), kind, id),
    async addRoom({ id: wished, ...what }) {
      let id = "";
      const now = await update((registry) => {
        id = changes.newId(registry.rooms, what.name, wished);
        return changes.add(registry, "rooms", { id, ...what });
      });
      return changes.find(now, "rooms", id);
    },
    changeRoom: async (id, with_) =>
      changes.find(await update((registry) => changes.change(registry, "rooms", id, with_)), "rooms", id),
    removeRoom: async (id) => void (await update((registry) => changes.removeRoom(registry, id))),
    async addResident({ id: wished, name }) {
      let id = "";
      const now = await update((registry) => {
        id = changes.newId(registry.residents, name, wished);
        return changes.add(registry, "residents", { id, name });
      });
      return changes.find(now, "residents", id);
    },
    changeResident: async (id, with_) =>
      changes.find(await update((registry) => changes.change(registry, "residents", id, with_)), "residents", id),
    removeResident: async (id) => void (await update((registry) => changes.removeResident(registry, id))),
    place: async (kind, id, wish) =>
      changes.placeOf(await update((registry) => changes.place(registry, kind, id, wish)), kind, id),
    group: (id) => changes.find(view(), "groups", id),
    async addGroup({ id: wished, name, devices }) {
      let id = "";
      const now = await update((registry) => {
        id = changes.newId(registry.groups, name, wished);
        return changes.add(registry, "groups", { id, name, devices: once(devices) });
      });
      return changes.find(now, "groups", id);
    },
    changeGroup: async (id, { devices, ...with_ }) => {
      const change = { ...with_, ...(devices && { devices: once(devices) }) };
      return changes.find(await update((registry) => changes.change(registry, "groups", id, change)), "groups", id);
    },
    removeGroup: async (id) => void (await update((registry) => changes.removeGroup(registry, id))),
    settleDevice: async (id, wish) => void (await update((registry) => changes.settleDevice(registry, id, wish))),
    succeedDevice: async (id, heirs) => void (await update((registry) => changes.succeedDevice(registry, id, heirs))),
    forgetDevice: async (id) => void (await update((registry) => changes.forgetDevice(registry, id))),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const once = (ids: readonly string[]): string[] => [...new Set(ids)];
