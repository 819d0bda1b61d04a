/** A house's first day on a real leader, in a browser: the printed link, a password, every place, and the leader gone and back. */
import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { tempDir, type TempDir } from "../support/temp-dir";

const PASSWORD = "three random words";
let dir: TempDir;
let browser: TestBrowser;
let leader: Leader;
let page: Page;

const start = (port = 0) =>
  startLeader({
    dataDir: dir.join("data"),
    port,
    follower: true,
    owner: false,
    settings: { follower: { id: "attic" } },
  });
const go = async (place: string) => page.evaluate((hash) => void (window.location.hash = hash), `#/${place}`);
const main = () => page.locator("main").innerText();

beforeAll(async () => {
  dir = tempDir("skein-face-");
  [browser, leader] = await Promise.all([startBrowser(), start()]);
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await leader?.stop();
  dir?.remove();
});

it("lets its owner in by the printed link, who chooses a password and is at home", async () => {
  const link = /http:\S+#setup=\S+/.exec(leader.output())?.[0] ?? "";
  page = await browser.open(link, { width: 390, height: 844, phone: true, locale: "en-GB" });
  await page.getByLabel(/^New password/).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Home" }).waitFor();
  // The token is no longer there to be read over somebody's shoulder.
  expect(page.url()).not.toContain("setup=");
  const again = await fetch(`${leader.url}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: link.split("#setup=")[1] }),
  });
  expect(again.status).toBe(401);
});

it.each([
  ["followers", /alive/],
  ["followers/attic", /alive[^]*CPU/],
  ["events", /attic|alive|logged in/],
  ["flows", /./],
  ["settings/account", /Logged in as owner, admin/],
  ["settings/people", /Owner/],
  ["settings/rooms", /./],
  ["settings/residents", /./],
  ["settings/tokens", /./],
  ["settings/sessions", /./],
  ["settings/backups", /./],
  ["settings/notices", /./],
  ["settings/care", /broker/i],
])("shows %s of the real house, and nothing fails", async (place, words) => {
  await go(place);
  await eventually(async () => expect(await main()).toMatch(words));
  // What could not be loaded says so with its code.
  expect(await main()).not.toMatch(/\b[A-Z]+_[A-Z_]+\b/);
  expect(browser.errors).toEqual([]);
});

it("makes a room that the leader then has, and logs out and in with the password", async () => {
  await go("settings/rooms");
  await page.getByRole("textbox", { name: "Name" }).fill("Kitchen");
  await page.keyboard.press("Enter");
  await eventually(async () => expect(await main()).toContain("Kitchen"));
  await go("settings/sessions");
  await page.getByRole("button", { name: /^Log out of this browser/ }).click();
  await page.getByLabel("Account").fill("owner");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await go("home");
  await eventually(async () => expect(await main()).toContain("Kitchen"));
});

it("stays open with the leader stopped, and goes on by itself when it is back", async () => {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  const { port } = leader;
  await leader.stop();
  await page.reload();
  await eventually(async () => expect(await page.locator(".banner-slot").innerText()).toMatch(/Out of date/));
  expect(await main()).toContain("Kitchen");
  const opened = await page.evaluate(() => performance.timeOrigin);
  leader = await start(port);
  await eventually(async () => expect(await page.locator(".banner-slot").innerText()).toBe(""));
  await go("followers");
  await eventually(async () => expect(await main()).toMatch(/alive/));
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(opened);
  // Its owner has a password: no other link was printed.
  expect(leader.output()).not.toContain("#setup=");
});
