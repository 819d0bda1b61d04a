import { z } from "zod";

/**
 * How a message travels and is kept; QoS, retain, overflow and journalling follow from it (DESIGN.md, "The bus").
 * - `state`: QoS 1, retained, the latest wins
 * - `telemetry`: QoS 0, may be dropped
 * - `event`: QoS 1, kept in order
 * - `command`: QoS 1, never retained, expires, is acknowledged
 * - `media`: QoS 0, bytes, never journalled
 */
export type Kind = "state" | "telemetry" | "event" | "command" | "media";

/** Who alone may write a topic; the broker's access rules are made from it. `issuer`: the leader or the flow host that the last id names. */
export type Writer = "follower" | "leader" | "flows" | "issuer";

/** The names between braces in a topic pattern: `"followers/{id}/birth"` gives `"id"`. */
export type Params<T extends string> = T extends `${string}{${infer P}}${infer Rest}` ? P | Params<Rest> : never;

/** The ids that a topic takes; for one without any, `{}` and nothing else. */
export type Ids<T extends string> = [Params<T>] extends [never] ? Record<string, never> : Record<Params<T>, string>;

export interface Message<T extends string = string, S extends z.ZodType = z.ZodType> {
  readonly pattern: T;
  readonly kind: Kind;
  readonly writer: Writer;
  /** Of a command to a `{target}`: whether a follower answers it or a flow host, each under its own prefix. */
  readonly answeredBy: "follower" | "flows";
  /** What it is for, one line: the topic table in README is made of these. */
  readonly what: string;
  readonly schema: S;
  /** The largest encoded message, bytes. */
  readonly maxBytes: number;
  /** The residents whom the data is about: what is kept of it goes when they go. Left out: it is about nobody. */
  readonly concerns?: (data: unknown) => readonly string[];
  /** The accounts that the data names: what is kept of it goes when the residents go whose they are. Left out: it names none. */
  readonly names?: (data: unknown) => readonly string[];
  /** The full topic for these ids. @throws TypeError when an id would change the topic's shape. */
  topic(ids: Ids<T>): string;
  /** The subscription filter; an id left out becomes `+`. */
  filter(ids?: Partial<Record<Params<T>, string>>): string;
  /** The ids in a topic that this message's pattern matches, else undefined. */
  match(topic: string): Record<Params<T>, string> | undefined;
}

/** Any message, for lists and functions that take whichever. */
// eslint-disable-next-line typescript/no-explicit-any -- a method's parameter is contravariant: no narrower type takes every message
export type AnyMessage = Message<any, z.ZodType>;
export type IdsOf<M extends AnyMessage> = M extends Message<infer T, z.ZodType> ? Ids<T> : never;
/** What a sender passes. */
export type InputOf<M extends AnyMessage> = z.input<M["schema"]>;
/** What a receiver gets. */
export type DataOf<M extends AnyMessage> = z.output<M["schema"]>;

/** Everything on the bus lives under this prefix; the version changes when old and new can no longer live together. */
export const PREFIX = "skein/v1/";
/** No message is larger, whatever it says, bytes. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** Ids that no follower may take. */
export const RESERVED_IDS: readonly string[] = ["leader", "flows"];
/** The leader's flow host on the bus. */
export const FLOW_HOST_ID = "flow-host";
/** The demo's house on the bus: `target` in every made-up follower's controls. It answers as a follower does. */
export const VIRTUAL_HOME_ID = "virtual-home";
/** What the leader's own parts are called on the bus: nobody else is let onto it by these names. */
export const PART_IDS: readonly string[] = [FLOW_HOST_ID, VIRTUAL_HOME_ID];
/** Whether a text is an id: a-z, 0-9 and -, beginning with no -, 63 at most. */
export const isId = (text: string): boolean => ID.test(text);
/** Whether a follower's topics may bear it. */
export const isFollowerId = (text: string): boolean => isId(text) && !RESERVED_IDS.includes(text);
/** Whether a new participant may be called so. */
export const isFreeId = (text: string): boolean => isFollowerId(text) && !PART_IDS.includes(text);

/** A message by its topic: the one definition that senders, receivers, access rules, schemas and the topic table are made from. */
export function defineMessage<const T extends string, S extends z.ZodType>(def: {
  topic: T;
  kind: Kind;
  writer: Writer;
  /** Default a follower. */
  answeredBy?: "follower" | "flows";
  what: string;
  schema: S;
  maxBytes?: number;
  concerns?: (data: z.output<S>) => readonly string[];
  names?: (data: z.output<S>) => readonly string[];
}): Message<T, S> {
  const fits = (param: string, id: string): boolean =>
    param === "id" && def.writer === "follower" ? isFollowerId(id) : isId(id);
  const levels = def.topic.split("/").map((level) => ({ level, param: /^\{(\w+)\}$/.exec(level)?.[1] }));
  const fill = (value: (param: string) => string): string =>
    PREFIX + levels.map(({ level, param }) => (param === undefined ? level : value(param))).join("/");
  const checked = (ids: Partial<Record<string, string>>, param: string): string => {
    const id = ids[param];
    if (id === undefined || !fits(param, id))
      throw new TypeError(
        `${param} "${id}" is no id: a-z, 0-9 and -, 63 at most, and for a follower not ${RESERVED_IDS.join(" or ")}`,
      );
    return id;
  };
  return {
    pattern: def.topic,
    kind: def.kind,
    writer: def.writer,
    answeredBy: def.answeredBy ?? "follower",
    what: def.what,
    schema: def.schema,
    ...(def.concerns && { concerns: def.concerns as (data: unknown) => readonly string[] }),
    ...(def.names && { names: def.names as (data: unknown) => readonly string[] }),
    maxBytes: Math.min(def.maxBytes ?? 16 * 1024, MAX_MESSAGE_BYTES),
    topic: (ids) => fill((param) => checked(ids, param)),
    filter: (ids = {}) =>
      fill((param) => ((ids as Partial<Record<string, string>>)[param] === undefined ? "+" : checked(ids, param))),
    match(topic) {
      if (!topic.startsWith(PREFIX)) return undefined;
      const parts = topic.slice(PREFIX.length).split("/");
      if (parts.length !== levels.length) return undefined;
      const ids: Record<string, string> = {};
      for (const [index, { level, param }] of levels.entries()) {
        const part = parts[index] ?? "";
        if (param === undefined ? part !== level : !fits(param, part)) return undefined;
        if (param !== undefined) ids[param] = part;
      }
      return ids as Record<Params<T>, string>;
    },
  };
}
