/** Figures as the page writes them. */

/** 12.4 -> "12 %", 0.4 -> "0.4 %": below ten the tenth says something. */
export const percentOf = (percent: number): string => `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`;

/** Bytes in binary units, as people say a board's memory; in the unit of `like`, and then without naming it. */
export function bytesOf(bytes: number, like?: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, like ?? bytes)) / 10)));
  const value = bytes / 1024 ** step;
  const text = step >= 3 ? value.toFixed(1) : Math.round(value).toString();
  return like === undefined ? `${text} ${units[step] ?? ""}` : text;
}

/** "8 of 8 alive", and then how many of each other state, worst first. */
export function tally(states: readonly string[], words: Readonly<Record<string, string>>): string {
  if (states.length === 0) return "no follower yet";
  const count = (state: string) => states.filter((each) => each === state).length;
  const others = ["dead", "suspect", "unknown", "left", "maintenance", "joining"].filter((state) => count(state) > 0);
  return [
    `${count("alive")} of ${states.length} alive`,
    ...others.map((state) => `${count(state)} ${words[state] ?? state}`),
  ].join(" · ");
}
