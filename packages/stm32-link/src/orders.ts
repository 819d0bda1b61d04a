/** Carries an order to a board out, as the house's bus words it (contracts/hub.ts): for a bridge, and for a Node-RED with a line of its own. */
import type { HubChannelState, HubCommand, HubReached } from "@skein/contracts";
import { SkeinError, type Clock } from "@skein/kit";
import type { Channel } from "./description";
import type { HubLink } from "./link";
import { faultName, settings, type BodyOf } from "./messages";

export interface OrderParts {
  readonly ask: HubLink["ask"];
  readonly channels: readonly Channel[];
  readonly clock: Pick<Clock, "monotonic">;
  /** Where a channel was found to stand meanwhile. */
  readonly heard?: (sample: BodyOf<"sample">) => void;
}

/** @throws SkeinError CHANNEL_UNKNOWN, CHANNEL_NOT_DRIVEN, CHANNEL_OUT_OF_RANGE, and what the link throws */
export async function carryOut(order: HubCommand, { ask, channels, clock, heard }: OrderParts): Promise<HubReached> {
  const since = clock.monotonic();
  const known = (id: number): Channel => {
    const channel = channels.find((each) => each.id === id);
    if (channel) return channel;
    throw new SkeinError("CHANNEL_UNKNOWN", `the board has no channel ${id}.`, {
      hint: `It has: ${channels.map((each) => `${each.id} (${each.name})`).join(", ")}.`,
    });
  };
  /** With how long the board took to say yes to the order itself. */
  const standing = async (ids: readonly number[]): Promise<HubReached> => {
    const ms = clock.monotonic() - since;
    const now: HubReached["channels"] = [];
    for (const channel of new Set(ids)) {
      const sample = await ask("read", { channel });
      heard?.(sample);
      const { at: _, ...stands } = stateOf(sample, 0);
      now.push({ channel, ...stands });
    }
    return { channels: now, ms };
  };
  switch (order.action) {
    case "set":
      // All are looked at before the first is driven.
      for (const { channel, value } of order.changes) checkValue(known(channel), value);
      for (const change of order.changes) await ask("set", change);
      return standing(order.changes.map(({ channel }) => channel));
    case "arm":
      await ask("arm", { armed: order.armed }, !order.armed);
      return standing([]);
    case "safe":
      await ask("safe", {}, true);
      return standing(channels.filter(({ driven }) => driven).map(({ id }) => id));
    case "read":
      return standing([known(order.channel).id]);
    case "watch":
      await ask("watch", { channel: known(order.channel).id, everyMs: order.everyMs, deadband: order.deadband });
      return standing([]);
    case "setting": {
      const { value } = order;
      await ask("setting", {
        channel: known(order.channel).id,
        setting: settings[order.setting][0],
        ...(typeof value === "string" && { text: value }),
        ...(typeof value === "number" && { value }),
      });
      return standing([order.channel]);
    }
  }
}

/** A board's sample in the bus's words. @param at when it was heard, ms */
export const stateOf = ({ value, fault }: Pick<BodyOf<"sample">, "value" | "fault">, at: number): HubChannelState => ({
  ...(value !== undefined && { value }),
  ...(fault !== undefined && { fault: faultName(fault) }),
  at,
});

function checkValue({ name, driven, min, max, unit }: Channel, value: number): void {
  if (!driven) throw new SkeinError("CHANNEL_NOT_DRIVEN", `"${name}" is read and cannot be driven.`);
  // Boards count in single precision, where 3.3 is a little less.
  const single = Math.fround(value);
  if (single < Math.fround(min) || single > Math.fround(max))
    throw new SkeinError(
      "CHANNEL_OUT_OF_RANGE",
      `"${name}" takes ${min} to ${max}${unit ? ` ${unit}` : ""}, not ${value}.`,
    );
}
