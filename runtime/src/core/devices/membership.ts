/** How a found device comes into the house and how one leaves it: with its place, its groups and its outlets, or not at all. */
import type { KasaClient } from "@skein/kasa";
import { SkeinError, type Document } from "@skein/kit";
import type { HouseRegistry } from "../registry/house-registry";
import type { DevicesFile, HouseDevice } from "./document";

export interface AdoptWish {
  readonly id: string;
  readonly name?: string | undefined;
  readonly room?: string | undefined;
  readonly groups?: readonly string[] | undefined;
}

export interface Membership {
  /** @throws SkeinError DEVICE_UNKNOWN, DEVICE_IN_HOUSE, ROOM_UNKNOWN, GROUP_UNKNOWN, REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  adopt(wish: AdoptWish): Promise<void>;
  /**
   * A strip says which its outlets are only after it came in: they stand where it was put, and in its groups.
   * @throws SkeinError REGISTRY_FULL, DOCUMENT_UNWRITABLE
   */
  outletsOf(strip: string): Promise<void>;
  /** @throws SkeinError DEVICE_UNKNOWN, DEVICE_IS_OUTLET, DOCUMENT_UNWRITABLE */
  giveUp(id: string): Promise<void>;
}

export interface MembershipParts {
  readonly kasa: Pick<KasaClient, "found" | "held" | "hold" | "release">;
  readonly document: Document<DevicesFile>;
  readonly registry: Pick<HouseRegistry, "placeOf" | "settleDevice" | "forgetDevice" | "succeedDevice">;
  /** No longer in the house, and still in its room and groups. */
  readonly onLeft: (id: string) => void;
}

/** Characters of a name that people give. */
const MOST_NAME = 60;

export const unknownDevice = (id: string): SkeinError =>
  new SkeinError("DEVICE_UNKNOWN", `there is no device "${id}".`, {
    hint: "Look for devices again if it is new: it must be powered and in this network.",
  });

/** Holds a connection to each that is in the house, from now on. */
export function createMembership({ kasa, document, registry, onLeft }: MembershipParts): Membership {
  /** In the midst of coming into the house. */
  const adopting = new Set<string>();
  const inHouse = (id: string) => document.value.devices.find((each) => each.id === id);
  const hold = ({ id, endpoint, protocol, parent }: HouseDevice) =>
    // An outlet comes with its strip.
    parent === undefined && kasa.hold({ id, endpoint, protocol });
  for (const each of document.value.devices) hold(each);
  return {
    async adopt({ id, ...wish }) {
      if (adopting.has(id) || inHouse(id)) throw new SkeinError("DEVICE_IN_HOUSE", `${id} is in the house already.`);
      const there = kasa.found().find((each) => each.id === id);
      if (!there) throw unknownDevice(id);
      const { model, alias, mac, endpoint, protocol } = there;
      const { host, port } = endpoint;
      adopting.add(id);
      try {
        await registry.settleDevice(id, wish);
        const device: HouseDevice = { id, model, alias, mac, endpoint: { host, port }, protocol };
        await document
          .update((file) => ({ ...file, devices: [...file.devices, device] }))
          .catch(async (error: unknown) => {
            await registry.forgetDevice(id);
            throw error;
          });
        hold(device);
      } finally {
        adopting.delete(id);
      }
    },
    async outletsOf(strip) {
      const outlets = kasa.held().filter(({ info }) => info?.parent === strip);
      const { name } = registry.placeOf("device", strip);
      // Its own name, left as the page proposed it, is no reason to call a "Monitor" "Desk 1".
      const given = name === inHouse(strip)?.alias ? undefined : name;
      await registry.succeedDevice(
        strip,
        outlets.map(({ id }, index) => ({
          id,
          ...(given !== undefined && { name: `${given.slice(0, MOST_NAME - 4)} ${index + 1}` }),
        })),
      );
    },
    async giveUp(id) {
      const device = inHouse(id);
      if (!device) throw unknownDevice(id);
      if (device.parent !== undefined)
        throw new SkeinError("DEVICE_IS_OUTLET", `${id} is an outlet of ${device.parent}.`, {
          hint: "Give the whole strip up.",
        });
      const isOf = (each: HouseDevice) => each.id === id || each.parent === id;
      const leaving = document.value.devices.filter(isOf);
      await document.update((file) => ({ ...file, devices: file.devices.filter((each) => !isOf(each)) }));
      kasa.release(id);
      for (const each of leaving) {
        onLeft(each.id);
        await registry.forgetDevice(each.id);
      }
    },
  };
}
