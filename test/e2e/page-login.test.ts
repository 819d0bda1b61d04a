import type { Page } from "playwright-core";
import { seriousFlaws } from "../support/accessible";
import { startBrowser, type TestBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { fullHouse } from "../support/fake-home";
import { startFakePageServer, type FakePageServer } from "../support/fake-page-server";

/** Who may see the page: login, the set-up link, and what is left behind at a log-out. */
describe("the page's door", () => {
  let browser: TestBrowser;
  let leader: FakePageServer;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    expect(browser?.errors).toEqual([]);
  });
  beforeEach(async () => {
    leader = await startFakePageServer(fullHouse);
  });
  afterEach(async () => {
    await page?.context().close();
    await leader?.close();
  });
  const inside = () => page.getByRole("heading", { name: "Followers", level: 1 }).waitFor();

  it("lets somebody in by keyboard alone, and says what was wrong before", async () => {
    leader.api.me = undefined;
    page = await browser.open(`${leader.url}/#/followers`, { width: 390, height: 844, phone: true, locale: "en-GB" });
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    expect(await page.getByText("The virtual home").count()).toBe(0);
    expect(await seriousFlaws(page)).toEqual([]);
    await page.keyboard.type("owner");
    await page.keyboard.press("Tab");
    await page.keyboard.type("wrong horse battery");
    await page.keyboard.press("Enter");
    await eventually(async () =>
      expect(await page.getByRole("alert").innerText()).toMatch(/Log in failed.*LOGIN_WRONG/),
    );
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("correct horse battery");
    await page.keyboard.press("Enter");
    // Where the address had pointed.
    await inside();
    await page.locator('[data-follower="attic"]').waitFor();
  });

  it("opens signed in from the set-up link, which leaves the address, and takes name and password", async () => {
    const [owner] = leader.api.accounts;
    if (!owner) throw new Error("the fake house has no owner");
    leader.api.me = undefined;
    leader.api.accounts = [{ ...owner, name: "owner", hasPassword: false }];
    leader.api.setupToken = "once-only";
    page = await browser.open(`${leader.url}/#setup=once-only`, { dark: true, locale: "de-DE" });
    await page.getByRole("heading", { name: "Das Haus gehört Ihnen" }).waitFor();
    expect(page.url()).toBe(`${leader.url}/`);
    expect(await seriousFlaws(page)).toEqual([]);
    await page.getByLabel("Ihr Name").fill("Ada");
    await page.getByLabel("Neues Passwort").fill("three random words");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Ohne Raum" }).waitFor();
    expect(leader.api.asked).toEqual([
      'POST setup {"token":"once-only"}',
      'PATCH accounts/owner {"name":"Ada"}',
      'PUT accounts/owner/password {"new":"three random words"}',
    ]);
    leader.api.setupToken = "once-more";
    // Into the address of the open page, which is not loaded anew by it.
    await page.goto(`${leader.url}/#setup=once-more`);
    await eventually(() => expect(leader.api.asked.at(-1)).toBe('POST setup {"token":"once-more"}'));
    expect(await page.evaluate(() => window.location.href)).toBe(`${leader.url}/`);
    await page.goto(`${leader.url}/#setup=once-only`);
    await page.reload();
    await eventually(async () => expect(await page.locator("main").innerText()).toContain("Ohne Raum"));
  });

  it("asks nobody for the password that a login link stands for, until a new one is chosen", async () => {
    leader.api.me = undefined;
    leader.api.setupToken = "lost-it";
    page = await browser.open(`${leader.url}/#setup=lost-it`, { locale: "en-GB" });
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("New password").fill("three random words");
    expect(await page.getByLabel("Password until now").count()).toBe(0);
    await page.keyboard.press("Enter");
    await page.getByLabel("Password until now").waitFor();
    expect(leader.api.asked.at(-1)).toBe('PUT accounts/owner/password {"new":"three random words"}');
  });

  it("shows what a token's QR code brings, to be copied, and does nothing else with it", async () => {
    leader.api.me = undefined;
    page = await browser.open(`${leader.url}/#token=skein_for-the-shortcut`, { phone: true, locale: "en-GB" });
    await page.getByRole("heading", { name: "A token for a program" }).waitFor();
    expect(await page.getByLabel("Token", { exact: true }).innerText()).toBe("skein_for-the-shortcut");
    expect(page.url()).toBe(`${leader.url}/`);
    expect(await seriousFlaws(page)).toEqual([]);
    expect(
      await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])),
    ).not.toContain("for-the-shortcut");
    expect(leader.api.asked).toEqual([]);
    await page.reload();
    await page.getByLabel("Password").waitFor();
  });

  it("says when a set-up link has been used, and asks for the login", async () => {
    leader.api.me = undefined;
    page = await browser.open(`${leader.url}/#setup=old`, { locale: "en-GB" });
    await eventually(async () =>
      expect(await page.getByRole("alert").first().innerText()).toMatch(/The set-up link did not work\..*LINK_USED/),
    );
    await page.getByLabel("Password").waitFor();
  });

  it("shows the login at once when a session ends elsewhere, and leaves nothing behind", async () => {
    page = await browser.open(`${leader.url}/#/followers`, { locale: "en-GB" });
    await inside();
    await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
    const kept = () =>
      page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("last-known")).length);
    await eventually(async () => expect(await kept()).toBe(1));
    leader.api.me = undefined;
    leader.cut();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    expect(await kept()).toBe(0);
    expect(await page.locator("[data-follower]").count()).toBe(0);
    await page.getByLabel("Account").fill("owner");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.locator('[data-follower="attic"]').waitFor();
  });

  it("logs out, and shows a viewer nothing to press", async () => {
    const [owner] = leader.api.accounts;
    if (!owner) throw new Error("the fake house has no owner");
    leader.api.me = { ...owner, role: "viewer" };
    page = await browser.open(`${leader.url}/#/followers`, { locale: "en-GB" });
    await inside();
    await page.locator('[data-follower="attic"]').waitFor();
    expect(await page.locator("main").getByRole("button").count()).toBe(0);
    expect(await page.getByRole("link", { name: "Open the editor" }).count()).toBe(0);
    await page.goto(`${leader.url}/#/settings/sessions`);
    expect(await page.getByRole("link", { name: "People" }).count()).toBe(0);
    await page.getByRole("button", { name: /^Log out of this browser/ }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
  });

  it("stays in when the answer to a question of before the login comes late, and follows a change of role", async () => {
    page = await browser.open(`${leader.url}/#/settings/sessions`, { locale: "en-GB" });
    await page.getByRole("button", { name: /^Log out of this browser/ }).waitFor();
    await page.route("**/api/v1/backups", (route) =>
      route.fulfill({ status: 401, contentType: "application/problem+json", body: '{"code":"LOGIN_NEEDED"}' }),
    );
    await page.goto(`${leader.url}/#/settings/backups`);
    await page.getByText("LOGIN_NEEDED").waitFor();
    expect(await page.getByRole("heading", { name: "Backups" }).count()).toBe(1);
    const [owner] = leader.api.accounts;
    if (!owner) throw new Error("the fake house has no owner");
    leader.api.me = { ...owner, role: "operator" };
    leader.say("changed", "accounts");
    await page.getByRole("link", { name: "Backups" }).waitFor({ state: "detached" });
    expect(await page.getByRole("link", { name: "Flows" }).count()).toBe(0);
  });

  it("speaks the account's language over the browser's, and the one that is chosen at once", async () => {
    page = await browser.open(`${leader.url}/#/settings/account`, { locale: "en-GB" });
    await page.getByLabel("Language").selectOption("de");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Mein Konto" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Mein Konto" }).waitFor();
    await page.getByLabel("Dunkel").check();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(20, 23, 26)");
    await page.reload();
    await page.getByRole("heading", { name: "Mein Konto" }).waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(20, 23, 26)");
  });
});
