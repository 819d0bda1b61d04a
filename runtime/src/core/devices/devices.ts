/**
 * The house's devices: which are in it, how each stands and why, and the orders they are given. It alone speaks to the Kasa client; what
 * is told of it to bus, page and history is made of its `listen`.
 */
import type {
  DeviceChange,
  DeviceProbed,
  DeviceStateData,
  DevicesReached,
  DevicesView,
  DeviceView,
} from "@skein/contracts";
import type { Diagnosis, Found, HeldDevice, KasaClient, KasaEvent, Reached } from "@skein/kasa";
import { messageOf, type Clock, type Document, type Logger } from "@skein/kit";
import type { OnChanged } from "../event-sink";
import type { HouseRegistry } from "../registry/house-registry";
import type { Signed } from "../registry/residents";
import { Causes, type Issuer } from "./causes";
import { remember, shown, type DevicesFile, type HouseDevice } from "./document";
import { createMembership, unknownDevice, type AdoptWish } from "./membership";
import { reach, type WantedChange } from "./reach";
import { recognise } from "./recognise";
import { busState, deviceView, foundView, nameOf, type AboutDevice } from "./views";

export interface DeviceListeners {
  /** Not as it was, or new. */
  device?(id: string): void;
  /** Given up, or a strip whose outlets are known now. */
  removed?(id: string): void;
}

export interface Devices extends Signed {
  list(): DeviceView[];
  /** @throws SkeinError DEVICE_UNKNOWN */
  get(id: string): DeviceView;
  has(id: string): boolean;
  /** As the bus is told. @throws SkeinError DEVICE_UNKNOWN */
  busState(id: string): DeviceStateData;
  /** Found and not in the house. */
  found(): readonly Found[];
  view(): DevicesView;
  /** Of those that answered at one address: who is new, and who of the house; who moved there is reached there when this resolves. */
  recognise(answered: readonly Found[]): Promise<DeviceProbed>;
  /** @throws SkeinError DEVICE_UNKNOWN, and what the Kasa client's `set` throws */
  setOne(id: string, change: DeviceChange, by: Issuer): Promise<Reached>;
  /** All at once. @throws SkeinError what the first device said, when none was reached */
  set(changes: readonly WantedChange[], by: Issuer, arrivedAt: number): Promise<DevicesReached>;
  /** A found device comes into the house, with its name, room and groups, or nothing of it. @throws SkeinError DEVICE_UNKNOWN, DEVICE_IN_HOUSE, ROOM_UNKNOWN, GROUP_UNKNOWN, REGISTRY_FULL, DOCUMENT_UNWRITABLE */
  adopt(wish: AdoptWish): Promise<DeviceView>;
  /** With its outlets, its place and its groups. @throws SkeinError DEVICE_UNKNOWN, DEVICE_IS_OUTLET, DOCUMENT_UNWRITABLE */
  giveUp(id: string): Promise<void>;
  /** What the owner calls devices may be new. */
  renamed(): void;
  listen(listeners: DeviceListeners): () => void;
  close(): void;
}

export interface DevicesParts {
  readonly kasa: KasaClient;
  readonly document: Document<DevicesFile>;
  readonly registry: Pick<HouseRegistry, "placeOf" | "settleDevice" | "forgetDevice" | "succeedDevice">;
  readonly hasCredentials: () => boolean;
  /** Made-up devices: the demo's. */
  readonly virtual: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChanged: OnChanged;
}

