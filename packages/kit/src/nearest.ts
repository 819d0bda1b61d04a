/** Which known word somebody meant who misspelt it: for a hint in the error that he gets. */
import { distance } from "fastest-levenshtein";

/** In upper or lower case; undefined when all are too far away to have been meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const far = (each: string) => distance(word.toLowerCase(), each.toLowerCase());
  const [near] = known.toSorted((a, b) => far(a) - far(b));
  return near !== undefined && far(near) <= Math.max(1, word.length / 2) ? near : undefined;
}
