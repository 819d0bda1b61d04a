import type { Page } from "playwright-core";
import { seriousFlaws } from "../support/accessible";
import { startBrowser, type TestBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { fullHouse, furnish } from "../support/fake-home";
import { startFakePageServer, type FakePageServer } from "../support/fake-page-server";
import { event, givePast } from "../support/fake-past";

/** What was: a follower's figures, what happened, what the flows were; on a phone in light English and on a desk in dark German. */
const PHONE = { width: 390, height: 844, phone: true, locale: "en-GB" } as const;
const DESK = { width: 1280, height: 900, dark: true, locale: "de-DE" } as const;

describe("the page's past", () => {
  let browser: TestBrowser;
  let leader: FakePageServer;
  let page: Page;
  const shot = async (name: string) => {
    const folder = process.env["SKEIN_SHOTS"];
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };
  const open = async (place: string, options: Parameters<TestBrowser["open"]>[1]) => {
    page = await browser.open(`${leader.url}/${place}`, options);
    return page;
  };
  const fits = async () => {
    expect(await seriousFlaws(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  };

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    expect(browser?.errors).toEqual([]);
  });
  const begin = async () => {
    leader = await startFakePageServer(fullHouse);
    furnish(leader.api, leader.now());
    givePast(leader.api, leader.now());
  };
  const end = async () => {
    await page?.context().close();
    await leader?.close();
  };

  describe.each([
    ["phone", PHONE, 1],
    ["desk", DESK, 2],
  ] as const)("on a %s", (device, options, words) => {
    beforeAll(async () => {
      await begin();
      await open("", options);
    });
    afterAll(end);
    it.each([
      [
        "#/followers/attic",
        "figures",
        /What the leader believed[^]*CPU[^]*soilMoisture/,
        /Was der Leader glaubte[^]*Messwerte/,
      ],
      ["#/events", "events", /3 followers were lost[^]*dead, connection died/, /Attic: tot, Verbindung abgerissen/],
      ["#/flows", "flows", /running code[^]*Softer light/, /Code ausführen[^]*läuft jetzt/],
      ["#/flows/s1/s2", "diff", /Before[^]*After[^]*fade in/, /Vorher[^]*Nachher[^]*hinzugefügt/],
    ] as const)("%s is there, fits, and is accessible", async (...place) => {
      await page.evaluate((hash) => (window.location.hash = hash), place[0]);
      await eventually(async () => expect(await page.locator("main").innerText()).toMatch(place[words + 1]!));
      if (place[1] === "figures") await page.locator(".u-over").nth(6).waitFor({ state: "attached" });
      await fits();
      await shot(`${place[1]}-${device}`);
    });
  });

  describe("in use", () => {
    beforeEach(begin);
    afterEach(end);

    it("says that there is no such snapshot, asks the leader for none, and lets another be chosen", async () => {
      let asked = 0;
      leader.api.answers["snapshots/x"] = () => (asked += 1);
      await open("#/flows/x/y", PHONE);
      await page.getByText("There is no such snapshot").waitFor();
      expect(asked).toBe(0);
      const [from, to] = [page.getByLabel("From"), page.getByLabel("To")];
      expect(await from.locator("option:checked").innerText()).toBe("No such snapshot");
      await from.selectOption("s1");
      await to.selectOption("s2");
      await page.getByText("fade in").first().waitFor();
      expect(await page.getByText("There is no such snapshot").count()).toBe(0);
    });

    it("reads a graph point by point with the arrow keys, and as a table", async () => {
      await open("#/followers/attic", DESK);
      const graph = page.locator('[data-graph="temperature"]');
      await graph.locator(".u-over").waitFor({ state: "attached" });
      await graph.locator(".graph-field").focus();
      await page.keyboard.press("End");
      const said = graph.getByRole("status");
      await eventually(async () =>
        expect(await said.innerText()).toMatch(/^\d\d:\d\d:\d\d, heißester Fühler 5\d,\d °C$/),
      );
      const last = await said.innerText();
      await page.keyboard.press("ArrowLeft");
      await eventually(async () => expect(await said.innerText()).not.toBe(last));
      await graph.getByText("Als Tabelle").click();
      await eventually(async () => expect(await graph.getByRole("row").count()).toBeGreaterThan(20));
    });

    it("asks for what came since when the follower reports, and for another range when it is chosen", async () => {
      const questions: string[] = [];
      const metrics = leader.api.answers["followers/attic/metrics"];
      leader.api.answers["followers/attic/metrics"] = (query) => {
        questions.push(query.toString());
        return metrics?.(query);
      };
      await open("#/followers/attic", PHONE);
      await page.locator('[data-graph="cpu"]').waitFor();
      leader.change("attic", { lastSeenAt: leader.now() });
      await eventually(() => expect(questions.at(-1)).toMatch(/^from=\d+&step=10000$/));
      await page.getByRole("link", { name: "1 week" }).click();
      await eventually(() => expect(questions.at(-1)).toBe("range=7d"));
      expect(page.url()).toMatch(/#\/followers\/attic\/7d$/);
    });

    it("orders of a follower what an operator may, and removes it once that is confirmed", async () => {
      await open("#/followers/attic", PHONE);
      await page.getByLabel("Maintenance for", { exact: true }).selectOption({ label: "4 h" });
      await page.getByRole("button", { name: "Begin maintenance: Attic" }).click();
      await eventually(() =>
        expect(leader.orders.at(-1)).toEqual({ name: "maintenance", args: ["attic", 14_400_000] }),
      );
      await page.getByRole("button", { name: "Restart the agent: Attic" }).click();
      await page.getByText("It restarts.").waitFor();
      await page.getByRole("button", { name: "Remove this follower: Attic" }).click();
      expect(leader.api.asked).toEqual(['POST followers/attic/commands {"action":"restart"}']);
      await page.getByRole("button", { name: "Remove this follower", exact: true }).click();
      await eventually(() => expect(leader.api.asked.at(-1)).toMatch(/^DELETE followers\/attic/));
      await eventually(() => expect(page.url()).toMatch(/#\/followers$/));
    });

    it("narrows events by filters that stand in the address, live ones too, and comes back to them from it", async () => {
      await open("#/events", DESK);
      await page.getByText("Older 3", { exact: true }).waitFor();
      await page.getByLabel("Schwere").selectOption("alarm");
      await page.getByText("1 Ereignis gezeigt").waitFor();
      expect(page.url()).toMatch(/#\/events\/severity=alarm$/);
      leader.say("event", event(904, leader.now(), { severity: "info", text: "Not wanted", type: "other" }));
      leader.say("event", event(905, leader.now(), { severity: "alarm", text: "Wanted", type: "other" }));
      await page.locator('[data-event="905"]').waitFor();
      expect(await page.locator('[data-event="904"]').count()).toBe(0);
      await page.reload();
      await page.getByText("1 Ereignis gezeigt").waitFor();
      expect(await page.getByLabel("Schwere").inputValue()).toBe("alarm");
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Als CSV speichern" }).click();
      expect((await download).suggestedFilename()).toBe("skein-events.csv");
      await page.getByRole("button", { name: "Filter aufheben" }).click();
      await eventually(() => expect(page.url()).toMatch(/#\/events$/));
    });

    it("brings older events as one scrolls", async () => {
      await open("#/events", PHONE);
      await page.getByText("Older 3", { exact: true }).waitFor();
      await page.getByText("Older 19", { exact: true }).scrollIntoViewIfNeeded();
      await page.getByText("Older 79", { exact: true }).waitFor();
      expect(await page.locator("[data-event]").count()).toBe(83);
    });

    it("moves both drawings together by mouse, wheel and keys, and finds a change in them", async () => {
      await open("#/flows/s1/s2", DESK);
      const drawings = page.locator(".drawing canvas");
      await eventually(async () => expect(await drawings.count()).toBe(2));
      const pictures = () =>
        drawings.evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
      /** Does it and waits until both drawings are others than before. */
      const both = async (change: () => Promise<unknown>) => {
        const before = await pictures();
        await change();
        await eventually(async () => {
          const now = await pictures();
          expect(now.every((picture, side) => picture !== before[side])).toBe(true);
        });
      };
      const box = await page.locator(".drawing").first().boundingBox();
      const [x, y] = [(box?.x ?? 0) + 100, (box?.y ?? 0) + 100];
      await both(async () => {
        await page.mouse.move(x, y);
        await page.mouse.down();
        await page.mouse.move(x + 40, y + 30);
        await page.mouse.up();
      });
      // The click before has given it the focus, so the wheel is its own.
      await both(() => page.mouse.wheel(0, -200));
      await both(() => page.keyboard.press("ArrowRight"));
      await both(() => page.keyboard.press("0"));
      await both(() => page.getByRole("button", { name: /^hinzugefügt fade in/ }).click());
      await shot("diff-found");
      await page.getByLabel("Tabs", { exact: true }).selectOption({ label: "Heating" });
      await shot("diff-unchanged");
    });

    it("rolls back once that is confirmed, and imports only what are flows", async () => {
      await open("#/flows", PHONE);
      await page.getByRole("button", { name: /^Roll back to/ }).click();
      expect(await seriousFlaws(page)).toEqual([]);
      expect(leader.api.asked).toEqual([]);
      await page.getByRole("button", { name: "Roll back", exact: true }).click();
      await eventually(() => expect(leader.api.asked.at(-1)).toMatch(/^POST snapshots\/s1\/rollback/));
      // The focus is where it was asked.
      expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/^Roll back to/);
      await page.getByLabel("Or paste it here").fill("[{]");
      await page.getByRole("button", { name: "Import and deploy", exact: true }).click();
      await page.getByText("This is not JSON").waitFor();
      await page.getByLabel("Or paste it here").fill('[{"id":"t9","type":"tab"}]');
      await page.getByRole("button", { name: "Import and deploy", exact: true }).click();
      await page.getByText("The flows have been imported.").waitFor();
      expect(leader.api.asked.at(-1)).toMatch(/^POST flows\/import .*"t9"/);
    });

    it("keeps the flows from those who may not deploy them", async () => {
      const { me } = leader.api;
      if (!me) throw new Error("nobody is logged in");
      leader.api.me = { ...me, role: "operator" };
      await open("#/flows", PHONE);
      await page.getByText("There is no such page here.").waitFor();
      expect(await page.getByRole("navigation").getByRole("link", { name: "Flows" }).count()).toBe(0);
    });
  });
});
