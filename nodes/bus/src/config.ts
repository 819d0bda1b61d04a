/** What the owner sets in the three dialogs; the editor's forms and the runtime share it, with its defaults and its version. */

export interface SkeinBusConfig {
  configVersion: number;
  name: string;
  /** `leader`: the bus of the house that this Node-RED runs in. `broker`: one named by `url`. */
  mode: "leader" | "broker";
  /** mqtt, mqtts, ws, wss, redis, rediss; may hold `${VAR}`. */
  url: string;
  /** Who we are on that bus; empty takes the user name, or else an id made from this node's. */
  identity: string;
  /** Whether the broker's certificate must be valid. */
  verify: boolean;
  /** Judge who is alive by ourselves, because there is no leader. */
  judgeHere: boolean;
}

/** Never exported with a flow. */
export interface SkeinBusCredentials {
  username?: string;
  password?: string;
  /** PEM texts. */
  ca?: string;
  cert?: string;
  key?: string;
}

/** What the editor shows of a stored password. */
export const HIDDEN = "__PWRD__";

/** A connection to be tried as the dialog has it. */
export interface BusTrial extends SkeinBusConfig {
  id: string;
  credentials: SkeinBusCredentials;
}

export const busDefaults: SkeinBusConfig = {
  configVersion: 1,
  name: "",
  mode: "leader",
  url: "",
  identity: "",
  verify: true,
  judgeHere: false,
};

export const busCredentials = {
  username: { type: "text" },
  password: { type: "password" },
  ca: { type: "password" },
  cert: { type: "password" },
  key: { type: "password" },
} as const;

export type PayloadAs = "auto" | "json" | "string" | "buffer";

export interface SkeinInConfig {
  configVersion: number;
  name: string;
  bus: string;
  /** A message of the contract by name; empty for a free topic. */
  message: string;
  /** Which ids of that message's topic: ids, patterns, for followers rooms (`room:hall`); one left out or `*` is any. */
  ids: Record<string, string>;
  /** A free topic, with MQTT's `+` and `#`. */
  topic: string;
  payloadAs: PayloadAs;
  /** Send kept state at deploy, marked `msg.initial`. */
  sendInitial: boolean;
}

export const inDefaults: SkeinInConfig = {
  configVersion: 1,
  name: "",
  bus: "",
  message: "heartbeat",
  ids: {},
  topic: "",
  payloadAs: "auto",
  sendInitial: false,
};

/** What can be listened to (MQTT 3.1.1, 4.7.1). */
export const isTopicFilter = (filter: string): boolean =>
  filter !== "" &&
  filter
    .split("/")
    .every(
      (level, index, all) => level === "+" || (level === "#" && index === all.length - 1) || !/[+#\0]/.test(level),
    );

/** What can be said something on. */
export const isTopic = (topic: string): boolean => topic !== "" && !/[+#\0]/.test(topic);

/** A value that the owner chose with its kind, as Node-RED's typedInput saves it. */
export interface Typed {
  value: string;
  type: string;
}

export interface SkeinOutConfig {
  configVersion: number;
  name: string;
  bus: string;
  message: string;
  /** The ids in that message's topic, each typed; one left out is taken as `defaultIdOf` says. */
  ids: Record<string, Typed>;
  /** A free topic; when it comes out empty, `msg.topic` is taken. */
  topic: string;
  topicType: string;
  payload: string;
  payloadType: string;
  payloadAs: PayloadAs;
  /** How a free topic is sent: kept, in order, or droppable. */
  kind: "state" | "event" | "telemetry";
}

/** Where an id in a topic comes from until the owner says otherwise: `msg.follower` for whom a command is, else `msg.topic`. */
export const defaultIdOf = (id: string): Typed => ({ value: id === "target" ? "follower" : "topic", type: "msg" });

export const outDefaults: SkeinOutConfig = {
  configVersion: 1,
  name: "",
  bus: "",
  message: "flowEvent",
  ids: {},
  topic: "",
  topicType: "str",
  payload: "payload",
  payloadType: "msg",
  payloadAs: "auto",
  kind: "event",
};

/** A message of the contract as the dialogs list it. */
export interface ContractMessage {
  readonly name: string;
  readonly pattern: string;
  readonly ids: readonly string[];
  /** Which of them names a follower, if one does. */
  readonly follower?: string | undefined;
  readonly kind: string;
  readonly what: string;
  /** A flow may send it: its topic belongs to flow hosts, or to whoever issues a command. */
  readonly sendable: boolean;
}
