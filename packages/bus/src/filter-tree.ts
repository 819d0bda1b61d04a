/**
 * MQTT topic filters: `+` is one level, `#` is the rest (MQTT 3.1.1, 4.7). The leader hears thousands of messages a second,
 * so who gets one is looked up level by level and remembered by topic; no list of listeners is ever scanned.
 */

interface Level<T> {
  readonly children: Map<string, Level<T>>;
  /** What ends here. */
  readonly here: Set<T>;
  /** What ends here with a `#`. */
  readonly rest: Set<T>;
}

const level = <T>(): Level<T> => ({ children: new Map(), here: new Set(), rest: new Set() });

export class FilterTree<T> {
  private readonly root = level<T>();

  add(filter: string, value: T): void {
    this.end(filter).add(value);
  }

  delete(filter: string, value: T): void {
    this.end(filter).delete(value);
    this.prune(this.root, filter.split("/"), 0);
  }

  /** Every value whose filter matches, each once. */
  match(topic: string): T[] {
    const found = new Set<T>();
    // [MQTT-4.7.2-1] A wildcard at the first level does not match topics that begin with $.
    this.collect(this.root, topic.split("/"), 0, topic.startsWith("$"), found);
    return [...found];
  }

  private end(filter: string): Set<T> {
    let here = this.root;
    for (const name of filter.split("/")) {
      if (name === "#") return here.rest;
      let next = here.children.get(name);
      if (!next) here.children.set(name, (next = level()));
      here = next;
    }
    return here.here;
  }

  private collect(here: Level<T>, names: string[], depth: number, noWildcard: boolean, found: Set<T>): void {
    if (!noWildcard) for (const value of here.rest) found.add(value);
    const name = names[depth];
    if (name === undefined) {
      for (const value of here.here) found.add(value);
      return;
    }
    const exact = here.children.get(name);
    if (exact) this.collect(exact, names, depth + 1, false, found);
    const any = noWildcard ? undefined : here.children.get("+");
    if (any) this.collect(any, names, depth + 1, false, found);
  }

  private prune(here: Level<T>, names: string[], depth: number): boolean {
    const name = names[depth];
    const next = name === undefined || name === "#" ? undefined : here.children.get(name);
    if (next && this.prune(next, names, depth + 1)) here.children.delete(name as string);
    return here.children.size === 0 && here.here.size === 0 && here.rest.size === 0;
  }
}

/** As the house's own broker has it; it hangs up on more. */
const MAX_LEVELS = 32;
const fits = (topic: string): boolean =>
  topic.length > 0 && topic.length <= 1024 && !topic.includes("\0") && topic.split("/").length <= MAX_LEVELS;

/** A filter that MQTT allows: wildcards alone in their level, `#` last. */
export const isFilter = (filter: string): boolean =>
  fits(filter) &&
  filter
    .split("/")
    .every((name, index, all) => (name === "#" ? index === all.length - 1 : name === "+" || !/[+#]/.test(name)));

/** A topic that may be written: no wildcards. */
export const isTopic = (topic: string): boolean => fits(topic) && !/[+#]/.test(topic);
