import { FilterTree, isFilter, isTopic } from "./filter-tree";

test.each([
  ["a/b", "a/b", true],
  ["a/b", "a", false],
  ["a/+", "a/b", true],
  ["a/+", "a/b/c", false],
  ["a/+/c", "a/b/c", true],
  ["+/b", "a/b", true],
  ["a/#", "a/b/c", true],
  ["a/#", "a", true],
  ["#", "a/b", true],
  ["#", "$SYS/x", false],
  ["+/x", "$SYS/x", false],
  ["$SYS/#", "$SYS/x", true],
  ["a/+", "a/", true],
  ["+", "", true],
])("%p on %p: %p (MQTT 3.1.1, 4.7)", (filter, topic, matches) => {
  const tree = new FilterTree<true>();
  tree.add(filter, true);
  expect(tree.match(topic).length > 0).toBe(matches);
});

test("the tree finds each listener once, and forgets those who left", () => {
  const tree = new FilterTree<string>();
  for (const filter of ["a/+", "a/b", "#", "a/b/c"]) tree.add(filter, filter);
  tree.add("a/#", "a/+");
  expect(tree.match("a/b").toSorted()).toEqual(["#", "a/+", "a/b"]);
  tree.delete("a/b", "a/b");
  tree.delete("#", "#");
  expect(tree.match("a/b")).toEqual(["a/+"]);
  expect(tree.match("a/b/c").toSorted()).toEqual(["a/+", "a/b/c"]);
});

test.each(["", "a/#/b", "a+", "a/b#", "\0"])("%p is no filter", (filter) => expect(isFilter(filter)).toBe(false));
test.each(["#", "+", "a/+/#", "a//b"])("%p is a filter", (filter) => expect(isFilter(filter)).toBe(true));
test.each(["", "a/+", "#"])("%p is no topic", (topic) => expect(isTopic(topic)).toBe(false));
