import type { Page } from "playwright-core";
import { seriousFlaws } from "../support/accessible";
import { startBrowser, type TestBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { fullHouse, furnish } from "../support/fake-home";
import { startFakePageServer, type FakePageServer } from "../support/fake-page-server";

/** Every place of the page, on a phone in light English and on a desk in dark German: it is there, fits, and is accessible. */
const PHONE = { width: 390, height: 844, phone: true, locale: "en-GB" } as const;
const DESK = { width: 1280, height: 800, dark: true, locale: "de-DE" } as const;

const PLACES: readonly (readonly [place: string, english: RegExp, german: RegExp])[] = [
  ["#/", /Needs attention[^]*The garage is open[^]*Living room/, /Braucht Aufmerksamkeit[^]*Ohne Raum[^]*Privatsphäre/],
  ["#/followers", /1 of 6 alive[^]*dead, connection died/, /1 von 6 leben[^]*tot, Verbindung abgerissen/],
  ["#/followers/attic", /Attic[^]*alive, last beat/, /Attic[^]*lebt, letzter Herzschlag/],
  ["#/lights", /Lights[^]*1 more was found[^]*Sofa\s+on, 60 %/, /Lichter[^]*verlangt ein Passwort[^]*Szenen/],
  [
    "#/lights/kasa-50c7bf000001",
    /Sofa[^]*Brightness[^]*Saturation[^]*connected/,
    /Helligkeit[^]*Sättigung[^]*verbunden/,
  ],
  ["#/lights/kasa-50c7bf000002", /wants a password[^]*What was tried/, /verlangt ein Passwort[^]*Hinzufügen, Licht/],
  ["#/settings", /Settings[^]*My account/, /Einstellungen[^]*Mein Konto/],
  ["#/settings/account", /Logged in as owner, admin/, /Angemeldet als owner, Admin/],
  ["#/settings/sessions", /Firefox, Linux/, /Überall sonst abmelden/],
  ["#/settings/tokens", /Shortcut on my phone[^]*Start routines, nothing else/, /Token anlegen/],
  ["#/settings/residents", /Residents[^]*Ben/, /Bewohner[^]*Ben/],
  ["#/settings/rooms", /Badezimmer im Obergeschoss[^]*What stands where/, /Was wo steht[^]*Heizungskeller/],
  ["#/settings/people", /a flow is code that runs/, /ein Flow ist Code/],
  ["#/settings/boards", /No code waits/, /Kein Code wartet/],
  ["#/settings/notices", /ntfy.example answered 503/, /Server des Browser-Herstellers/],
  ["#/settings/backups", /39 MB/, /Jetzt sichern[^]*Herunterladen/],
  ["#/settings/care", /Disk[^]*not well[^]*look at it/, /Platte[^]*nicht gut/],
  ["#/no-such-place", /There is no such page here/, /Diese Seite gibt es hier nicht/],
];

describe("every place of the page", () => {
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

  describe.each([
    ["on a phone, light, in English", PHONE, 1],
    ["on a desk, dark, in German", DESK, 2],
  ] as const)("%s", (_how, options, words) => {
    let page: Page;
    beforeAll(async () => {
      page = await browser.open(`${leader.url}/`, options);
    });
    afterAll(() => page?.context().close());

    it.each(PLACES)("%s", async (...place) => {
      await page.evaluate((hash) => (window.location.hash = hash), place[0]);
      await eventually(async () => expect(await page.locator("main").innerText()).toMatch(place[words]));
      expect(await seriousFlaws(page)).toEqual([]);
      // Nothing sticks out to the side, whatever people call their rooms.
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0,
      );
    });

    it("names the language for screen readers, and shows the way to each section within reach", async () => {
      expect(await page.locator("html").getAttribute("lang")).toBe(words === 1 ? "en" : "de");
      const boxes = await Promise.all(
        (await page.getByRole("navigation").getByRole("link").all()).map((link) => link.boundingBox()),
      );
      expect(boxes.length).toBeGreaterThanOrEqual(3);
      for (const box of boxes) {
        expect(box?.height).toBeGreaterThanOrEqual(44);
        // A phone's bar is at the bottom, a desk's rail at the side.
        if (words === 1) expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(PHONE.height - 60);
        else expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(260);
      }
    });
  });
});