/** Holds a connection to each from now on. */
export function createDevices(parts: DevicesParts): Devices {
  const { kasa, document, registry, virtual, clock, logger, onChanged } = parts;
  const listeners = new Set<DeviceListeners>();
  const causes = new Causes();
  const powers = new Map<string, number>();
  /** As it was when the document was last made to fit. */
  const kept = new Map<string, HeldDevice>();
  const openedAt = clock.now();

  const entries = () => shown(document.value.devices);
  const entry = (id: string): HouseDevice => {
    const found = entries().find((each) => each.id === id);
    if (!found) throw unknownDevice(id);
    return found;
  };
  const tell = (id: string) => {
    for (const listener of listeners) listener.device?.(id);
  };
  const gone = (id: string) => {
    kept.delete(id);
    causes.forget(id);
    powers.delete(id);
    for (const listener of listeners) listener.removed?.(id);
  };
  const about = ({ id, parent }: HouseDevice): AboutDevice => ({
    givenName: registry.placeOf("device", id).name,
    cause: causes.get(id)?.cause,
    causedAt: causes.get(id)?.at,
    powerW: powers.get(id),
    virtual,
    otherwise: (parent === undefined ? undefined : kasa.get(parent)?.diagnosis) ?? notYet(openedAt),
  });
  const viewOf = (each: HouseDevice) => deviceView(each, kasa.get(each.id), about(each));
  const keep = async ({ device }: Exclude<KasaEvent, { type: "found" }>) => {
    const { id: deviceId, info, endpoint, protocol } = device;
    const last = kept.get(deviceId);
    // Most of what a device says is how it stands.
    if (last?.info === info && last?.endpoint === endpoint && last?.protocol === protocol) return;
    kept.set(deviceId, device);
    const before = document.value;
    const after = await document.update((file) => remember(file, device));
    const isNew = after.devices.length > before.devices.length;
    if (!isNew) return;
    // The first outlet of a strip takes its place.
    const now = entries();
    for (const { id } of shown(before.devices)) if (!now.some((each) => each.id === id)) gone(id);
    onChanged("devices");
    tell(deviceId);
    if (info?.parent !== undefined) await membership.outletsOf(info.parent);
  };
  const stop = kasa.on((event) => {
    if (event.type === "found") return;
    const { id } = event.device;
    if (event.type === "state") causes.note(id, event.cause, event.device.confirmedAt ?? clock.now());
    if (event.type === "energy") powers.set(id, event.energy.powerW);
    keep(event).catch((error: unknown) => {
      kept.delete(id);
      logger.warn({ reason: messageOf(error) }, `what ${id} is could not be kept`);
    });
    // Outlets stand as their strip does while it has not answered.
    for (const each of entries()) if (each.id === id || each.parent === id) tell(each.id);
  });
  const membership = createMembership({ kasa, document, registry, onLeft: gone });

  const setOne: Devices["setOne"] = async (id, change, by) => {
    // A strip that its outlets stand for is asked too: it says which they are.
    if (!document.value.devices.some((each) => each.id === id)) throw unknownDevice(id);
    return kasa.set(id, change, by);
  };
  const list = () => entries().map(viewOf);
  const found = () => kasa.found().filter(({ id }) => !document.value.devices.some((each) => each.id === id));
  return {
    list,
    get: (id) => viewOf(entry(id)),
    has: (id) => entries().some((each) => each.id === id),
    busState(id) {
      const each = entry(id);
      return busState(each, kasa.get(id), about(each));
    },
    found,
    view: () => ({ devices: list(), found: found().map(foundView), credentials: parts.hasCredentials() }),
    recognise: (answered) =>
      recognise(answered, {
        kasa,
        entry: (id) => document.value.devices.find((each) => each.id === id),
        nameOf: (each) => nameOf(each, registry.placeOf("device", each.id).name),
      }),
    setOne,
    set: (changes, by, arrivedAt) => reach(changes, (id, change) => setOne(id, change, by), { clock, arrivedAt }),
    async adopt(wish) {
      await membership.adopt(wish);
      onChanged("devices");
      tell(wish.id);
      return viewOf(entry(wish.id));
    },
    async giveUp(id) {
      await membership.giveUp(id);
      onChanged("devices");
    },
    renamed() {
      for (const { id } of entries()) tell(id);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    signedBy: (isTheirs) =>
      causes.theirs(isTheirs).map(([id, { at }]) => ({
        at,
        where: "devices",
        what: `who switched ${nameOf(document.value.devices.find((each) => each.id === id) ?? { id, model: id }, registry.placeOf("device", id).name)} last`,
      })),
    unsign(isTheirs) {
      for (const [id] of causes.theirs(isTheirs)) {
        causes.forget(id);
        tell(id);
      }
      return Promise.resolve();
    },
    close: stop,
  };
}

const notYet = (since: number): Diagnosis => ({
  condition: "connecting",
  since,
  text: "it has not been asked yet.",
  tried: [],
});
