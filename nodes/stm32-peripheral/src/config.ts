/** What the owner sets in the two dialogs; the editor's forms and the runtime share it, with its defaults and its version. */
import type { HubChannel } from "@skein/contracts";

/** When the first output tells of what is read by itself: at a change, every so often, or only when a message asks. */
export type Tell = "change" | "every" | "request";

export interface Stm32PeripheralConfig {
  configVersion: number;
  name: string;
  bus: string;
  /** A `skein-stm32-direct` with a board of its own where there is no leader; empty: the house's boards, over the bus. */
  direct: string;
  /** A board's id, or `${VAR}`; empty: every board, and `msg.board` says whose channel an order is for. */
  board: string;
  /** A channel's name or number, or `${VAR}`; empty: every channel, and `msg.channel` says which one an order is for. */
  channel: string | number;
  /** What is to be done: every form that `payload.ts` understands. */
  payload: string;
  payloadType: string;
  /** To get there in so long where the message does not say, ms, or `${VAR}`; empty: at once. */
  rampMs: number | string;
  /** Then back to the safe value where the message does not say, ms, or `${VAR}`; empty: it stays. */
  forMs: number | string;
  tell: Tell;
  /** In the channel's unit: what differs by less from what was told last is no change; or `${VAR}`; empty: any difference is one. */
  deadband: number | string;
  /** So often, s, where `tell` is `every`; or `${VAR}`. */
  everyS: number | string;
  /** Tell each channel's first value after a deploy, marked `msg.initial`. */
  sendInitial: boolean;
  /** The board makes its outputs safe when this node goes: at a deploy, and when Node-RED ends. */
  safeOnClose: boolean;
}

export const defaults: Stm32PeripheralConfig = {
  configVersion: 1,
  name: "",
  bus: "",
  direct: "",
  board: "",
  channel: "",
  payload: "payload",
  payloadType: "msg",
  rampMs: "",
  forMs: "",
  tell: "change",
  deadband: "",
  everyS: 60,
  sendInitial: false,
  safeOnClose: false,
};

/** As the contract has them; the browser has no contracts, so they stand here, and a test holds both together. */
export const MAX_RAMP_MS = 3_600_000;
export const MAX_FOR_MS = 86_400_000;
export const EVERY_S = { min: 0.1, max: 86_400 } as const;

/** Undefined: nothing is set. False for what is none, also `${VAR}` that is not set. */
export function numberIn(
  saved: number | string,
  { min, max, isWhole = false }: { min: number; max: number; isWhole?: boolean },
): number | undefined | false {
  if (typeof saved === "string" && saved.trim() === "") return undefined;
  const value = Number(saved);
  return Number.isFinite(value) && value >= min && value <= max && (!isWhole || Number.isInteger(value)) && value;
}

/** What each number in the dialog may be, by its setting. */
export const NUMBERS = {
  rampMs: { min: 0, max: MAX_RAMP_MS, isWhole: true },
  forMs: { min: 1, max: MAX_FOR_MS, isWhole: true },
  deadband: { min: 0, max: Number.MAX_VALUE },
  everyS: EVERY_S,
} as const;

export interface Stm32DirectConfig {
  configVersion: number;
  name: string;
}

export const directDefaults: Stm32DirectConfig = { configVersion: 1, name: "" };

/** Never exported with a flow. */
export interface Stm32DirectCredentials {
  /** A serial port (`/dev/serial/by-id/...`, `COM3`), or a serial server as `host:port`. */
  line?: string;
}

export const directCredentials = { line: { type: "text" } } as const;

/** What a dialog lets one choose from, and shows of it. */
export interface Offers {
  readonly boards: readonly {
    readonly id: string;
    readonly name: string;
    readonly virtual: boolean;
    readonly channels: readonly (HubChannel & { readonly value?: number | undefined })[];
  }[];
}
