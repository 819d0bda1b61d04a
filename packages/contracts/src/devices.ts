import { z } from "zod";
import { defineMessage } from "./define-message";

/** How many changes one command, and how many devices one scene or group may name. */
export const DEVICE_LIMITS = { changes: 200, devices: 200, scenes: 100, groups: 100 } as const;

const deviceId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

const brightness = z.number().min(1).max(100);
const hue = z.number().min(0).max(360);
const saturation = z.number().min(0).max(100);

/** As the device last confirmed. Colour, white and effect exclude each other: only what is shown now is there. */
export const lightState = z.object({
  on: z.boolean(),
  /** %; of one that is off, what it comes back with. */
  brightness: brightness.optional(),
  /** Degrees. */
  hue: hue.optional(),
  /** %. */
  saturation: saturation.optional(),
  /** K. */
  kelvin: z.number().min(1000).max(20_000).optional(),
  effect: z.string().max(100).optional(),
});
export type LightStateView = z.output<typeof lightState>;

/** Absolute; what is left out stays. Anything but `on: false` and `effect: null` switches on. Of colour, white and effect a light shows one: a change asks for one. */
export const deviceChange = z
  .strictObject({
    on: z.boolean().optional(),
    /** %; 0 switches off. */
    brightness: z.number().min(0).max(100).optional(),
    hue: hue.optional(),
    saturation: saturation.optional(),
    /** K; clamped to what the model can. */
    kelvin: z.number().min(1000).max(20_000).optional(),
    /** By name; null ends one. */
    effect: z.string().min(1).max(100).nullable().optional(),
    /** How long the change takes, ms. */
    transitionMs: z.int().min(0).max(600_000).optional(),
  })
  .refine(
    ({ hue, saturation, kelvin, effect }) => {
      const looks = [hue ?? saturation, kelvin, effect ?? undefined];
      return looks.filter((look) => look !== undefined).length <= 1;
    },
    { error: "must ask for one look: a colour (hue, saturation), a white (kelvin) or an effect exclude each other" },
  );
export type DeviceChange = z.output<typeof deviceChange>;

export const deviceKind = z.enum(["bulb", "strip", "dimmer", "plug", "outlet"]);

export const deviceAbilities = z.object({
  brightness: z.boolean(),
  color: z.boolean(),
  /** The whites it can make, K. */
  kelvin: z.object({ min: z.number(), max: z.number() }).optional(),
  effects: z.array(z.string().max(100)).max(100),
  /** Whether it fades by itself; otherwise the leader makes steps. */
  transition: z.boolean(),
  energy: z.boolean(),
});
export type DeviceAbilities = z.output<typeof deviceAbilities>;

/** @see packages/kasa/src/diagnosis.ts for what each means */
export const deviceCondition = z.enum([
  "connecting",
  "ok",
  "unreachable",
  "credentials",
  "newer-protocol",
  "busy",
  "not-understood",
]);

/** One thing that was tried and what it answered: `ok` or a code of docs/errors.md. */
export const deviceAttempt = z.object({
  protocol: z.string().max(20),
  address: z.string().max(100),
  at: z.number(),
  answer: z.string().max(64),
  text: z.string().max(300),
});

export const deviceDiagnosis = z.object({
  condition: deviceCondition,
  /** ms of the leader's clock. */
  since: z.number(),
  text: z.string().max(500),
  /** What the owner can do. */
  hint: z.string().max(500).optional(),
  tried: z.array(deviceAttempt).max(20),
});
export type DeviceDiagnosis = z.output<typeof deviceDiagnosis>;

/**
 * Why the state is as it is. `command`: somebody's order (`issuer` on the bus with the command's id, or an account without one); `elsewhere`: a hand on
 * the wall switch, the maker's app; `first`: the first reading after a start or an absence, no news to anybody.
 */
export const deviceCause = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("command"), issuer: z.string().max(63), command: z.string().max(64).optional() }),
  z.object({ kind: z.literal("elsewhere") }),
  z.object({ kind: z.literal("first") }),
]);
export type DeviceCause = z.output<typeof deviceCause>;

