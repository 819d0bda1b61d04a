/** The broker: our own, or one of the owner's. */
import { isIP } from "node:net";
import { z } from "zod";
import { password, port, userName } from "./fields";

/** Of `bus`: what our own broker would take no notice of. */
const EXTERNAL_ONLY = ["url", "username", "password", "flowHost", "tls", "mosquitto"] as const;
/** Of `bus`: what only our own broker has. */
const EMBEDDED_ONLY = ["port", "host", "listenTls"] as const;
/** What the leader makes anew at every start when it makes the broker's users. */
const OWN_LOGINS = ["username", "password", "flowHost"] as const;

export const busSettings = z
  .strictObject({
    /** `embedded`: the leader brings its own broker; `mqtt`, `redis`: it uses yours, at `url`. */
    kind: z.enum(["embedded", "mqtt", "redis"]).default("embedded"),
    /** Embedded only. Default 1883, in the demo 1893. */
    port: port.optional(),
    /**
     * Embedded only: an address of this machine where followers on others find the broker; `0.0.0.0` is every one. Default: this
     * machine alone. Whoever is let in needs a user of its own; without `listenTls`, who can listen on the wire reads along.
     */
    host: z
      .string()
      .refine((host) => isIP(host) !== 0, "must be an IP address of this machine, or 0.0.0.0 for every one")
      .optional(),
    /** Embedded only: with it the broker speaks TLS at `host`, and without TLS to this machine alone. Paths of PEM files. */
    listenTls: z
      .strictObject({
        cert: z.string(),
        key: z.string(),
        /** Of the authority that signed it: followers that join get it. Left out for one that is its own. */
        ca: z.string().optional(),
        /** Default 8883. */
        port: port.optional(),
      })
      .optional(),
    /** Where followers that join find the broker. Default: where they found the leader, with the broker's port. */
    advertise: z
      .url({ protocol: /^(mqtts?|wss?)$/, error: "must be an address: mqtt:// or mqtts://, then host and port" })
      .optional(),
    url: z
      .url({
        protocol: /^(mqtts?|wss?|rediss?)$/,
        error: "must be an address: mqtt://, mqtts://, ws://, wss://, redis:// or rediss://, then host and port",
      })
      .optional(),
    /** What the leader says it is to your broker. Secrets belong in the environment: `${NAME}`. */
    username: userName.optional(),
    password: password.optional(),
    /** The flow host's own name there; needed with `username`: a broker that ties client ids to names has each throw the other off. */
    flowHost: z.strictObject({ username: userName, password }).optional(),
    /**
     * The leader makes the users of your Mosquitto: it writes `acl` and `passwords` into `dir`. With `pidFile`, of a broker that runs as
     * the leader's own user, it signals it by itself; without, skein-mosquitto-reload takes them over (docs/broker.md).
     */
    mosquitto: z.strictObject({ dir: z.string().min(1), pidFile: z.string().min(1).optional() }).optional(),
    /** Paths of PEM files. */
    tls: z
      .strictObject({
        ca: z.string().optional(),
        cert: z.string().optional(),
        key: z.string().optional(),
        rejectUnauthorized: z.boolean().default(true),
      })
      .optional(),
  })
  .superRefine((bus, context) => {
    if (bus.kind !== "embedded" && bus.url === undefined)
      context.addIssue({ code: "custom", path: ["url"], message: `"kind: ${bus.kind}" needs one` });
    for (const key of EXTERNAL_ONLY)
      if (bus.kind === "embedded" && bus[key] !== undefined)
        context.addIssue({ code: "custom", path: [key], message: `goes with "kind: mqtt" or "kind: redis"` });
    for (const key of EMBEDDED_ONLY)
      if (bus.kind !== "embedded" && bus[key] !== undefined)
        context.addIssue({
          code: "custom",
          path: [key],
          message: `goes with "kind: embedded"${key === "port" ? "; yours is in the url" : ""}`,
        });
    if (bus.kind === "redis" && bus.mosquitto)
      context.addIssue({ code: "custom", path: ["mosquitto"], message: `goes with "kind: mqtt"` });
    for (const key of OWN_LOGINS)
      if (bus.mosquitto && bus[key] !== undefined)
        context.addIssue({
          code: "custom",
          path: [key],
          message:
            "does not go with bus.mosquitto: the leader then makes its own users, with new passwords at every start",
        });
    if (bus.kind === "redis" && bus.url !== undefined && !bus.url.startsWith("redis"))
      context.addIssue({ code: "custom", path: ["url"], message: "redis:// or rediss://" });
    if (bus.kind === "mqtt" && bus.url?.startsWith("redis"))
      context.addIssue({ code: "custom", path: ["url"], message: "mqtt://, mqtts://, ws:// or wss://" });
    if (bus.kind !== "embedded" && bus.username !== undefined && bus.flowHost?.username === undefined)
      context.addIssue({
        code: "custom",
        path: ["flowHost"],
        message: `needed with bus.username, since two programs under one name throw each other off; write flowHost: { username: flow-host, password: ... }`,
      });
  })
  .prefault({});
