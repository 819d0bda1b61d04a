import type { Page } from "playwright-core";
import { picture, startBrowser, type TestBrowser } from "../support/browser";
import { always, eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { falseVerdicts, forgetVerdicts, recordVerdicts, toldOf } from "../support/page-states";

/** The demo as a newcomer meets it: the page, eight virtual followers, a plug to pull, and a broker to stop. */
describe("the demo", () => {
  let browser: TestBrowser;
  let leader: Leader;
  let page: Page;

  beforeAll(async () => {
    [browser, leader] = await Promise.all([
      startBrowser(),
      startLeader({
        demo: true,
        // A fifth of the demo's own times; not of the grace after a reconnection, since an agent's back-off stays what it is.
        settings: {
          follower: { heartbeatMs: 1_000, metricsMs: 1_000 },
          fleet: { willGraceMs: 2_000, deadBeats: 4, clockMs: 1_000 },
        },
      }),
    ]);
    page = await browser.open(`${leader.url}/#/followers`, { cookie: leader.cookie, width: 1200, height: 880 });
    await recordVerdicts(page);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), leader?.stop()]);
    expect(browser?.errors).toEqual([]);
  });

  const card = (id: string) => page.locator(`[data-follower="${id}"]`);
  const words = (id: string) => card(id).locator(".verdict").innerText();
  const press = (what: string, name: string) => page.getByRole("button", { name: `${what}: ${name}` }).click();
  const tally = () => page.locator(".tally").innerText();
  const becomes = (id: string, text: RegExp) => eventually(async () => expect(await words(id)).toMatch(text));
  const counts = (text: string) => eventually(async () => expect(await tally()).toBe(text));

  it("shows eight virtual followers, all alive, each with its switches and its heart beating", async () => {
    await counts("8 of 8 alive");
    expect(await page.locator(".brand").innerText()).toContain("VIRTUAL HOUSE");
    expect(await page.locator(".card .virtual").count()).toBe(8);
    expect(await card("attic").getByRole("button").allInnerTexts()).toEqual([
      "Crash",
      "Pull the plug",
      "Freeze",
      "Reboot",
      "Cut network",
      "Restore",
      "Maintenance for 1 h",
    ]);
    await eventually(async () => {
      for (const heart of await page.locator(".heart").all())
        expect(Number(await heart.getAttribute("data-beats"))).toBeGreaterThan(1);
    });
    await eventually(async () =>
      expect(await card("attic").locator(".vitals").innerText()).toMatch(/CPU\s+\d.*Memory\s+\d/s),
    );
    await eventually(async () =>
      expect(await page.locator(".parts").innerText()).toMatch(/Broker\s+up.*Core\s+up.*Flow host\s+up/s),
    );
    await picture(page, "demo-page");
  });

  it("has six lamps, five of them in rooms, and notices hand, fuse and firmware update", async () => {
    const home = await browser.open(`${leader.url}/`, { cookie: leader.cookie, width: 1200, height: 1100 });
    const SOFA = "kasa-50c7bfd00001";
    const lamp = home.locator(`[data-lamp="${SOFA}"]`);
    const row = home.locator(`[data-thing="${SOFA}"]`);
    const shines = (on: boolean) => eventually(async () => expect(await lamp.getAttribute("data-on")).toBe(String(on)));
    const says = (text: RegExp) => eventually(async () => expect(await row.innerText()).toMatch(text));
    await eventually(async () => expect(await home.locator("[data-lamp]").count()).toBe(6));
    await eventually(async () => expect(await home.locator(".thing.light").count()).toBe(5));
    await says(/Sofa lamp VIRTUAL\s+off/);
    await row.getByRole("switch").click();
    await shines(true);
    await says(/on, 100 %/);
    const SHELF = "kasa-50c7bfd00002";
    await leader.fetch(`/api/v1/devices/${SHELF}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ effect: "Aurora" }),
    });
    await home.getByRole("img", { name: "Bookshelf: shines, Aurora" }).waitFor();
    await picture(home, "demo-lamps");
    await home.getByRole("button", { name: "Wall switch: Sofa lamp" }).click();
    await says(/off/);
    await shines(false);
    await home.getByRole("button", { name: "Power cut: Sofa lamp" }).click();
    await says(/not reached|being connected to/);
    // Real bulbs are lit when the current is back.
    await says(/on, 100 %/);
    await home.getByRole("button", { name: "Firmware update: Sofa lamp" }).click();
    await eventually(async () => expect(await lamp.innerText()).toContain("klap-v1"));
    await home.goto(`${leader.url}/#/lights/${SOFA}`);
    await eventually(async () => expect(await home.locator(".why").innerText()).toMatch(/connected[^]*klap-v1/));
    await home.getByRole("slider", { name: "Brightness" }).fill("30");
    await eventually(async () => expect(await home.locator(".light-state").innerText()).toBe("on, 30 %"));
    await home.context().close();
  });

  it("says who died and why when one crashes, counting down while it is in doubt, and that it is back", async () => {
    await press("Crash", "Kitchen");
    await becomes("kitchen", /^dead, connection died, last beat \d+(\.\d)? s ago$/);
    // The doubt lasts for the grace alone: the page's own record tells it, however slow this test looks.
    expect(await toldOf(page, "kitchen")).toContainEqual(
      expect.stringMatching(
        /^kitchen: suspect, connection died, last beat \d+(\.\d)? s ago; (dead in \d+(\.\d)? s unless heard|being decided)$/,
      ),
    );
    await counts("7 of 8 alive · 1 dead");
    await press("Restore", "Kitchen");
    await becomes("kitchen", /^alive\b/);
    await eventually(async () =>
      expect(await card("kitchen").locator(".back").innerText()).toMatch(/^back after \d+(\.\d)? s$/),
    );
  });

  it("finds by silence the one whose plug was pulled", async () => {
    await press("Pull the plug", "Garage");
    await becomes("garage", /^(suspect|dead), no sign of life, last beat \d+(\.\d)? s ago$/);
    await picture(page, "demo-unplugged");
    await becomes("garage", /^dead, no sign of life, last beat \d+(\.\d)? s ago$/);
    expect(await toldOf(page, "garage")).toContainEqual(expect.stringMatching(/^garage: suspect, no sign of life, /));
    await picture(page, "demo-dead");
    await counts("7 of 8 alive · 1 dead");
    await press("Restore", "Garage");
    await becomes("garage", /^alive, rebooted .* ago, last beat/);
  });

  it("shows a reboot as a board does it: longer away than the grace, and then a new boot", async () => {
    await press("Reboot", "Hall");
    await becomes("hall", /^dead, connection died, last beat/);
    await becomes("hall", /^alive, rebooted .* ago, last beat/);
  }, 120_000);

  it("takes one out of judgement for an hour, and back in", async () => {
    await press("Maintenance for 1 h", "Bedroom");
    await becomes("bedroom", /^in maintenance, on request, last beat/);
    expect(await card("bedroom").locator(".countdown").innerText()).toBe("over in 1 h");
    await press("End maintenance", "Bedroom");
    await becomes("bedroom", /^alive\b/);
  });

  it("lets nobody die when the broker stops, knows nothing meanwhile, and goes on when it is back", async () => {
    await counts("8 of 8 alive");
    await forgetVerdicts(page);
    await press("Stop broker", "the whole house");
    await counts("0 of 8 alive · 8 unknown");
    await becomes("attic", /^unknown, the broker is away, last beat/);
    // It cuts its connections first, and its process ends a little later.
    await eventually(async () =>
      expect(await page.locator('[data-part="Broker"]').innerText()).toMatch(/Broker\s+stopped/),
    );
    await press("Crash", "Attic");
    await eventually(async () =>
      expect(await card("attic").getByRole("alert").innerText()).toMatch(/^Crash failed\. .*BUS_DOWN/),
    );
    await always(async () => expect(await tally()).toBe("0 of 8 alive · 8 unknown"), 4_000, 250);
    await press("Start broker", "the whole house");
    await counts("8 of 8 alive");
    expect(await falseVerdicts(page)).toEqual([]);
  }, 120_000);

  it("goes on by itself when core is killed: the page says that it is out of date, and nobody was dead", async () => {
    await forgetVerdicts(page);
    process.kill(leader.pid("core"), "SIGKILL");
    await eventually(async () => expect(await page.locator(".banner-slot").innerText()).toMatch(/^Out of date/));
    await eventually(async () => expect(await page.locator(".banner-slot").innerText()).toBe(""));
    await counts("8 of 8 alive");
    expect(await falseVerdicts(page)).toEqual([]);
  }, 120_000);

  it("leaves accidents to chance only when switched on, and still says so after a reload", async () => {
    const faults = () => page.getByRole("switch", { name: /Random faults/ }).getAttribute("aria-checked");
    expect(await faults()).toBe("false");
    await page.getByRole("switch", { name: /Random faults/ }).click();
    await eventually(async () => expect(await faults()).toBe("true"));
    await page.reload();
    await eventually(async () => expect(await faults()).toBe("true"));
    await page.getByRole("switch", { name: /Random faults/ }).click();
    await eventually(async () => expect(await faults()).toBe("false"));
  });
});
