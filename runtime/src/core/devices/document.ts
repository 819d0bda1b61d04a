/** Which devices are in the house, and its scenes: `<dataDir>/core/devices.json`. No credentials (credentials.ts). */
import { DEVICE_LIMITS, deviceAbilities, deviceKind, sceneView } from "@skein/contracts";
import { PROTOCOLS, type HeldDevice } from "@skein/kasa";
import { defineDocument } from "@skein/kit";
import { z } from "zod";

/** What a device said of itself, so that it has a name and a kind while it is away. */
const deviceInfo = z.strictObject({
  id: z.string(),
  parent: z.string().optional(),
  kind: deviceKind,
  family: z.enum(["iot", "smart"]),
  model: z.string(),
  alias: z.string(),
  mac: z.string(),
  firmware: z.string(),
  hardware: z.string(),
  abilities: deviceAbilities,
});

const houseDevice = z.strictObject({
  id: z.string(),
  /** Of an outlet: its power strip, which is held in its stead and is no device itself. */
  parent: z.string().optional(),
  /** As it was found; what it says of itself is `info`. */
  model: z.string(),
  alias: z.string().optional(),
  mac: z.string().optional(),
  /** Where it was last. */
  endpoint: z.strictObject({ host: z.string(), port: z.int() }).optional(),
  protocol: z.enum(PROTOCOLS).optional(),
  info: deviceInfo.optional(),
});
export type HouseDevice = z.output<typeof houseDevice>;

export const devicesDocument = defineDocument({
  name: "devices.json",
  schema: z.strictObject({
    version: z.literal(1),
    devices: z.array(houseDevice),
    scenes: z.array(sceneView).max(DEVICE_LIMITS.scenes),
    /** Ids that were told as found: once is news. */
    offered: z.array(z.string()),
  }),
  empty: { version: 1, devices: [], scenes: [], offered: [] },
});
export type DevicesFile = z.output<typeof devicesDocument.schema>;

/** So many found devices are remembered as told; beyond, the oldest may be told again. */
const MAX_OFFERED = 500;

/** A strip whose outlets are known is none of the house's devices: they are. */
export function shown(devices: readonly HouseDevice[]): HouseDevice[] {
  const strips = new Set(devices.map(({ parent }) => parent));
  return devices.filter(({ id }) => !strips.has(id));
}

/** With where it is and what it says of itself now; the very same file when nothing is new. A strip's outlets come in by themselves. */
export function remember(file: DevicesFile, { id, endpoint, protocol, info }: HeldDevice): DevicesFile {
  const before = file.devices.find((each) => each.id === id);
  if (!before && !file.devices.some((each) => each.id === info?.parent)) return file;
  const after: HouseDevice = {
    ...(before ?? { id, model: info?.model ?? "" }),
    ...(info?.parent !== undefined && { parent: info.parent }),
    ...(endpoint && { endpoint: { host: endpoint.host, port: endpoint.port } }),
    ...(protocol && { protocol }),
    ...(info && { model: info.model, alias: info.alias, mac: info.mac, info: deviceInfo.parse(info) }),
  };
  if (before && JSON.stringify(after) === JSON.stringify(before)) return file;
  const devices = before ? file.devices.map((each) => (each.id === id ? after : each)) : [...file.devices, after];
  // A strip is where its outlets are: it is held there after a restart.
  const where = { endpoint: after.endpoint, protocol: after.protocol };
  return { ...file, devices: devices.map((each) => (each.id === after.parent ? { ...each, ...where } : each)) };
}

/** The very same file when it was offered before. */
export const offer = (file: DevicesFile, id: string): DevicesFile =>
  file.offered.includes(id) ? file : { ...file, offered: [...file.offered, id].slice(-MAX_OFFERED) };
