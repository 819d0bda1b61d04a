/**
 * Topics and filters as a tree of levels, so that finding the kept messages for a filter, or the subscribers of a topic,
 * costs what is found and not what is stored: with ten thousand followers a scan per subscription would stall the broker.
 * Matching is that of MQTT 3.1.1, 4.7: `+` is one level, `#` the parent and all below, neither matches a first level that begins with `$`.
 */
interface Node<T> {
  readonly children: Map<string, Node<T>>;
  value: T | undefined;
}

const node = <T>(): Node<T> => ({ children: new Map(), value: undefined });

export class TopicTree<T> {
  private readonly root = node<T>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(path: string): T | undefined {
    let here: Node<T> | undefined = this.root;
    for (const level of path.split("/")) here = here?.children.get(level);
    return here?.value;
  }

  set(path: string, value: T): void {
    let here = this.root;
    for (const level of path.split("/")) {
      let next = here.children.get(level);
      if (!next) here.children.set(level, (next = node()));
      here = next;
    }
    if (here.value === undefined) this.count++;
    here.value = value;
  }

  delete(path: string): void {
    const way: { parent: Node<T>; level: string }[] = [];
    let here = this.root;
    for (const level of path.split("/")) {
      const next = here.children.get(level);
      if (!next) return;
      way.push({ parent: here, level });
      here = next;
    }
    if (here.value === undefined) return;
    here.value = undefined;
    this.count--;
    for (const { parent, level } of way.toReversed()) {
      const child = parent.children.get(level);
      if (!child || child.value !== undefined || child.children.size > 0) break;
      parent.children.delete(level);
    }
  }

  /** The tree holds topics: the values of those that `filter` matches. Lazy, so that a value is read when it is asked for. */
  *underFilter(filter: string): Generator<T> {
    yield* below(this.root, filter.split("/"), 0);
  }

  /** The tree holds filters: the values of those that match `topic`. */
  *overTopic(topic: string): Generator<T> {
    yield* above(this.root, topic.split("/"), 0);
  }
}

function* below<T>(here: Node<T>, levels: readonly string[], depth: number): Generator<T> {
  const level = levels[depth];
  if (level === undefined) {
    if (here.value !== undefined) yield here.value;
  } else if (level === "#") {
    yield* everything(here, depth === 0);
  } else if (level === "+") {
    for (const [name, child] of here.children)
      if (depth > 0 || !name.startsWith("$")) yield* below(child, levels, depth + 1);
  } else {
    const child = here.children.get(level);
    if (child) yield* below(child, levels, depth + 1);
  }
}

function* everything<T>(here: Node<T>, first: boolean): Generator<T> {
  if (here.value !== undefined) yield here.value;
  for (const [name, child] of here.children) if (!first || !name.startsWith("$")) yield* everything(child, false);
}

function* above<T>(here: Node<T>, levels: readonly string[], depth: number): Generator<T> {
  const level = levels[depth];
  const wild = depth > 0 || !level?.startsWith("$");
  const rest = wild ? here.children.get("#") : undefined;
  if (rest?.value !== undefined) yield rest.value;
  if (level === undefined) {
    if (here.value !== undefined) yield here.value;
    return;
  }
  const exact = here.children.get(level);
  if (exact) yield* above(exact, levels, depth + 1);
  const one = wild ? here.children.get("+") : undefined;
  if (one) yield* above(one, levels, depth + 1);
}
