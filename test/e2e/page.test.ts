import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../support/browser";
import { always, eventually } from "../support/eventually";
import { fullHouse, verdict } from "../support/fake-home";
import { startFakePageServer, type FakePageServer } from "../support/fake-page-server";

/** The page itself, in a real browser, against a leader that says what we want. What a real leader says is in the other journeys. */
const card = (page: Page, id: string) => page.locator(`[data-follower="${id}"]`);
const words = (page: Page, id: string) => card(page, id).locator(".verdict").innerText();

describe("the page's followers", () => {
  let browser: TestBrowser;
  let leader: FakePageServer;
  let page: Page;
  const open = async (options: Parameters<TestBrowser["open"]>[1] = {}) => {
    page = await browser.open(`${leader.url}/#/followers`, options);
    await page.locator("[data-follower]").first().waitFor();
    return page;
  };

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    leader = await startFakePageServer(fullHouse);
  });
  afterEach(async () => {
    await page?.context().close();
    await leader?.close();
    expect(browser.errors).toEqual([]);
  });

  it("tells each follower's verdict with cause and live times, and no figure that a host does not have", async () => {
    await open();
    expect(await page.locator(".brand").innerText()).toMatch(/The virtual home\s+VIRTUAL HOUSE/);
    expect(await page.locator(".tally").innerText()).toBe(
      "1 of 6 alive · 1 dead · 1 suspect · 1 unknown · 1 left · 1 in maintenance",
    );
    const first = await words(page, "cellar");
    expect(first).toMatch(/^dead, connection died, last beat \d\d s ago$/);
    await eventually(async () => expect(await words(page, "cellar")).not.toBe(first));
    expect(await card(page, "garden").locator(".countdown").innerText()).toMatch(/^dead in \d+ s unless heard$/);
    expect(await card(page, "kitchen").locator(".countdown").innerText()).toBe("over in 50 min");
    expect(await card(page, "attic").locator(".vitals").innerText()).toContain("54 °C");
    expect(await card(page, "hall").locator(".vitals").innerText()).not.toMatch(/Temperature|°C/);
    expect(await card(page, "office").getByText("VIRTUAL").count()).toBe(0);
  });

  it("beats a heart at every beat, and counts from it, whatever the viewer's clock says", async () => {
    leader.offsetMs = -7_200_000;
    leader.house = fullHouse(leader.now());
    leader.change("attic", { verdict: verdict(leader.now(), { lastSeenAt: leader.now() - 300_000 }) });
    await open({ reducedMotion: true });
    expect(await words(page, "attic")).toBe("alive, last beat 5 min ago");
    const heart = card(page, "attic").locator(".heart");
    expect(await heart.getAttribute("data-beats")).toBe("0");
    leader.say("beat", "attic", leader.now());
    await eventually(async () => expect(await heart.getAttribute("data-beats")).toBe("1"));
    expect(await words(page, "attic")).toMatch(/^alive, last beat \d+(\.\d)? s ago$/);
    const animation = await heart.locator(".pulse").evaluate((element) => getComputedStyle(element).animationName);
    expect(animation).toBe("beat-still");
  });

  it("shows unknown unlike dead: other word, other shape, other border, no red", async () => {
    await open();
    const look = (id: string) =>
      card(page, id).evaluate((element) => ({
        word: element.querySelector(".state")?.textContent,
        shape: element.querySelector(".mark path")?.getAttribute("d"),
        border: getComputedStyle(element).borderTopStyle,
        colour: getComputedStyle(element.querySelector(".state") as Element).color,
      }));
    const [dead, unknown] = [await look("cellar"), await look("hall")];
    expect([dead.word, unknown.word]).toEqual(["dead", "unknown"]);
    expect(unknown.shape).not.toBe(dead.shape);
    expect([dead.border, unknown.border]).toEqual(["solid", "dashed"]);
    const [red, green, blue] = (/\d+, \d+, \d+/.exec(unknown.colour)?.[0] ?? "").split(", ").map(Number) as [
      number,
      number,
      number,
    ];
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(24);
  });

  it("tells a screen reader of a changed verdict", async () => {
    await open();
    const log = page.getByRole("log", { name: "Changes" });
    expect(await log.innerText()).toBe("");
    leader.change("attic", {
      verdict: verdict(leader.now(), { state: "suspect", cause: "will", until: leader.now() + 50_000 }),
    });
    await eventually(async () => expect(await log.textContent()).toBe("Attic: suspect, connection died"));
    expect(await card(page, "attic").locator(".countdown").innerText()).toMatch(/^dead in [1-5]\d s unless heard$/);
  });

  it("gives orders by keyboard, and says why one failed", async () => {
    await open();
    await page.getByRole("button", { name: "Pull the plug: Attic" }).focus();
    await page.keyboard.press("Enter");
    await eventually(() => expect(leader.orders).toEqual([{ name: "host", args: ["attic", "pull-plug"] }]));
    leader.answer = { ok: false, code: "FOLLOWER_UNKNOWN", message: "No follower is called attic." };
    await page.getByRole("button", { name: "Maintenance for 1 h: Attic" }).press("Space");
    const alert = card(page, "attic").getByRole("alert");
    await eventually(async () =>
      expect(await alert.innerText()).toMatch(
        /Maintenance for 1 h failed\. No follower is called attic\. FOLLOWER_UNKNOWN/,
      ),
    );
    await page.getByRole("button", { name: "Dismiss: Maintenance for 1 h failed" }).click();
    expect(await alert.innerText()).toBe("");
    leader.answer = { ok: true };
    await page.getByRole("button", { name: "End maintenance: Kitchen" }).click();
    await eventually(() => expect(leader.orders.at(-1)).toEqual({ name: "maintenance", args: ["kitchen", 0] }));
  });

  it("leaves the buttons of a row where they are when one card says why an order failed", async () => {
    await open();
    const top = async (name: string) => (await page.getByRole("button", { name }).boundingBox())?.y;
    const before = await Promise.all(["Crash: Attic", "Crash: Cellar", "Crash: Garden"].map(top));
    leader.answer = { ok: false, code: "BUS_DOWN", message: "there is no connection to the bus." };
    await page.getByRole("button", { name: "Crash: Attic" }).click();
    await card(page, "attic").locator(".failure").waitFor();
    expect(await Promise.all(["Crash: Attic", "Crash: Cellar", "Crash: Garden"].map(top))).toEqual(before);
  });

  it("switches the demo's broker and its random faults, and shows neither in a real house", async () => {
    await open();
    await page.getByRole("button", { name: "Stop broker: the whole house" }).click();
    const faults = page.getByRole("switch", { name: /Random faults/ });
    expect(await faults.getAttribute("aria-checked")).toBe("false");
    await faults.click();
    await eventually(() => expect(leader.orders.at(-1)).toEqual({ name: "randomFaults", args: [true] }));
    expect(leader.orders[0]).toEqual({ name: "broker", args: ["stop"] });
    leader.say("randomFaults", true);
    leader.say("health", { ...leader.house.health, ok: false, broker: "stopped" });
    await page.getByRole("button", { name: "Start broker: the whole house" }).waitFor();
    expect(await faults.getAttribute("aria-checked")).toBe("true");
    expect(await page.locator('[data-part="Broker"]').innerText()).toMatch(/Broker\s+stopped/);
    await page.context().close();
    leader.house = { ...leader.house, demo: false };
    await open();
    expect(await page.getByText(/Random faults|Stop broker|VIRTUAL HOUSE/).count()).toBe(0);
  });

  it("says that it is out of date while the core is stalled: banner with the age, all grey, no button, times stand still", async () => {
    await open();
    const banner = page.locator(".banner-slot");
    expect(await banner.innerText()).toBe("");
    leader.ticking = false;
    await eventually(async () =>
      expect(await banner.innerText()).toMatch(/Out of date: .*\s+Last heard \d+(\.\d)? s ago/),
    );
    const stood = await words(page, "cellar");
    expect(await page.locator("main").evaluate((element) => getComputedStyle(element).filter)).toBe("grayscale(1)");
    expect(await page.getByRole("button", { name: "Crash: Attic" }).isDisabled()).toBe(true);
    const age = await banner.innerText();
    await eventually(async () => expect(await banner.innerText()).not.toBe(age));
    expect(await words(page, "cellar")).toBe(stood);
    leader.ticking = true;
    await eventually(async () => expect(await banner.innerText()).toBe(""));
    expect(await page.getByRole("button", { name: "Crash: Attic" }).isEnabled()).toBe(true);
  });

  it("says so at once when the leader goes, and shows how it is when it is back, by itself", async () => {
    await open();
    const banner = page.locator(".banner-slot");
    await page.evaluate(() => {
      const look = () => {
        const age = document.querySelector(".banner-slot .age")?.textContent;
        if (age && !document.body.dataset["firstAge"]) document.body.dataset["firstAge"] = age;
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
    });
    await leader.vanish();
    await eventually(async () => expect(await banner.innerText()).toMatch(/Out of date/));
    // Not only when nothing has been heard for 3 s: by what the page itself said first, however slow this test looks.
    expect(parseFloat((await page.locator("body").getAttribute("data-first-age")) ?? "")).toBeLessThan(3);
    leader.house = {
      ...leader.house,
      followers: leader.house.followers.map((view) => ({
        ...view,
        verdict: verdict(leader.now(), { cause: "reconnect" }),
      })),
    };
    await leader.back();
    await eventually(async () =>
      expect(await words(page, "cellar")).toMatch(/^alive for 1 h, on a new connection, last beat/),
    );
    expect(await banner.innerText()).toBe("");
  });

  it("begins a page at its top and on its heading, and comes back to where it was left", async () => {
    await open({ width: 390, height: 844, phone: true, locale: "en-GB" });
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const scrolled = () => page.evaluate(() => Math.round(window.scrollY));
    const hall = card(page, "hall").getByRole("link");
    await hall.scrollIntoViewIfNeeded();
    const left = await scrolled();
    expect(left).toBeGreaterThan(100);
    await hall.click();
    // Its script comes late.
    await eventually(async () => expect(await focused()).toBe("Hall"));
    expect(await scrolled()).toBe(0);
    await page.getByRole("link", { name: "1 week" }).click();
    const below = await scrolled();
    await page.locator('[aria-current="true"]').getByText("1 week").waitFor();
    // Another time of the same page.
    expect([await focused(), await scrolled()]).toEqual(["1 week", below]);
    await page.goBack();
    await page.goBack();
    await page.getByRole("heading", { name: "Followers", level: 1 }).waitFor();
    await eventually(async () => expect(await scrolled()).toBe(left));
    expect(await focused()).toBe("Followers");
    await page.goForward();
    await eventually(async () => expect(await scrolled()).toBe(below));
  });

  it("loads itself anew once when a part of it is gone with its release, and then says that it is missing", async () => {
    await open({ noServiceWorker: true, locale: "en-GB" });
    const settings = "**/assets/view-*.js";
    let loaded = 0;
    page.on("load", () => (loaded += 1));
    await page.route(settings, (route) => route.fulfill({ status: 404 }));
    await page.getByRole("link", { name: "Settings" }).click();
    await eventually(() => expect(loaded).toBe(1));
    await page.getByText("This part of the page did not load.").waitFor();
    expect(loaded).toBe(1);
    await page.unroute(settings);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "My account" }).waitFor();
  });

  it("takes a new release's code when the leader comes back as one", async () => {
    await open();
    const loadedAt = await page.evaluate(() => performance.timeOrigin);
    await leader.vanish();
    leader.house = { ...leader.house, version: "0.2.0" };
    await leader.back();
    await eventually(async () => expect(await page.evaluate(() => performance.timeOrigin)).toBeGreaterThan(loadedAt));
    await eventually(async () => expect(await words(page, "attic")).toMatch(/^alive, /));
    const reloadedAt = await page.evaluate(() => performance.timeOrigin);
    leader.say("house", leader.house);
    await always(async () => expect(await page.evaluate(() => performance.timeOrigin)).toBe(reloadedAt), 500);
  });
});
