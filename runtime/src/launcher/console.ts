/** What the launcher says to the person in front of it: steps with their seconds, then addresses; errors as one line. */
export interface Console {
  /** "broker up 0.4 s" */
  step(text: string, sinceMs?: number): void;
  line(text: string): void;
  /** A mishap of a part; the same one again and again is said once a while. */
  mishap(text: string): void;
}

const REPEAT_MS = 10_000;

/** `now`: monotonic ms, for the seconds and for what is said again too soon. */
export function createConsole(
  out: NodeJS.WritableStream = process.stdout,
  now: () => number = () => performance.now(),
): Console {
  const said = new Map<string, number>();
  const line = (text: string) => void out.write(`${text}\n`);
  return {
    line,
    step: (text, sinceMs) =>
      line(`  ${sinceMs === undefined ? text : `${text} ${((now() - sinceMs) / 1000).toFixed(1)} s`}`),
    mishap(text) {
      const last = said.get(text);
      if (last !== undefined && now() - last < REPEAT_MS) return;
      if (said.size > 200) said.clear();
      said.set(text, now());
      line(`! ${text}`);
    },
  };
}
