/** MQTT topic filters: `+` is one level, `#` the parent and all below, neither matches a first level that begins with `$` (MQTT 3.1.1, 4.7). */

/** Whether a filter matches a topic. */
export function filterMatches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  return levelsCover(filter, topic);
}

/** True when whatever `inner` matches, `outer` matches too: a subscription to `inner` reveals nothing beyond `outer`. */
export function filterCovers(outer: string, inner: string): boolean {
  return levelsCover(outer, inner);
}

function levelsCover(outer: string, inner: string): boolean {
  // [MQTT-4.7.2-1]
  if (inner.startsWith("$") && !outer.startsWith("$")) return false;
  const wanted = outer.split("/");
  const given = inner.split("/");
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return true;
    const other = given[index];
    if (other === undefined || other === "#") return false;
    if (level !== "+" && level !== other) return false;
  }
  return given.length === wanted.length;
}
