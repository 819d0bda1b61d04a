/**
 * Whom an owner chose by typing: ids, patterns (`*` stands for any run of characters), lists of both, `${VAR}`. Both halves of a
 * node import this: what the dialog marks as wrong is what the runtime refuses.
 */

/** A setting that Node-RED takes from the environment: as a whole, or not at all. */
export const VARIABLE = /^\$\{[^{}\s]+\}$/;

/** As the contract has it; the browser has no contracts, so it stands here, and a test holds both together. */
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const PATTERN = /^[a-z0-9*][a-z0-9*-]*$/;

export const isIdText = (text: string): boolean => ID.test(text);

/** Who somebody on the bus may be called. */
export const isIdentity = (text: string): boolean => isIdText(text) && text !== "leader" && text !== "flows";

/** What may stand in a dialog where nothing is the name that we have anyhow. */
export const mayBeIdentity = (text: string): boolean => text === "" || VARIABLE.test(text) || isIdentity(text);

/** Whether it is an id, or a pattern that an id could fit. */
export const isChoice = (text: string): boolean =>
  text.includes("*") ? PATTERN.test(text) && text.replaceAll("*", "").length <= 63 : isIdText(text);

/** The same of followers, of whom none is called `leader` or `flows`. */
export const isFollowerChoice = (text: string): boolean => isChoice(text) && (text.includes("*") || isIdentity(text));

/** What in a dialog's list is wrong already; what a variable holds is known at run time. */
export const wrongIn = (items: readonly string[], fits: (item: string) => boolean): string[] =>
  items.filter((item) => !VARIABLE.test(item) && !fits(item));

/** A setting as a list: as the dialog saves it, as a hand wrote it into a flow file, or out of a variable that holds several. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listOf);
  if (typeof value !== "string" && typeof value !== "number") return [];
  return String(value)
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Nothing chosen is everybody. */
export function matcher(patterns: readonly string[]): (id: string) => boolean {
  const wanted = listOf(patterns);
  if (wanted.length === 0) return () => true;
  const expression = new RegExp(`^(?:${wanted.map(toExpression).join("|")})$`);
  return (id) => expression.test(id);
}

const toExpression = (pattern: string): string =>
  pattern
    .split(/\*+/)
    .map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
