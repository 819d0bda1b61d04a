import { broughtBy, createRouter, hrefTo, partsOf } from "./router";

describe("a place on the page", () => {
  it.each([
    ["", []],
    ["#/", []],
    ["#/followers", ["followers"]],
    ["#/followers/attic/", ["followers", "attic"]],
    ["#/rooms/K%C3%BCche%2F2", ["rooms", "Küche/2"]],
    ["#/50%", ["50%"]],
    ["#main", []],
    ["#setup=abc", []],
  ])("%j is %j", (hash, parts) => expect(partsOf(hash)).toEqual(parts));

  it("is written so that it is read back", () => {
    const parts = ["followers", "Küche/2 #1"];
    expect(partsOf(hrefTo(...parts))).toEqual(parts);
    expect(hrefTo()).toBe("#/");
  });
});

/** A browser that opened the page with this hash, and is sent on to others: both events come then, but for the same address one. */
function browserAt(hash: string, replaced: (address: unknown) => void = () => {}) {
  const listeners: [string, () => void][] = [];
  const location = { hash, pathname: "/house/" };
  const history = {
    replaceState(...[, , address]: unknown[]) {
      if (address === undefined) return;
      location.hash = "";
      replaced(address);
    },
  };
  const addEventListener = (name: string, listener: () => void) => listeners.push([name, listener]);
  return {
    browser: { location, history, addEventListener } as unknown as Window,
    go(to: string, events = ["popstate", "hashchange"]) {
      location.hash = to;
      for (const event of events) for (const [name, listener] of listeners) if (name === event) listener();
    },
  };
}

describe("what a link brings", () => {
  it.each([
    ["#setup=a%2Fb", { setup: "a/b" }],
    ["#token=skein_x", { token: "skein_x" }],
    ["#/setup=a", {}],
    ["#setup=", {}],
  ])("%j brings %j", (hash, brought) => expect(broughtBy(hash)).toEqual(brought));

  it("is taken out of the address at once, at the start and from a page that is open", () => {
    const replaced: unknown[] = [];
    const { browser, go } = browserAt("#setup=secret", (address) => replaced.push(address));
    const router = createRouter(browser);
    expect(router.brought.value).toEqual({ setup: "secret" });
    go("#setup=another");
    expect(router.brought.value).toEqual({ setup: "another" });
    expect(replaced).toEqual(["/house/", "/house/"]);
  });

  it.each([
    ["a way back to a place", "#/followers", ["popstate", "hashchange"]],
    ["a way back to home, whose address is the same", "", ["popstate"]],
  ])("is left by %s", (_way, hash, events) => {
    const { browser, go } = browserAt("");
    const router = createRouter(browser);
    go("#token=skein_x");
    expect(router.brought.value).toEqual({ token: "skein_x" });
    go(hash, events);
    expect(router.brought.value).toEqual({});
  });
});
