import { z } from "zod";
import { defineMessage } from "./define-message";
import { deviceKind } from "./devices";

/** What can be done to one of the demo's lamps besides what a command does to it. */
export const lampAction = z.enum(["wall-switch", "power-cut", "firmware-update"]);
export type LampAction = z.output<typeof lampAction>;

/** A lamp as somebody in the room would see it: not what core believes of it, but how it is. */
export const lampView = z.object({
  /** The device's id in the house. */
  id: z.string().max(63),
  name: z.string().max(60),
  kind: z.enum(deviceKind.options),
  protocol: z.string().max(20),
  /** Whether there is current at all. */
  powered: z.boolean(),
  on: z.boolean(),
  /** CSS colour of its light; `transparent` when dark. */
  css: z.string().max(100),
  /** The effect that it shows, of many colours. */
  effect: z.string().max(100).optional(),
});
export type LampView = z.output<typeof lampView>;

/** How the demo's home is set: said by the home itself, which alone knows, at every start and every change. */
export const virtualHome = defineMessage({
  topic: "followers/{id}/virtual-home",
  kind: "state",
  writer: "follower",
  what: "the demo's virtual home: whether it breaks things by itself, and how its lamps shine",
  schema: z.object({ randomFaults: z.boolean(), lamps: z.array(lampView).max(20).default([]) }),
});

/** A hand in the demo's home. */
export const lampCommand = defineMessage({
  topic: "commands/{target}/lamps/{issuer}",
  kind: "command",
  writer: "issuer",
  what: "to the virtual home: a hand on a lamp's wall switch, a power cut of a few seconds, a firmware update to the next protocol",
  schema: z.object({ lamp: z.string().min(1).max(63), action: lampAction }),
});
