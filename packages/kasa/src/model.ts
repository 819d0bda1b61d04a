/** What a device is, how it stands and what may be asked of it: the same words for every family and protocol. */

export interface Span {
  readonly min: number;
  readonly max: number;
}

/** `outlet` is one socket of a power strip: each is a device of its own, the strip itself is none. */
export type DeviceKind = "bulb" | "strip" | "dimmer" | "plug" | "outlet";

/** What can be asked of a device; what is left out of `LightState` and refused in `Change` follows from it. */
export interface Abilities {
  readonly brightness: boolean;
  readonly color: boolean;
  /** The whites it can make, K. */
  readonly kelvin?: Span | undefined;
  /** Names of effects it knows; empty: none. */
  readonly effects: readonly string[];
  /** Whether it fades by itself; otherwise `transitionMs` is made of steps. */
  readonly transition: boolean;
  readonly energy: boolean;
}

export interface DeviceInfo {
  /** `kasa-` and the MAC in lower case without separators; an outlet's ends in `-00`, `-01` ...: it stays through updates and addresses. */
  readonly id: string;
  /** Of an outlet: the strip that it belongs to. */
  readonly parent?: string | undefined;
  readonly kind: DeviceKind;
  /** `iot`: Kasa's older JSON by module; `smart`: the newer one by method. */
  readonly family: "iot" | "smart";
  readonly model: string;
  /** What the device calls itself: set in the maker's app. */
  readonly alias: string;
  /** Upper case, with colons. */
  readonly mac: string;
  readonly firmware: string;
  readonly hardware: string;
  readonly abilities: Abilities;
}

/** As the device last said. Colour, white and effect exclude each other: only what is shown now is there. */
export interface LightState {
  readonly on: boolean;
  /** 1-100 %; of one that is off, what it comes back with. */
  readonly brightness?: number | undefined;
  /** 0-360 degrees. */
  readonly hue?: number | undefined;
  /** 0-100 %. */
  readonly saturation?: number | undefined;
  /** K. */
  readonly kelvin?: number | undefined;
  readonly effect?: string | undefined;
}

/** Absolute; what is left out stays. Setting anything but `on: false` and `effect: null` switches on, as people expect of a light. */
export interface Change {
  readonly on?: boolean | undefined;
  /** 0-100 %; 0 switches off. */
  readonly brightness?: number | undefined;
  readonly hue?: number | undefined;
  readonly saturation?: number | undefined;
  /** Clamped to what the model can. */
  readonly kelvin?: number | undefined;
  /** By name, upper or lower case; null ends one, and changes nothing where none is shown. */
  readonly effect?: string | null | undefined;
  /** How long the change takes, ms; 0-600000. */
  readonly transitionMs?: number | undefined;
}

export interface Energy {
  readonly powerW: number;
  readonly voltageV?: number | undefined;
  readonly currentA?: number | undefined;
  /** Since the device was last reset, kWh. */
  readonly totalKwh?: number | undefined;
}
