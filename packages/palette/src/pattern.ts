/**
 * Whom an owner chose by typing: ids, patterns (`*` stands for any run of characters), rooms, lists of these, `${VAR}`. Both
 * halves of a node import this: what the dialog marks as wrong is what the runtime refuses.
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

const ROOM = "room:";

/** `room:kitchen` is whoever stands in the kitchen. */
export const roomChoice = (room: string): string => `${ROOM}${room}`;

/** The room that a choice names, if it names one. */
export const roomIn = (choice: string): string | undefined =>
  choice.startsWith(ROOM) ? choice.slice(ROOM.length) : undefined;

const GROUP = "group:";

/** `group:movie` is whatever belongs to the group. */
export const groupChoice = (group: string): string => `${GROUP}${group}`;

/** The group that a choice names, if it names one. */
export const groupIn = (choice: string): string | undefined =>
  choice.startsWith(GROUP) ? choice.slice(GROUP.length) : undefined;

/** Whether it names a device, or those of a room or a group. */
export const isDeviceChoice = (text: string): boolean => isIdText(roomIn(text) ?? groupIn(text) ?? text);

/** The same of followers, of whom none is called `leader` or `flows`, and who may be chosen by their room. */
export function isFollowerChoice(text: string): boolean {
  const room = roomIn(text);
  if (room !== undefined) return isIdText(room);
  return isChoice(text) && (text.includes("*") || isIdentity(text));
}

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

/** Nothing chosen is everybody. `roomOf` is asked at each question: somebody may have moved since. */
export function matcher(
  patterns: readonly string[],
  roomOf: (id: string) => string | undefined = () => undefined,
): (id: string) => boolean {
  const wanted = listOf(patterns);
  if (wanted.length === 0) return () => true;
  const rooms = new Set(wanted.flatMap((item) => roomIn(item) ?? []));
  const named = wanted.filter((item) => roomIn(item) === undefined);
  const expression = new RegExp(`^(?:${named.map(toExpression).join("|")})$`);
  return (id) => expression.test(id) || (rooms.size > 0 && rooms.has(roomOf(id) ?? ""));
}

const toExpression = (pattern: string): string =>
  pattern
    .split(/\*+/)
    .map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
