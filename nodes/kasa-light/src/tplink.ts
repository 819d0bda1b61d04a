/**
 * What flows send to the node `kasa` of node-red-contrib-tplink, so that they move over. Read in nodes/kasa.js and nodes/kasa.html
 * of it, as its fork y8s/node-red-contrib-tplink-plus keeps them, and in its README; what its forerunner took as texts
 * (`brightness:25`) as well. The README of this package has the table.
 */
import { SkeinError } from "@skein/kit";
import type { Order } from "./order";

const notTakenOver = (what: string, hint: string): SkeinError =>
  new SkeinError("PAYLOAD_NOT_TAKEN_OVER", `${what} of node-red-contrib-tplink is not there.`, { hint });

/** A text that is a command or an event there; undefined for any other. @throws SkeinError PAYLOAD_NOT_TAKEN_OVER */
export function orderOfCommand(text: string): Order | undefined {
  if (/^get(Quick)?Info$/i.test(text)) return { does: "report" };
  if (/^(getMeterInfo|eraseStats)$/i.test(text))
    throw notTakenOver(text, "What devices use is measured by the leader and shown on its page.");
  if (/^getCloudInfo$/i.test(text)) throw notTakenOver(text, "Nothing here speaks with the maker's cloud.");
  return eventsOf(text);
}

/** `brightness:25` as an object; undefined for any other text. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  const [, name, value] = /^(brightness|temperature):(.+)$/i.exec(text) ?? [];
  return name && value ? inOurWords({ [name.toLowerCase()]: value.trim() }) : undefined;
}

const EVENTS = /^((start|stop|get)\w*Events|clearEvents)$/i;

/** Events begun or ended (`"startPowerEvents|startOnlineEvents"`, a list of them): changes come out of the second output anyhow. */
export function eventsOf(given: unknown): Order | undefined {
  const names: unknown[] = typeof given === "string" ? given.split("|") : Array.isArray(given) ? given : [];
  if (names.length === 0 || !names.every((name) => typeof name === "string" && EVENTS.test(name.trim())))
    return undefined;
  if (names.some((name) => /^(start|get)Meter/i.test(String(name).trim())))
    throw notTakenOver(names.join("|"), "What devices use is measured by the leader and shown on its page.");
  return { does: "nothing" };
}

/** `{state, temperature, hsb}` in our words. @throws SkeinError PAYLOAD_NOT_TAKEN_OVER */
export function inOurWords(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (given["plug"] !== undefined)
    throw notTakenOver("plug", "Each outlet of a power strip is a device of its own: choose it as the target.");
  if (given["led"] !== undefined) throw notTakenOver("led", "Set a device's status light in the maker's app.");
  const { state, temperature, hsb, ...ours } = given;
  return {
    ...(typeof hsb === "object" ? hsb : {}),
    ...(state === undefined ? {} : { on: state }),
    ...(temperature === undefined ? {} : { kelvin: temperature }),
    ...ours,
  };
}
