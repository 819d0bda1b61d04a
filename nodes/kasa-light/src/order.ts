/** What a message asks for, whichever words it used: what payload.ts makes of it, and resolve.ts and carry-out.ts work on. */

/** Points up or down from what is confirmed. */
export interface Relative {
  readonly by: number;
}

/** What is wished of every device; what is left out stays. */
export interface Wish {
  readonly on?: boolean | "toggle";
  /** 0-100 %. */
  readonly brightness?: number | Relative;
  /** 0-360 degrees. */
  readonly hue?: number;
  /** 0-100 %. */
  readonly saturation?: number;
  /** K. */
  readonly kelvin?: number;
  /** By name; null ends one. */
  readonly effect?: string | null;
  readonly transitionMs?: number;
}

export type Order =
  | { readonly does: "set"; readonly wish: Wish }
  | { readonly does: "apply"; readonly scene: string; readonly transitionMs?: number }
  | { readonly does: "save"; readonly scene: string }
  /** Only how it stands. */
  | { readonly does: "report" }
  /** Something that this node does by itself anyhow. */
  | { readonly does: "nothing" };
