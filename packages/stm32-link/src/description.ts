/** What channels a board has, asked once for each description and remembered by its CRC. */
import { crc32 } from "crc";
import { SkeinError } from "@skein/kit";
import type { Exchange } from "./exchange";
import { channelFlags, type BodyOf } from "./messages";

/** A channel as people and the editor see it; units and ranges are the board's own. */
export interface Channel {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly driven: boolean;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly safe: number;
  /** Longest time away from the safe value after one order, ms; 0: no limit. */
  readonly maxMs: number;
  readonly needsArm: boolean;
  readonly canRamp: boolean;
  readonly canCalibrate: boolean;
}

/** Kept by whoever likes: in memory, on a disk. */
export interface DescriptionCache {
  get(crc: number): readonly Channel[] | undefined;
  set(crc: number, channels: readonly Channel[]): void;
}

/**
 * CRC-32 (ISO-HDLC) over the bodies of all DESC. In one go: npm's crc takes a CRC of 0 so far for another start, and comes to
 * another CRC then than everybody else.
 */
export const crcOfDescriptions = (bodies: readonly Uint8Array[]): number => crc32(Buffer.concat(bodies));

/** @throws SkeinError HUB_DESCRIPTION_DAMAGED, and what asking throws */
export async function describe(
  exchange: Exchange,
  { channels: count, descriptionCrc }: BodyOf<"hello">,
  cache: DescriptionCache,
): Promise<readonly Channel[]> {
  const known = cache.get(descriptionCrc);
  if (known) return known;
  const channels: Channel[] = [];
  const said: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const { body, bytes } = await exchange.ask("descReq", { index });
    if (body.index !== index)
      throw new SkeinError("HUB_DESCRIPTION_DAMAGED", `the board described channel ${body.index} for ${index}.`);
    said.push(bytes);
    channels.push(channelOf(body));
  }
  if (crcOfDescriptions(said) !== descriptionCrc || new Set(channels.map(({ id }) => id)).size !== count)
    throw new SkeinError(
      "HUB_DESCRIPTION_DAMAGED",
      "the board's description of its channels is not what its CRC says.",
      { hint: "It is asked for anew; when that does not help, its firmware is at fault." },
    );
  cache.set(descriptionCrc, channels);
  return channels;
}

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;

const channelOf = (said: BodyOf<"desc">): Channel => ({
  id: said.channel,
  name: said.name,
  kind: said.kind,
  driven: said.direction === 1,
  unit: said.unit,
  min: said.min,
  max: said.max,
  step: said.step,
  safe: said.safe,
  maxMs: said.maxMs,
  needsArm: has(said.flags, channelFlags.arm[0]),
  canRamp: has(said.flags, channelFlags.ramp[0]),
  canCalibrate: has(said.flags, channelFlags.calibrate[0]),
});
