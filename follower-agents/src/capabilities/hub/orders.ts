/** Carries a command of the bus out on a board. */
import type { HubCommand, HubReached } from "@skein/contracts";
import { SkeinError, type Clock } from "@skein/kit";
import { faultName, settings, type Channel, type HubLink } from "@skein/stm32-link";

export interface OrderParts {
  readonly link: HubLink;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
}

/** @throws SkeinError CHANNEL_UNKNOWN, HUB_REFUSED and what else the link throws */
export async function carryOut(order: HubCommand, { link, channels, clock }: OrderParts): Promise<HubReached> {
  const since = clock.monotonic();
  const known = (id: number): Channel => {
    const channel = channels.find((each) => each.id === id);
    if (channel) return channel;
    throw new SkeinError("CHANNEL_UNKNOWN", `the board has no channel ${id}.`, {
      hint: `It has: ${channels.map((each) => `${each.id} (${each.name})`).join(", ")}.`,
    });
  };
  const reached = async (ids: readonly number[]): Promise<HubReached> => {
    const ms = clock.monotonic() - since;
    const now = [];
    for (const id of new Set(ids)) {
      const { value, fault } = await link.ask("read", { channel: id });
      now.push({
        channel: id,
        ...(value !== undefined && { value }),
        ...(fault !== undefined && { fault: faultName(fault) }),
      });
    }
    return { channels: now, ms };
  };
  switch (order.action) {
    case "set":
      // All are looked at before the first is driven.
      for (const { channel, value } of order.changes) checkValue(known(channel), value);
      for (const change of order.changes) await link.ask("set", change);
      return reached(order.changes.map(({ channel }) => channel));
    case "arm":
      await link.ask("arm", { armed: order.armed });
      return reached([]);
    case "safe":
      await link.ask("safe", {}, true);
      return reached(channels.filter(({ driven }) => driven).map(({ id }) => id));
    case "read":
      return reached([known(order.channel).id]);
    case "watch":
      await link.ask("watch", { channel: known(order.channel).id, everyMs: order.everyMs, deadband: order.deadband });
      return reached([]);
    case "setting": {
      const { value } = order;
      await link.ask("setting", {
        channel: known(order.channel).id,
        setting: settings[order.setting][0],
        ...(typeof value === "string" && { text: value }),
        ...(typeof value === "number" && { value }),
      });
      return reached([order.channel]);
    }
  }
}

function checkValue({ name, driven, min, max, unit }: Channel, value: number): void {
  if (!driven) throw new SkeinError("CHANNEL_NOT_DRIVEN", `"${name}" is read and cannot be driven.`);
  if (value < min || value > max)
    throw new SkeinError(
      "CHANNEL_OUT_OF_RANGE",
      `"${name}" takes ${min} to ${max}${unit ? ` ${unit}` : ""}, not ${value}.`,
    );
}
