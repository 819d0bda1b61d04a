/** What the owner sets in the two dialogs; the editor's forms and the runtime share it, with its defaults and its version. */

/** What a message makes the node do; a message that names a scene itself goes before it. */
export type Does = "set" | "apply" | "save";

export interface KasaLightConfig {
  configVersion: number;
  name: string;
  bus: string;
  /** A `skein-kasa-direct` that owns the connections where there is no leader; empty: the leader's devices, over the bus. */
  direct: string;
  /** `list`: those in `targets`; else a typedInput's kind, whose value names them. */
  targetType: string;
  target: string;
  /** Ids of devices, `room:kitchen`, `group:movie`, or `${VAR}` that holds some; empty: every light, plugs only where they are named. */
  targets: string[];
  /** What these were called when the dialog was last saved: for the label on the canvas alone. */
  targetNames: string;
  does: Does;
  /** What is to be done: every form that `payload.ts` understands. */
  payload: string;
  payloadType: string;
  /** Its name, where `does` is not `set`. */
  scene: string;
  /** How long a change takes where the message does not say, ms, or `${VAR}`; empty: as the device does by itself. */
  transitionMs: number | string;
  /** Send each device's state once at deploy, marked `msg.initial`. */
  sendInitial: boolean;
}

export const defaults: KasaLightConfig = {
  configVersion: 1,
  name: "",
  bus: "",
  direct: "",
  targetType: "list",
  target: "",
  targets: [],
  targetNames: "",
  does: "set",
  payload: "payload",
  payloadType: "msg",
  scene: "",
  transitionMs: "",
  sendInitial: false,
};

/** As the contract has it; the browser has no contracts, so it stands here, and a test holds both together. */
export const MAX_TRANSITION_MS = 600_000;
export const MAX_SCENE_NAME = 60;

/** Undefined: as the device does by itself. False for what is none, also `${VAR}` that is not set. */
export function transitionIn(saved: number | string): number | undefined | false {
  if (typeof saved === "string" && saved.trim() === "") return undefined;
  const ms = Number(saved);
  return Number.isInteger(ms) && ms >= 0 && ms <= MAX_TRANSITION_MS && ms;
}

export interface KasaDirectConfig {
  configVersion: number;
  name: string;
}

export const directDefaults: KasaDirectConfig = { configVersion: 1, name: "" };

/** Never exported with a flow. */
export interface KasaDirectCredentials {
  /** Of the owner's account with the maker, which the newer protocols ask for. */
  username?: string;
  password?: string;
  /** Addresses to ask in place of everybody on this network, parted by commas. */
  addresses?: string;
}

export const directCredentials = {
  username: { type: "text" },
  password: { type: "password" },
  addresses: { type: "text" },
} as const;

/** What a dialog lets one choose from. */
export interface Offers {
  readonly devices: readonly {
    readonly id: string;
    readonly name: string;
    readonly virtual: boolean;
    /** The name of its room. */
    readonly room?: string | undefined;
    /** `on`, `off`, or why it is not reached. */
    readonly note: string;
  }[];
  readonly rooms: readonly { readonly id: string; readonly name: string; readonly devices: readonly string[] }[];
  readonly groups: readonly { readonly id: string; readonly name: string; readonly devices: readonly string[] }[];
  readonly scenes: readonly { readonly id: string; readonly name: string }[];
}
