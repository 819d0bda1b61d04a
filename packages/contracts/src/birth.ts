import { z } from "zod";
import { defineMessage } from "./define-message";

/** What sees or hears people, and is off while the house's privacy switch is on. */
export const sense = z.enum(["camera", "microphone"]);
export type Sense = z.output<typeof sense>;

/** One thing a follower can do, with the settings it runs under. */
export const capability = z.object({
  name: z.string().min(1).max(63),
  /** Set on what watches or listens; absent on everything else. */
  sense: sense.optional(),
  /** In force now; secrets are never among them. */
  settings: z.record(z.string(), z.json()).optional(),
});

/** What may be done to a virtual host; each is a command to the program that runs it. */
export const hostAction = z.enum(["crash", "pull-plug", "freeze", "reboot", "cut-network", "restore"]);
export type HostAction = z.output<typeof hostAction>;

/** Who a follower is: sent, retained, at every connection. `run` and `session` stand in the envelope. */
export const birth = defineMessage({
  topic: "followers/{id}/birth",
  kind: "state",
  writer: "follower",
  what: "who I am: host, boot id, versions, capabilities with settings, `via` (the bridge a hub hangs on)",
  schema: z.object({
    /** What people call it. */
    name: z.string().min(1).max(100),
    /** True when the host is made up (the demo): shown on every surface. */
    virtual: z.boolean().default(false),
    /** Changes when the host reboots: /proc/sys/kernel/random/boot_id. */
    bootId: z.uuid(),
    host: z.object({
      hostname: z.string().max(255).optional(),
      model: z.string().max(255).optional(),
      os: z.string().max(255).optional(),
      arch: z.string().max(32).optional(),
      cores: z.int().min(1).optional(),
      memoryBytes: z.int().min(0).optional(),
    }),
    versions: z.object({ agent: z.string().max(64), node: z.string().max(64).optional() }),
    capabilities: z.array(capability).max(64),
    /** The follower through which this one reaches the bus. */
    via: z.string().max(63).optional(),
    /** Set on a virtual follower: which bus participant runs its host, and what that can do to it. */
    controls: z.object({ target: z.string().max(63), actions: z.array(hostAction) }).optional(),
  }),
});
