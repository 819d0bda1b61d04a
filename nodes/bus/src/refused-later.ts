/**
 * What the broker refuses after the flow was told that it is on its way: it waited for the link, or the broker hung up at it
 * again and again. The bus then tells every node; each takes what it has sent itself.
 */
import type { Bus } from "@skein/bus";
import type { SkeinError } from "@skein/kit";

/** Topics remembered; a flow that makes up topics without end must not fill the memory. */
const MAX_TOPICS = 1000;

export interface Refusals {
  /** Sends; a refusal during that is the caller's error, one after it is told. */
  of<T>(topic: string, send: () => Promise<T>): Promise<T>;
  stop(): void;
}

export function tellRefusals(bus: Bus, tell: (topic: string, error: SkeinError) => void): Refusals {
  const sent = new Set<string>();
  const stop = bus.onRefused(({ action, topic, error }) => {
    if (action === "write" && sent.has(topic)) tell(topic, error);
  });
  return {
    stop,
    async of(topic, send) {
      sent.delete(topic);
      const answer = await send();
      sent.add(topic);
      const [oldest] = sent;
      if (sent.size > MAX_TOPICS && oldest !== undefined) sent.delete(oldest);
      return answer;
    },
  };
}
