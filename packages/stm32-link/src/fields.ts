/**
 * What a field of a message may be, so that the one table (messages.ts) yields the TypeScript types, the checks at both ends and the C header.
 * On the wire a message is a CBOR map (RFC 8949) from small integers to these; a board needs no more of CBOR than that.
 */
export type FieldKind = "u8" | "u16" | "u32" | "number" | "flag" | "text" | "bytes";

export interface Field<K extends FieldKind = FieldKind, O extends boolean = boolean> {
  /** The map's key on the wire; never given to another field later. */
  readonly key: number;
  readonly kind: K;
  readonly optional: O;
  /** Most bytes of a text or of bytes. */
  readonly most?: number;
  /** What it means, with its unit; goes into the specification and the header. */
  readonly says: string;
}

interface Values {
  u8: number;
  u16: number;
  u32: number;
  /** An integer or a single-precision float. */
  number: number;
  flag: boolean;
  text: string;
  bytes: Uint8Array;
}

type Fields = Readonly<Record<string, Field>>;
type Optional<F extends Fields> = { [N in keyof F]: F[N]["optional"] extends true ? N : never }[keyof F];
/** A message's body in TypeScript. */
export type Body<F extends Fields> = {
  readonly [N in Exclude<keyof F, Optional<F>>]: Values[F[N]["kind"]];
} & { readonly [N in Optional<F>]?: Values[F[N]["kind"]] | undefined };

const field =
  <K extends FieldKind>(kind: K) =>
  (key: number, says: string, most?: number): Field<K, false> => ({
    key,
    kind,
    optional: false,
    says,
    ...(most !== undefined && { most }),
  });

export const u8 = field("u8");
export const u16 = field("u16");
export const u32 = field("u32");
export const number = field("number");
export const flag = field("flag");
export const text = field("text");
export const bytes = field("bytes");
export const optional = <K extends FieldKind>(of: Field<K>): Field<K, true> => ({ ...of, optional: true });

const LARGEST = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff } as const;

/** What is wrong with a value for this field; undefined when nothing is. */
export function flawOf({ kind, most }: Field, value: unknown): string | undefined {
  switch (kind) {
    case "u8":
    case "u16":
    case "u32":
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST[kind]
        ? undefined
        : `is no whole number from 0 to ${LARGEST[kind]}`;
    case "number":
      return Number.isFinite(value) && Math.abs(value as number) <= 3.4e38 ? undefined : "is no number";
    case "flag":
      return typeof value === "boolean" ? undefined : "is neither true nor false";
    case "text":
      if (typeof value !== "string") return "is no text";
      return Buffer.byteLength(value) <= (most ?? 0) ? undefined : `has more than ${most} bytes`;
    case "bytes":
      if (!(value instanceof Uint8Array)) return "is no bytes";
      return value.length <= (most ?? 0) ? undefined : `has more than ${most} bytes`;
  }
}
