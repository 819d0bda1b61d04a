/**
 * What flows send to the node `kasa` of node-red-contrib-tplink, so that they move over. Read in nodes/kasa.js and nodes/kasa.html
 * of it, as its fork y8s/node-red-contrib-tplink-plus keeps them, and in its README; what its forerunner took as texts
 * (`brightness:25`) as well. The README of this package has the table.
 */
import { SkeinError } from "@skein/kit";
import type { Order } from "./order";

const notTakenOver = (what: string, hint: string): SkeinError =>
  new SkeinError("PAYLOAD_NOT_TAKEN_OVER", `${what} of node-red-contrib-tplink is not there.`, { hint });

const MEASURED = "What devices use is measured by the leader and shown on its page.";

/**
 * Commands and events of it: a text, several parted by `|`, or a list. How it stands is told once, however often it is asked for; events begin
 * by themselves, since changes come out of the second output anyhow. Undefined for what is none of these.
 * @throws SkeinError PAYLOAD_NOT_TAKEN_OVER
 */
export function orderOfCommands(given: unknown): Order | undefined {
  const names: unknown[] = typeof given === "string" ? given.split("|") : Array.isArray(given) ? given : [];
  const orders = names.map((name) => (typeof name === "string" ? orderOfCommand(name.trim()) : undefined));
  if (orders.length === 0 || orders.includes(undefined)) return undefined;
  return orders.find((order) => order?.does === "report") ?? { does: "nothing" };
}

function orderOfCommand(text: string): Order | undefined {
  if (/^get(Quick)?Info$/i.test(text)) return { does: "report" };
  if (/^(getMeterInfo|eraseStats|(start|get)Meter\w*Events)$/i.test(text)) throw notTakenOver(text, MEASURED);
  if (/^getCloudInfo$/i.test(text)) throw notTakenOver(text, "Nothing here speaks with the maker's cloud.");
  return /^((start|stop|get)\w*Events|clearEvents)$/i.test(text) ? { does: "nothing" } : undefined;
}

/** `brightness:25` as an object; undefined for any other text. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  const [, name, value] = /^(brightness|temperature):(.+)$/i.exec(text) ?? [];
  return name && value ? inOurWords({ [name.toLowerCase()]: value.trim() }) : undefined;
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
