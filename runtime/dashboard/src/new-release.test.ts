import { mayReload } from "./new-release";

it("loads a page anew once a release, and never where that cannot be noted", () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  expect(["a", "a", "b", "b"].map((release) => mayReload(storage, release))).toEqual([true, false, true, false]);
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  expect(mayReload(forbidden, "a")).toBe(false);
});
