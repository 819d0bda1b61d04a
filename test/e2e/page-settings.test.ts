import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { fullHouse, furnish } from "../support/fake-home";
import { startFakePageServer, type FakePageServer } from "../support/fake-page-server";

/** The settings: what is filled in there reaches the API as it should, and what is deleted is asked for twice. */
describe("the page's settings", () => {
  let browser: TestBrowser;
  let leader: FakePageServer;
  let page: Page;
  const go = async (id: string) => {
    await page.goto(`${leader.url}/#/settings/${id}`);
    await page.locator(`[data-settings="${id}"]`).waitFor();
  };
  const main = () => page.locator("main").innerText();
  const asks = (...wanted: string[]) => eventually(() => expect(leader.api.asked).toEqual(wanted));

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    expect(browser?.errors).toEqual([]);
  });
  beforeEach(async () => {
    leader = await startFakePageServer(fullHouse);
    furnish(leader.api, leader.now());
    page = await browser.open(`${leader.url}/`, { locale: "en-GB" });
  });
  afterEach(async () => {
    await page?.context().close();
    await leader?.close();
  });

  it("makes a token for what is ticked, shows it once with its QR code, and takes one away", async () => {
    await go("tokens");
    await eventually(async () => expect(await main()).toMatch(/Old watch over/));
    expect(await main()).not.toMatch(/Shortcut on my phone over/);
    await page.getByLabel("What is it for?").fill("Watch");
    await page.getByRole("button", { name: "Create token", exact: true }).click();
    await page.getByText("Tick at least one.").waitFor();
    expect(await main()).not.toContain("PAGE_ERROR");
    await page.getByLabel("Start routines, nothing else").check();
    await page.getByLabel("Works for").selectOption("30");
    await page.getByRole("button", { name: "Create token", exact: true }).click();
    await page.getByText("skein_0123456789abcdefghijklmnopqrstuv").waitFor();
    const qr = page.getByRole("img", { name: /QR code of the token/ });
    expect(await qr.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
    await page.reload();
    await eventually(async () => expect(await main()).toMatch(/Watch\s+Start routines, nothing else/));
    expect(await main()).not.toContain("skein_");
    await page.getByRole("button", { name: "Delete: Watch" }).press("Enter");
    const really = page.getByRole("group", { name: "Really delete Watch?" });
    await really.waitFor();
    // The question stands on its harmless answer, and that leads back to where it was asked.
    await page.keyboard.press("Enter");
    await really.waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await really.getByRole("button", { name: "Delete" }).click();
    await asks('POST tokens {"name":"Watch","scopes":["routines"],"days":30}', "DELETE tokens/t3");
    await eventually(async () => expect(await main()).not.toContain("Watch"));
  });

  it("lets somebody in, changes a role, and keeps what is typed while the house tells its news", async () => {
    await go("people");
    await page.getByLabel("Name", { exact: true }).fill("Cleo");
    leader.say("changed", "accounts");
    leader.say("beat", "attic", leader.now());
    await page.getByLabel("Role").last().selectOption("operator");
    await page.getByLabel("First password").fill("three random words");
    leader.say("changed", "accounts");
    await page.getByRole("button", { name: "Add person" }).click();
    await page.locator('[data-entry="cleo"]').getByText("operator").waitFor();
    await page.getByRole("button", { name: /^Change: Benjamin/ }).click();
    const ben = page.locator('[data-entry="ben"]');
    await ben.getByLabel("Role").selectOption("designer");
    await ben.getByLabel("Who this is in the house").selectOption("ben");
    await ben.getByRole("button", { name: "Save" }).click();
    await asks(
      'POST accounts {"name":"Cleo","role":"operator","password":"three random words"}',
      'PATCH accounts/ben {"role":"designer","resident":"ben"}',
    );
    await ben.getByText("Saved", { exact: true }).waitFor();
    await ben.getByLabel("Who this is in the house").selectOption("");
    await ben.getByRole("button", { name: "Save" }).click();
    await eventually(() => expect(leader.api.asked.at(-1)).toBe('PATCH accounts/ben {"resident":null}'));
  });

  it("shows an admin the tokens of somebody else, and takes one away", async () => {
    const createdAt = leader.now();
    leader.api.tokens.push({ id: "t9", name: "Old phone", account: "ben", scopes: ["operate"], createdAt });
    await go("people");
    await page.getByRole("button", { name: /^Change: Benjamin/ }).click();
    const theirs = page.getByRole("region", { name: /^API tokens of Benjamin/ });
    await eventually(async () => expect(await theirs.innerText()).toMatch(/Old phone\s+Switch things/));
    expect(await theirs.innerText()).not.toContain("Shortcut");
    await theirs.getByRole("button", { name: "Delete: Old phone" }).click();
    await theirs
      .getByRole("group", { name: "Really delete Old phone?" })
      .getByRole("button", { name: "Delete" })
      .click();
    await theirs.getByText("There is no token.").waitFor();
    await asks("DELETE tokens/t9");
  });

  it("shows which boards may come and were never heard, and takes one's login away", async () => {
    leader.api.unheard = [{ id: "vm-2" }, { id: "attic" }];
    leader.api.registry.places.push({ kind: "follower", id: "vm-2", name: "Garage board" });
    await go("boards");
    const unheard = page.getByRole("region", { name: "Joined, never heard" });
    await unheard.getByText("Garage board").waitFor();
    // This one is heard meanwhile.
    expect(await unheard.innerText()).not.toContain("attic");
    await unheard.getByRole("button", { name: "Delete: Garage board" }).click();
    await unheard.getByRole("group").getByRole("button", { name: "Delete" }).click();
    await unheard.waitFor({ state: "detached" });
    await asks("DELETE followers/vm-2");
  });

  it("makes a room, puts a follower into it, and names it", async () => {
    await go("rooms");
    await page.getByRole("form", { name: "Add room" }).getByRole("textbox").fill("Workshop");
    await page.keyboard.press("Enter");
    await page.locator('[data-entry="workshop"]').waitFor();
    await page.getByRole("button", { name: "Change: Garden" }).click();
    const garden = page.locator('[data-entry="garden"]');
    await garden.getByLabel("Name").fill("Weather");
    await garden.getByLabel("Room").selectOption("workshop");
    await garden.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Change: Weather" }).waitFor();
    await asks(
      'POST rooms {"name":"Workshop","private":false}',
      'PUT places/follower/garden {"room":"workshop","name":"Weather"}',
    );
  });

  it("shows a resident what is kept of them, and deletes it", async () => {
    const [owner] = leader.api.accounts;
    if (!owner) throw new Error("the fake house has no owner");
    leader.api.me = { ...owner, role: "viewer", resident: "ben" };
    await page.reload();
    await go("residents");
    expect(await main()).toContain("by an admin, and by the account that an admin has said is theirs");
    expect(await main()).toContain("What somebody has typed");
    // Of others it shows nothing.
    expect(await page.getByRole("button", { name: "What is kept: Ada" }).count()).toBe(0);
    await page.getByRole("button", { name: "What is kept: Ben" }).click();
    const kept = page.getByRole("region", { name: "What is kept of Ben" });
    await eventually(async () => expect(await kept.innerText()).toMatch(/events: 1 · journal: 12[^]*came home/));
    await kept.getByRole("button", { name: /^Delete what is kept/ }).click();
    await kept.getByRole("group").getByRole("button", { name: "Delete what is kept" }).click();
    await kept.getByText("It is deleted.").waitFor();
    await asks("DELETE residents/ben/data");
  });

  it("backs up, logs others out, tries a notice, and says in words what was refused", async () => {
    await go("backups");
    await page.getByRole("button", { name: "Back up now" }).click();
    await eventually(async () => expect(await page.getByRole("link", { name: /^Download/ }).count()).toBe(2));
    await go("sessions");
    await page.getByRole("button", { name: /^Log out everywhere else/ }).click();
    await eventually(async () => expect(await main()).not.toContain("Chrome, Android"));
    await go("notices");
    const ntfy = page.locator('[data-channel="ntfy"]');
    await eventually(async () => expect(await ntfy.innerText()).toMatch(/ntfy.example answered 503\s+not well/));
    expect(await ntfy.innerText()).toContain("for warnings and alarms");
    expect(await page.locator('[data-channel="email"]').innerText()).toMatch(/for notices and worse[^]*last sent/);
    await page.getByRole("button", { name: /^Send a test/ }).click();
    await eventually(async () => expect(await ntfy.innerText()).toMatch(/last sent .*\s+ok$/));
    await go("account");
    leader.api.refuse = { status: 401, code: "LOGIN_WRONG", detail: "the old password is another one." };
    await page.getByLabel("Password until now").fill("no idea");
    await page.getByLabel("New password").fill("three random words");
    await page.keyboard.press("Enter");
    await eventually(async () =>
      expect(await main()).toMatch(/Change password failed\. the old password is another one\. LOGIN_WRONG/),
    );
  });
});
