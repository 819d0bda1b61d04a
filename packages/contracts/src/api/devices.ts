import { z } from "zod";
import {
  DEVICE_LIMITS,
  deviceAbilities,
  deviceCause,
  deviceChange,
  deviceDiagnosis,
  deviceKind,
  lightState,
  sceneView,
} from "../devices";
import { idText } from "./accounts";

/** A device that the owner has taken into the house. */
export const deviceView = z.object({
  id: idText,
  /** What the owner calls it, else what it calls itself. */
  name: z.string(),
  /** What it calls itself. */
  alias: z.string().optional(),
  /** Of an outlet: its power strip. */
  parent: idText.optional(),
  kind: deviceKind.optional(),
  model: z.string().optional(),
  mac: z.string().optional(),
  firmware: z.string().optional(),
  protocol: z.string().optional(),
  /** `host:port` */
  address: z.string().optional(),
  abilities: deviceAbilities.optional(),
  state: lightState.optional(),
  confirmedAt: z.number().optional(),
  cause: deviceCause.optional(),
  /** It is led through a fade in steps: its state is one in between. */
  fading: z.boolean().optional(),
  diagnosis: deviceDiagnosis,
  /** W; of one that measures, as last read. */
  powerW: z.number().optional(),
  virtual: z.boolean(),
});
export type DeviceView = z.output<typeof deviceView>;

/** A device that answered a discovery and is not in the house. */
export const foundView = z.object({
  id: idText,
  mac: z.string(),
  model: z.string(),
  alias: z.string().optional(),
  /** `host:port` */
  address: z.string(),
  protocol: z.string(),
  at: z.number(),
});
export type FoundView = z.output<typeof foundView>;

export const foundList = z.object({ found: z.array(foundView) });

/** What answered at one address. */
export const deviceProbed = foundList.extend({
  /** Devices of the house: one that was away is reached there from then on. */
  house: z.array(
    z.object({
      id: idText,
      name: z.string(),
      /** `host:port`, where it answered. */
      address: z.string(),
      /** Where it was reached until now, when it has moved here. */
      movedFrom: z.string().optional(),
    }),
  ),
});
export type DeviceProbed = z.output<typeof deviceProbed>;

export const devicesView = z.object({
  devices: z.array(deviceView),
  found: z.array(foundView),
  /** Whether the house has a user and password for the newer protocols. */
  credentials: z.boolean(),
});
export type DevicesView = z.output<typeof devicesView>;

/** Takes a found device into the house, or one whose address is known. */
export const deviceAdopt = z.strictObject({
  id: idText,
  name: z.string().trim().min(1).max(60).optional(),
  room: idText.optional(),
  groups: z.array(idText).max(DEVICE_LIMITS.groups).optional(),
});
export type DeviceAdopt = z.output<typeof deviceAdopt>;
/** Labels of letters, digits, `-` and `_`; what is all digits and dots must be a whole IPv4 address. */
const HOST = /^(?!-)[\w-]{1,63}(\.[\w-]{1,63})*$/;
const isHost = (text: string): boolean =>
  /^[\d.]+$/.test(text) ? z.ipv4().safeParse(text).success : text.length <= 253 && HOST.test(text);

/** To a device that no discovery finds (another network, a router that swallows broadcasts). */
export const deviceProbe = z.strictObject({
  host: z
    .string()
    .trim()
    .refine(isHost, { error: "must be an IPv4 address or the name of a host, without a scheme and a port" }),
});

/** Something must be asked for: nothing at all would switch on. */
export const devicePatch = deviceChange.refine(
  (change) => Object.entries(change).some(([field, value]) => field !== "transitionMs" && value !== undefined),
  { error: "must say what is to change: on, brightness, hue, saturation, kelvin or effect" },
);
/** As the device confirmed it, and how long that took from the request's arrival, ms. */
export const devicePatched = deviceView.extend({ ms: z.number() });

export const credentialsPut = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
});

export const sceneList = z.object({ scenes: z.array(sceneView) });
export const sceneCreate = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** Their states as last confirmed are kept. */
  devices: z.array(idText).min(1).max(DEVICE_LIMITS.devices),
});
