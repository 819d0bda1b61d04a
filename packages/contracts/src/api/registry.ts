import { z } from "zod";
import { sense } from "../birth";
import { idText } from "./accounts";

/** How much the registry takes: the whole of it goes over the bus in one message of 256 KiB. `members`: of all groups together. */
export const REGISTRY_LIMITS = { rooms: 100, residents: 50, places: 500, groups: 100, members: 1000 } as const;

/** What people call something: one line, 60 characters at most. No control characters: it stands in logs, dialogs and events. */
const givenName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, "must be one line of plain text");

export const roomView = z.object({
  id: idText,
  name: z.string(),
  /** A private one (bathroom) is never watched by whom, unless its residents agree. */
  private: z.boolean().default(false),
});
export type RoomView = z.output<typeof roomView>;
export const roomCreate = z.strictObject({
  /** Made from the name when left out. */
  id: idText.optional(),
  name: givenName,
  private: z.boolean().default(false),
});
export const roomPatch = z.strictObject({
  name: givenName.optional(),
  private: z.boolean().optional(),
});

/** Somebody who lives here. Not everybody has an account. */
export const residentView = z.object({ id: idText, name: z.string() });
export type ResidentView = z.output<typeof residentView>;
export const residentCreate = z.strictObject({
  id: idText.optional(),
  name: givenName,
});
export const residentPatch = z.strictObject({ name: givenName.optional() });
/** What is kept of one resident, by where it lies. */
export const residentData = z.object({
  resident: residentView,
  /** Counts of what is kept: `{journal: 12, events: 3, account: 1}`. */
  kept: z.record(z.string(), z.int()),
  /** The newest of it in words, at most 200. */
  items: z.array(z.object({ at: z.number(), where: z.string(), what: z.string() })),
});

/** What stands in a room. */
export const thingKind = z.enum(["follower", "device"]);
export const placeView = z.object({
  kind: thingKind,
  id: idText,
  room: idText.optional(),
  /** What the owner calls it, when other than what it calls itself. */
  name: z.string().optional(),
});
export type PlaceView = z.output<typeof placeView>;
export const placePut = z.strictObject({
  room: idText.nullable().optional(),
  name: givenName.nullable().optional(),
});

/** Devices that are switched together, wherever they stand. */
export const groupView = z.object({ id: idText, name: z.string(), devices: z.array(idText).max(200) });
export type GroupView = z.output<typeof groupView>;
export const groupCreate = z.strictObject({
  id: idText.optional(),
  name: givenName,
  devices: z.array(idText).max(200).default([]),
});
export const groupPatch = z.strictObject({ name: givenName.optional(), devices: z.array(idText).max(200).optional() });

export const registryView = z.object({
  rooms: z.array(roomView),
  residents: z.array(residentView),
  places: z.array(placeView),
  groups: z.array(groupView).default([]),
});
export type RegistryView = z.output<typeof registryView>;

/** The privacy switch: every camera and microphone off. */
export const privacyView = z.object({
  on: z.boolean(),
  since: z.number().optional(),
  by: z.string().optional(),
  /** Each capability that sees or hears, and what it says of itself. */
  senses: z.array(
    z.object({
      follower: z.string(),
      capability: z.string(),
      sense,
      /** A made-up one (the demo). */
      virtual: z.boolean(),
      /** `off` is the follower's own word; `unknown`: it is not heard now. */
      state: z.enum(["on", "off", "unknown"]),
    }),
  ),
});
export type PrivacyView = z.output<typeof privacyView>;
export const privacyPut = z.strictObject({ on: z.boolean() });
