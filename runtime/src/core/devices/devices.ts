/**
 * The house's devices: which are in it, how each stands and why, and the orders they are given. It alone speaks to the Kasa client; what
 * is told of it to bus, page and history is made of its `listen`.
 */
import type {
  DeviceCause,
  DeviceChange,
  DeviceStateData,
  DevicesReached,
  DevicesView,
  DeviceView,
} from "@skein/contracts";
import type { Diagnosis, Found, HeldDevice, KasaClient, KasaEvent, Reached } from "@skein/kasa";
import { messageOf, SkeinError, type Clock, type Document, type Logger } from "@skein/kit";
import type { OnChanged } from "../event-sink";
import type { HouseRegistry } from "../registry/house-registry";
import type { IsTheirs, Signed } from "../registry/residents";
import { remember, shown, type DevicesFile, type HouseDevice } from "./document";
import { reach, type WantedChange } from "./reach";
import { busState, deviceView, foundView, nameOf, type AboutDevice } from "./views";

/** Who gives an order: a participant of the bus with the command's id, or an account. */
export interface Issuer {
  readonly issuer: string;
  readonly command?: string | undefined;
}

export interface DeviceListeners {
  /** Not as it was, or new. */
  device?(id: string): void;
  /** Given up, or a strip whose outlets are known now. */
  removed?(id: string): void;
}

export interface AdoptWish {
  readonly id: string;
  readonly name?: string | undefined;
  readonly room?: string | undefined;
  readonly groups?: readonly string[] | undefined;
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
  readonly registry: Pick<HouseRegistry, "placeOf" | "settleDevice" | "forgetDevice">;
  readonly hasCredentials: () => boolean;
  /** Made-up devices: the demo's. */
  readonly virtual: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChanged: OnChanged;
}

type Caused = { readonly cause: DeviceCause; readonly at: number };

/** Holds a connection to each from now on. */
export function createDevices(parts: DevicesParts): Devices {
  const { kasa, document, registry, virtual, clock, logger, onChanged } = parts;
  const listeners = new Set<DeviceListeners>();
  const causes = new Map<string, Caused>();
  const powers = new Map<string, number>();
  /** As it was when the document was last made to fit. */
  const kept = new Map<string, HeldDevice>();
  /** In the midst of coming into the house. */
  const adopting = new Set<string>();
  const openedAt = clock.now();

  const entries = () => shown(document.value.devices);
  const entry = (id: string): HouseDevice => {
    const found = entries().find((each) => each.id === id);
    if (!found) throw unknown(id);
    return found;
  };
  const tell = (id: string) => {
    for (const listener of listeners) listener.device?.(id);
  };
  const gone = (id: string) => {
    kept.delete(id);
    causes.delete(id);
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
  };
  const stop = kasa.on((event) => {
    if (event.type === "found") return;
    const { id } = event.device;
    if (event.type === "state")
      causes.set(id, { cause: causeOf(event.cause), at: event.device.confirmedAt ?? clock.now() });
    if (event.type === "energy") powers.set(id, event.energy.powerW);
    keep(event).catch((error: unknown) => {
      kept.delete(id);
      logger.warn({ reason: messageOf(error) }, `what ${id} is could not be kept`);
    });
    // Outlets stand as their strip does while it has not answered.
    for (const each of entries()) if (each.id === id || each.parent === id) tell(each.id);
  });
  const hold = ({ id, endpoint, protocol, parent }: HouseDevice) =>
    // An outlet comes with its strip.
    parent === undefined && kasa.hold({ id, endpoint, protocol });
  for (const each of document.value.devices) hold(each);

  const setOne: Devices["setOne"] = async (id, change, by) => {
    // A strip that its outlets stand for is asked too: it says which they are.
    if (!document.value.devices.some((each) => each.id === id)) throw unknown(id);
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
    setOne,
    set: (changes, by, arrivedAt) => reach(changes, (id, change) => setOne(id, change, by), { clock, arrivedAt }),
    async adopt({ id, ...wish }) {
      if (adopting.has(id) || document.value.devices.some((each) => each.id === id))
        throw new SkeinError("DEVICE_IN_HOUSE", `${id} is in the house already.`);
      const there = kasa.found().find((each) => each.id === id);
      if (!there) throw unknown(id);
      const {
        model,
        alias,
        mac,
        endpoint: { host, port },
        protocol,
      } = there;
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
      onChanged("devices");
      tell(id);
      return viewOf(entry(id));
    },
    async giveUp(id) {
      const strip = document.value.devices.find((each) => each.id === id);
      if (!strip) throw unknown(id);
      if (strip.parent !== undefined)
        throw new SkeinError("DEVICE_IS_OUTLET", `${id} is an outlet of ${strip.parent}.`, {
          hint: "Give the whole strip up.",
        });
      const isOf = (each: HouseDevice) => each.id === id || each.parent === id;
      const leaving = document.value.devices.filter(isOf);
      await document.update((file) => ({ ...file, devices: file.devices.filter((each) => !isOf(each)) }));
      kasa.release(id);
      for (const each of leaving) {
        gone(each.id);
        await registry.forgetDevice(each.id);
      }
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
      theirs(causes, isTheirs).map(([id, { at }]) => ({
        at,
        where: "devices",
        what: `who switched ${nameOf(document.value.devices.find((each) => each.id === id) ?? { id, model: id }, registry.placeOf("device", id).name)} last`,
      })),
    unsign(isTheirs) {
      for (const [id] of theirs(causes, isTheirs)) {
        causes.delete(id);
        tell(id);
      }
      return Promise.resolve();
    },
    close: stop,
  };
}

/** An order over the bus is a participant's, whatever it is called. */
const theirs = (causes: ReadonlyMap<string, Caused>, isTheirs: IsTheirs): [string, Caused][] =>
  [...causes].filter(
    ([, { cause, at }]) => cause.kind === "command" && cause.command === undefined && isTheirs(cause.issuer, at),
  );

/** `by` is what `set` above passed. */
function causeOf(cause: Extract<KasaEvent, { type: "state" }>["cause"]): DeviceCause {
  if (cause.kind !== "command") return { kind: cause.kind };
  const { issuer, command } = cause.by as Issuer;
  return { kind: "command", issuer, ...(command !== undefined && { command }) };
}

const unknown = (id: string): SkeinError =>
  new SkeinError("DEVICE_UNKNOWN", `there is no device "${id}".`, {
    hint: "Look for devices again if it is new: it must be powered and in this network.",
  });

const notYet = (since: number): Diagnosis => ({
  condition: "connecting",
  since,
  text: "it has not been asked yet.",
  tried: [],
});
