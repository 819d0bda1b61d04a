/** Which ids in a topic a dialog asks for, and what of them is saved. What the runtime did not say leaves them as they were. */
import { isChoice, isFollowerChoice, listOf, wrongIn } from "@skein/palette/editor";
import type { ContractMessage } from "./config";

type Follower = Pick<ContractMessage, "follower">;

/** Whether an id is a follower's, which may be chosen by room; while the contract is not there to say so, it may be one. */
export const mayBeFollowers = (id: string, contract: Follower | undefined): boolean =>
  contract ? contract.follower === id : id === "id" || id === "target";

/** Whether the runtime takes what was chosen for an id; without the contract, whether it could. */
export function fitsId(chosen: unknown, id: string, contract: Follower | undefined): boolean {
  const areFollowers = mayBeFollowers(id, contract);
  const fits = (item: string) =>
    (areFollowers && isFollowerChoice(item)) || (!(areFollowers && contract) && isChoice(item));
  return wrongIn(listOf(chosen), fits).length === 0;
}

/** The node as it was when its dialog opened. */
export interface SavedIds<V> {
  readonly message: string;
  readonly ids: Record<string, V>;
}

/** `messages` is empty until the contract has come, and stays so when it cannot be had. */
export function idsAsked(
  messages: readonly Pick<ContractMessage, "name" | "ids">[],
  chosen: string,
  saved: SavedIds<unknown>,
): readonly string[] {
  if (chosen === "") return [];
  const found = messages.find(({ name }) => name === chosen);
  return found?.ids ?? (chosen === saved.message ? Object.keys(saved.ids) : []);
}

/** `rows` are all that the dialog shows, undefined for one left empty. Where it shows none, it has asked for nothing. */
export function idsToSave<V>(
  rows: ReadonlyMap<string, V | undefined>,
  chosen: string,
  saved: SavedIds<V>,
): Record<string, V> {
  if (rows.size === 0 && chosen === saved.message) return saved.ids;
  return Object.fromEntries([...rows].flatMap(([id, value]) => (value === undefined ? [] : [[id, value]])));
}
