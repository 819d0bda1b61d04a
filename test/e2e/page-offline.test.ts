import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startBrowser, type TestBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { fullHouse, furnish } from "../support/fake-home";
import { startFakePageServer, type FakePageServer } from "../support/fake-page-server";

/** The page without its leader, and how much of it there is to carry. */
const DIST = join(__dirname, "../../runtime/dashboard/dist");
/** All scripts together, gzipped; issue 3 allows so much. */
const SCRIPT_BUDGET_BYTES = 150_000;
/** What a phone loads before it shows anything. */
const FIRST_BUDGET_BYTES = 75_000;

describe("the offline shell", () => {
  let browser: TestBrowser;
  let leader: FakePageServer;

  beforeAll(async () => {
    [browser, leader] = await Promise.all([startBrowser(), startFakePageServer(fullHouse)]);
    furnish(leader.api, leader.now());
  });
  afterAll(async () => {
    await browser?.close();
    await leader?.close();
    expect(browser?.errors).toEqual([]);
  });

  it("opens with the leader stopped, shows how it was and how old that is, and goes on when the leader is back", async () => {
    const page = await browser.open(`${leader.url}/`, { width: 390, height: 844, phone: true, locale: "en-GB" });
    await page.locator('[data-thing="attic"]').waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    // As when the phone is put away.
    await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
    await leader.vanish();
    await page.reload();
    await eventually(async () =>
      expect(await page.locator(".banner-slot").innerText()).toMatch(/Out of date: .*Last heard \d+(\.\d)? s ago/s),
    );
    expect(await page.locator('[data-room="living-room"]').innerText()).toMatch(/Attic[^]*alive/);
    expect(await page.getByRole("switch", { name: "Cameras and microphones off" }).isDisabled()).toBe(true);
    // A section whose script comes late is there as well.
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "My account" }).waitFor();
    const opened = await page.evaluate(() => performance.timeOrigin);
    await leader.back();
    await eventually(async () => expect(await page.locator(".banner-slot").innerText()).toBe(""));
    await page.getByRole("link", { name: "Home" }).click();
    await eventually(async () =>
      expect(await page.getByRole("switch", { name: "Cameras and microphones off" }).isEnabled()).toBe(true),
    );
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(opened);
    await page.context().close();
  });

  it("says that there is nothing to show yet to a browser that has never seen the house", async () => {
    const page = await browser.open(`${leader.url}/`, { locale: "de-DE" });
    await page.locator('[data-thing="attic"]').waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await leader.vanish();
    await page.evaluate(() => {
      // Only what is remembered; the shell stays.
      window.addEventListener("pagehide", (event) => event.stopImmediatePropagation(), { capture: true });
      localStorage.clear();
    });
    await page.reload();
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await page.getByRole("heading", { name: "Der Leader antwortet nicht." }).waitFor();
    await leader.back();
    await page.locator('[data-thing="attic"]').waitFor();
    await page.context().close();
  });

  it("can be installed: a manifest with its icons", async () => {
    const manifest = (await (await fetch(`${leader.url}/manifest.webmanifest`)).json()) as {
      display: string;
      icons: { src: string; sizes: string; purpose?: string }[];
    };
    expect(manifest).toMatchObject({ name: "Skein", start_url: "./", display: "standalone" });
    expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(["192x192", "512x512"]));
    expect(manifest.icons.some(({ purpose }) => purpose === "maskable")).toBe(true);
    for (const { src, sizes } of manifest.icons.filter(({ src }) => src.endsWith(".png"))) {
      const png = Buffer.from(await (await fetch(`${leader.url}/${src}`)).arrayBuffer());
      // Width and height stand in a PNG's first chunk (RFC 2083, 4.1.1).
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
    }
  });
});

describe("the page's scripts", () => {
  const gzipped = (file: string) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;
  it("stay within what a phone should load", () => {
    const scripts = readdirSync(DIST, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
    const first = /src="\.\/(assets\/[^"]+\.js)"/.exec(readFileSync(join(DIST, "index.html"), "utf8"))?.[1];
    expect(scripts.length).toBeGreaterThan(2);
    expect(gzipped(first ?? "")).toBeLessThan(FIRST_BUDGET_BYTES);
    expect(scripts.reduce((sum, file) => sum + gzipped(file), 0)).toBeLessThan(SCRIPT_BUDGET_BYTES);
  });
});
