/**
 * When a reading is worth a message. Channels' states are kept: a node hears them again after a redeploy, a reconnection, a restart of
 * broker or bridge, and none of that is a change. The first that is known of a channel is the base to compare with; a change is what
 * differs from what was told last by the deadband at least, or that it cannot be measured any more, or again.
 */
import type { HubChannelState } from "@skein/contracts";
import type { HeardReading } from "./hub-desk";

export interface Teller {
  /** Whether it is a change; then it counts as told. */
  weigh(heard: HeardReading): boolean;
  /** It was told for another reason: asked for, or as the first. */
  told(board: string, channel: number, reading: HubChannelState): void;
}

/** @param deadband in the channel's unit; 0: any difference is a change */
export function createTeller(deadband: number): Teller {
  const last = new Map<string, HubChannelState>();
  const keyOf = (board: string, channel: number) => `${board}/${channel}`;
  return {
    weigh({ board, channel, reading, before, replayed }) {
      const key = keyOf(board, channel);
      if (!isKnown(reading)) return false;
      const base = last.get(key) ?? (before && isKnown(before) ? before : undefined);
      if (!base) {
        last.set(key, reading);
        return false;
      }
      // Remembered before a change in between does not make the last one known.
      last.set(key, base);
      if ((replayed && reading.at <= base.at) || isSame(base, reading, deadband)) return false;
      last.set(key, reading);
      return true;
    },
    told: (board, channel, reading) => void last.set(keyOf(board, channel), reading),
  };
}

/** A board that has just begun has neither measured nor failed. */
export const isKnown = ({ value, fault }: HubChannelState): boolean => value !== undefined || fault !== undefined;

function isSame(base: HubChannelState, now: HubChannelState, deadband: number): boolean {
  if (base.value === undefined || now.value === undefined) return base.value === now.value && base.fault === now.fault;
  const difference = Math.abs(now.value - base.value);
  return difference === 0 || difference < deadband;
}