export const deviceState = defineMessage({
  topic: "leader/devices/{id}",
  kind: "state",
  writer: "leader",
  what: "a Kasa device as last confirmed: how it stands and why, what it can, whether it is reached; `null` when it was given up",
  schema: z
    .object({
      /** What the owner calls it, else what it calls itself. */
      name: z.string().max(200),
      model: z.string().max(100),
      /** This and its abilities: absent until it answered once (a wrong password, a protocol that is not spoken). */
      kind: deviceKind.optional(),
      abilities: deviceAbilities.optional(),
      /** Absent until it answered once. */
      state: lightState.optional(),
      /** ms of the leader's clock. */
      confirmedAt: z.number().optional(),
      cause: deviceCause.optional(),
      /** It is led through a fade in steps (its model cannot fade by itself): `state` is one in between; absent when it is over. */
      fading: z.boolean().optional(),
      condition: deviceCondition,
      /** In words, when it is not `ok`. */
      why: z.string().max(500).optional(),
      virtual: z.boolean().default(false),
    })
    .nullable(),
  // A command of the bus bears its id; without one the order came over the API, from an account.
  names: (data) => (data?.cause?.kind === "command" && data.cause.command === undefined ? [data.cause.issuer] : []),
});
export type DeviceStateData = NonNullable<z.output<typeof deviceState.schema>>;

/** A scene: how each of its devices is to be. */
export const sceneView = z.object({
  id: deviceId,
  name: z.string().max(60),
  devices: z
    .array(z.object({ device: deviceId, set: deviceChange }))
    .min(1)
    .max(DEVICE_LIMITS.devices),
});
export type SceneView = z.output<typeof sceneView>;

/** Which scenes there are; what is in them is asked of the API. */
export const scenesState = defineMessage({
  topic: "leader/scenes",
  kind: "state",
  writer: "leader",
  what: "the house's scenes by id and name, so that dialogs have live lists",
  schema: z.object({ scenes: z.array(z.object({ id: deviceId, name: z.string().max(60) })).max(DEVICE_LIMITS.scenes) }),
  maxBytes: 32 * 1024,
});

/**
 * To the leader's devices. The reply's `result` to `set` and `scene-apply` is a `devicesReached`; a command of which at least one
 * device was reached is answered `ok`, with each device's own outcome in it; one that no device carried out is refused with the
 * first one's code. `discover` answers with a `foundList`, `scene-save` with the `sceneView`.
 */
export const devicesCommand = defineMessage({
  topic: "commands/leader/devices/{issuer}",
  kind: "command",
  writer: "issuer",
  what: "switch, dim and colour devices; look for new ones; save a scene or apply one",
  schema: z.discriminatedUnion("action", [
    z.object({
      action: z.literal("set"),
      changes: z
        .array(z.object({ device: deviceId, set: deviceChange }))
        .min(1)
        .max(DEVICE_LIMITS.changes),
    }),
    z.object({ action: z.literal("discover") }),
    z.object({
      action: z.literal("scene-save"),
      name: z.string().trim().min(1).max(60),
      /** Their states as last confirmed are kept. */
      devices: z.array(deviceId).min(1).max(DEVICE_LIMITS.devices),
    }),
    z.object({
      action: z.literal("scene-apply"),
      /** Its id or its name. */
      scene: z.string().min(1).max(63),
      transitionMs: z.int().min(0).max(600_000).optional(),
    }),
  ]),
  maxBytes: 64 * 1024,
});
export type DevicesCommand = z.output<typeof devicesCommand.schema>;

/** What came of a command, by device. */
export const devicesReached = z.object({
  devices: z.array(
    z.discriminatedUnion("ok", [
      z.object({
        device: z.string(),
        ok: z.literal(true),
        /** As the device confirmed it. */
        state: lightState,
        /** From the command's arrival at the leader to the device's yes. */
        ms: z.number(),
        /** Of a fade in steps, that this is the first: `leader/devices/{id}` says `fading` until the last. */
        fading: z.boolean().optional(),
      }),
      z.object({ device: z.string(), ok: z.literal(false), code: z.string(), message: z.string() }),
    ]),
  ),
});
export type DevicesReached = z.output<typeof devicesReached>;
