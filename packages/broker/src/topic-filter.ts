/** Whether a filter matches a topic, and whether one filter matches all that another one can: MQTT 3.1.1, 4.7. */

export function filterMatches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && !filter.startsWith("$")) return false;
  return covers(filter.split("/"), topic.split("/"));
}

/** True when whatever `inner` matches, `outer` matches too: a subscription to `inner` reveals nothing beyond `outer`. */
export function filterCovers(outer: string, inner: string): boolean {
  if (inner.startsWith("$") && !outer.startsWith("$")) return false;
  return covers(outer.split("/"), inner.split("/"));
}

function covers(outer: readonly string[], inner: readonly string[]): boolean {
  for (const [index, level] of outer.entries()) {
    if (level === "#") return true;
    const other = inner[index];
    // [MQTT-4.7.1-2] `#` is the parent too: a/# matches a.
    if (other === undefined || other === "#") return false;
    if (level !== "+" && level !== other) return false;
  }
  return inner.length === outer.length;
}
