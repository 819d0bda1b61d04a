import { filterCovers, filterMatches } from "./topic-filter";

describe("Topic filters", () => {
  it.each([
    ["a/b", "a/b", true],
    ["a/b", "a/b/c", false],
    ["a/b/c", "a/b", false],
    ["a/+/c", "a/b/c", true],
    ["a/+/c", "a//c", true],
    ["a/+", "a/b/c", false],
    ["+", "a", true],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["a/#", "ab", false],
    ["#", "a/b", true],
    ["#", "$SYS/x", false],
    ["+/x", "$SYS/x", false],
    ["$SYS/#", "$SYS/x", true],
    ["/+", "/a", true],
    ["+", "/a", false],
  ])("%s matches %s: %s", (filter, topic, matches) => expect(filterMatches(filter, topic)).toBe(matches));

  it.each([
    ["a/#", "a/b", true],
    ["a/#", "a/+/c", true],
    ["a/#", "a/#", true],
    ["a/#", "a", true],
    ["a/+", "a/+", true],
    ["a/+", "a/#", false],
    ["a/b", "a/+", false],
    ["a/+/c", "a/b/c", true],
    ["a/+/c", "a/b/+", false],
    ["a/#", "#", false],
    ["a/#", "+/b", false],
    ["#", "+/b", true],
    ["#", "$SYS/#", false],
  ])("%s covers %s: %s", (outer, inner, covers) => expect(filterCovers(outer, inner)).toBe(covers));
});
