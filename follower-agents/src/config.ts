import { dirname, resolve } from "node:path";
import { hostAction, isFollowerId } from "@skein/contracts";
import { loadSettings } from "@skein/kit";
import { z } from "zod";
import { capabilities, memberSettings } from "./capabilities";

/**
 * follower.yaml: what one agent is told. Secrets may be given as `${NAME}`; the file belongs to its user alone (0600). A relative
 * path in it starts from the folder in which it lies, wherever the agent is started from.
 */

const id = z.string().refine(isFollowerId, "is no id: a-z, 0-9 and -, 63 at most, not `leader` or `flows`");

const busSettings = z.strictObject({
  /** `mqtt://`, `mqtts://`, `ws://`, `wss://`, `redis://` or `rediss://`. */
  url: z.string().min(1),
  username: z.string().optional(),
  password: z.string().optional(),
  /** PEM files, for a broker whose certificate is our own house's, or one that wants ours. */
  tls: z
    .strictObject({
      caFile: z.string().optional(),
      certFile: z.string().optional(),
      keyFile: z.string().optional(),
      /** False accepts any certificate: for trying things out only. Default true. */
      rejectUnauthorized: z.boolean().optional(),
    })
    .optional(),
  /** Keep-alive, s. 1 to 600, default 10: a connection that is cut without a word is found dead after 1.5 times that. */
  keepAliveS: z.int().min(1).max(600).default(10),
});

/** A host that is made up; see host/virtual-host.ts. */
export const virtualHostSettings = z.strictObject({
  bootId: z.uuid(),
  /** Ms since 1970; its uptime counts from here. Default: when the agent starts. */
  bootedAt: z.number().min(0).optional(),
  hostname: z.string().max(255).default("virtual"),
  model: z.string().max(255).default("virtual host"),
  os: z.string().max(255).default("Linux (virtual)"),
  arch: z.string().max(32).default("arm"),
  cores: z.int().min(1).max(256).default(8),
  memoryBytes: z.int().min(1).default(2_000_000_000),
  /** The same seed gives the same board. */
  seed: z.int().min(0).default(1),
  /** Who runs it, and what that can do to it: told in birth, so that a page can show the switches. */
  controls: z.strictObject({ target: z.string().max(63), actions: z.array(hostAction) }).optional(),
});

export const agentSettings = z
  .strictObject({
    /** Stable for ever: the leader knows the follower by it. */
    id,
    /** What people call it. Default: its id. */
    name: z.string().min(1).max(100).optional(),
    bus: busSettings,
    /** A folder, for what must survive a restart of the agent: settings changed at run time, commands carried out. */
    stateDir: z.string().min(1),
    logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
    /** Settings of each capability; see its folder. */
    capabilities: z
      .strictObject({
        ...Object.fromEntries(
          capabilities.map(({ name, settings, optional }) => [
            name,
            optional ? settings.optional() : settings.prefault({}),
          ]),
        ),
        ...Object.fromEntries(Object.entries(memberSettings).map(([name, settings]) => [name, settings.optional()])),
      })
      .prefault({}),
    host: z.strictObject({ virtual: virtualHostSettings.optional() }).default({}),
    /** The follower through which this one reaches the bus. */
    via: id.optional(),
    /** Ends when the pipe on its stdin closes: for a parent that must not leave agents behind. Default false. */
    exitWithParent: z.boolean().default(false),
  })
  .superRefine(({ capabilities: wanted, host }, context) => {
    for (const { name, virtualOnly } of capabilities)
      if (virtualOnly && wanted[name] !== undefined && host.virtual === undefined)
        context.addIssue({
          code: "custom",
          path: ["capabilities", name],
          message: "is for made-up hosts (host.virtual) alone: a real one shall not claim to see or hear",
        });
  });
export type AgentSettings = z.output<typeof agentSettings>;

/** Paths are absolute in what it returns. @throws SkeinError CONFIG_UNREADABLE, CONFIG_INVALID */
export function loadAgentSettings(file: string): AgentSettings {
  const { stateDir, bus, ...others } = loadSettings(agentSettings, file);
  const absolute = (path: string) => resolve(dirname(file), path);
  const { caFile, certFile, keyFile, ...tls } = bus.tls ?? {};
  return {
    ...others,
    stateDir: absolute(stateDir),
    bus: {
      ...bus,
      ...(bus.tls && {
        tls: {
          ...tls,
          ...(caFile !== undefined && { caFile: absolute(caFile) }),
          ...(certFile !== undefined && { certFile: absolute(certFile) }),
          ...(keyFile !== undefined && { keyFile: absolute(keyFile) }),
        },
      }),
    },
  };
}
