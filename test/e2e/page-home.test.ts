import type { EventView } from "@skein/contracts";
import type { Page } from "playwright-core";
import { seriousFlaws } from "../support/accessible";
import { startBrowser, type TestBrowser } from "../support/browser";
import { always, eventually } from "../support/eventually";
import { follower, fullHouse, furnish, verdict } from "../support/fake-home";
import { startFakePageServer, type FakePageServer } from "../support/fake-page-server";

const joined = (id: string, code: string, at: number): EventView => ({
  id: 1,
  at,
  type: "follower-joined",
  severity: "notice",
  audit: true,
  text: `${id} joined the house.`,
  subject: { kind: "follower", id },
  data: { name: id, code },
});

/** Home: what is pressed there reaches the API, and what changes in the house shows by itself. */
describe("the page's home", () => {
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
    furnish(leader.api, leader.now());
    page = await browser.open(`${leader.url}/`, { locale: "en-GB" });
    await page.locator("[data-thing]").first().waitFor();
  });
  afterEach(async () => {
    await page?.context().close();
    await leader?.close();
  });
  const text = (selector: string) => page.locator(selector).innerText();

  it("switches every camera and microphone off by keyboard, and believes only what each says of itself", async () => {
    const tile = page.getByRole("region", { name: "Privacy" });
    const turn = tile.getByRole("switch", { name: "Cameras and microphones off" });
    expect(await turn.getAttribute("aria-checked")).toBe("false");
    await turn.focus();
    await page.keyboard.press("Space");
    await eventually(() => expect(leader.api.asked).toEqual(['PUT privacy {"on":true}']));
    await eventually(async () => expect(await turn.getAttribute("aria-checked")).toBe("true"));
    // The order went out; two of three have not confirmed.
    expect(await text('[data-sense="attic vision"]')).toMatch(/Attic, camera VIRTUAL\s+on/);
    expect(await text('[data-sense="hall audio"]')).toMatch(/Hall, microphone VIRTUAL\s+not heard/);
    expect(await text('[data-sense="office audio"]')).not.toMatch(/VIRTUAL/);
    expect(await tile.getByRole("status").innerText()).toBe("2 have not confirmed yet.");
    expect(await tile.innerText()).toContain("nothing in the house shall see or hear");
    const { privacy } = leader.api;
    leader.api.privacy = { ...privacy, senses: privacy.senses.map((sense) => ({ ...sense, state: "off" as const })) };
    leader.say("changed", "privacy");
    await eventually(async () => expect(await text('[data-sense="attic vision"]')).toMatch(/off, confirmed/));
    expect(await tile.getByRole("status").innerText()).toBe("");
    expect(await tile.innerText()).toContain("nothing in the house sees or hears");
  });

  it("answers and dismisses notices, and says why an answer failed", async () => {
    leader.api.refuse = { status: 503, code: "FLOW_HOST_AWAY", detail: "the flow host is away." };
    await page.getByRole("button", { name: "Close it: The garage is open" }).click();
    await eventually(async () =>
      expect(await text('[data-notice="n1"]')).toMatch(/Close it failed\. .*FLOW_HOST_AWAY/),
    );
    await page.getByRole("button", { name: "Leave it open: The garage is open" }).press("Enter");
    await eventually(async () => expect(await text('[data-notice="n1"]')).toContain("owner: Leave it open"));
    expect(await page.getByRole("button", { name: /^Close it/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Dismiss: The washing machine is done." }).click();
    await page.locator('[data-notice="n2"]').waitFor({ state: "detached" });
    expect(leader.api.asked.slice(1)).toEqual(['POST notices/n1/answer {"action":"leave"}', "POST notices/n2/dismiss"]);
  });

  it("takes no answer to a notice whose time is over", async () => {
    const [asking, ...others] = leader.api.notices;
    if (!asking) throw new Error("the fake house has no notice");
    const expireAt = (expiresAt: number) => {
      leader.api.notices = [{ ...asking, expiresAt }, ...others];
      leader.say("changed", "notices");
    };
    expireAt(leader.now() + 3_600_000);
    await eventually(async () => expect(await text('[data-notice="n1"]')).toContain("answer until"));
    expireAt(leader.now() - 1);
    await eventually(async () => expect(await text('[data-notice="n1"]')).toContain("it takes no answer any more"));
    expect(await page.getByRole("button", { name: /^Close it/ }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Dismiss: The garage is open" }).count()).toBe(1);
  });

  it("tells what needs attention as it comes and goes", async () => {
    const needs = page.getByRole("region", { name: "Needs attention" });
    await eventually(async () =>
      expect(await needs.innerText()).toMatch(
        /The disk has 200 MB left[^]*Heizungskellerüberwachung\s+dead, connection died/,
      ),
    );
    leader.api.notices = [];
    leader.api.care = { ...leader.api.care, checks: [] };
    leader.change("cellar", { verdict: verdict(leader.now()) });
    leader.say("changed", "notices");
    leader.say("changed", "care");
    // A light that its owner has to do something about waits longer than one that is only away.
    await eventually(async () =>
      expect(await needs.innerText()).toMatch(/Badezimmerspiegelschrankbeleuchtung\s+wants a password\s+2 of 6 alive/),
    );
    const mirror = leader.api.devices.devices.find(({ diagnosis }) => diagnosis.condition === "credentials");
    if (!mirror) throw new Error("no light wants a password");
    leader.say("device", { ...mirror, diagnosis: { ...mirror.diagnosis, condition: "unreachable" } });
    await eventually(async () => expect(await needs.innerText()).toMatch(/Nothing needs attention\.\s+2 of 6 alive/));
    leader.say("health", { ...leader.house.health, ok: false, broker: "down", flowHost: "starting" });
    await eventually(async () => expect(await needs.innerText()).toMatch(/Broker: down\s+Flow host: starting/));
    expect(await needs.innerText()).not.toContain("Nothing needs attention");
    leader.say("health", leader.house.health);
    await eventually(async () => expect(await needs.innerText()).toContain("Nothing needs attention."));
    // Of a leader that is not heard nobody knows.
    leader.ticking = false;
    await eventually(async () => expect(await needs.innerText()).toMatch(/Not known at the moment/));
    leader.ticking = true;
    await eventually(async () => expect(await needs.innerText()).toContain("Nothing needs attention."));
    leader.say("massLoss", { since: leader.now(), lost: 4, of: 6, back: 0, virtual: true });
    await eventually(async () =>
      expect(await text(".mass-loss")).toMatch(/^4 of 6 followers \(VIRTUAL\) were lost together/),
    );
  });

  it("shows who stands in which room under the name that the owner gave, and moves with the registry", async () => {
    await eventually(async () =>
      expect(await text('[data-room="living-room"]')).toMatch(
        /Living room\s+Sofa\s+on, 60 %\s+Attic[^]*Heizungskellerüberwachung/,
      ),
    );
    expect(await text('[data-room="stairs"]')).toMatch(/Nothing stands here yet/);
    const { registry } = leader.api;
    leader.api.registry = { ...registry, places: [{ kind: "follower", id: "garden", room: "stairs" }] };
    leader.say("changed", "registry");
    await eventually(async () => expect(await text('[data-room="stairs"]')).toMatch(/Garden[^]*suspect/));
    await page.locator('[data-thing="garden"] a').click();
    await page.getByRole("heading", { name: "Garden", level: 1 }).waitFor();
  });

  it("asks whoever has no password yet to choose one, until there is one", async () => {
    const me = leader.api.me;
    if (!me) throw new Error("the fake house has no owner");
    leader.api.notices = [];
    leader.api.me = { ...me, hasPassword: false };
    await page.reload();
    await page.getByRole("link", { name: /^Your account has no password yet/ }).click();
    await page.getByLabel("New password").fill("three random words");
    await page.keyboard.press("Enter");
    await page.getByText("The password holds from now on.").waitFor();
    await page.getByRole("link", { name: "Home" }).click();
    await page.locator(".needs").waitFor();
    await eventually(async () => expect(await text(".needs")).not.toContain("no password"));
  });

  it("starts a routine, and none whose flows do not run", async () => {
    expect(await page.getByRole("button", { name: "Start: Good night" }).innerText()).toMatch(/^🌙\s+Good night$/);
    await page.getByRole("button", { name: "Start: Good night" }).press("Enter");
    await page.getByText("Good night has been started.").waitFor();
    expect(leader.api.asked).toEqual(["POST routines/good-night {}"]);
    expect(await page.getByRole("button", { name: "Start: Leaving the house" }).isDisabled()).toBe(true);
  });

  it("adds a follower by a code, until the board has joined, and closes by itself", async () => {
    await page.getByRole("link", { name: "Followers" }).click();
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("button", { name: /^Add follower/ }).click();
    const dialog = page.getByRole("dialog", { name: "Add follower" });
    await dialog.getByLabel("Name").fill("Porch");
    await dialog.getByLabel("Room").selectOption("stairs");
    await page.keyboard.press("Enter");
    await dialog.getByText("K7QM-2XNP", { exact: true }).waitFor();
    expect(leader.api.asked).toEqual(['POST join-codes {"name":"Porch","room":"stairs"}']);
    expect(await dialog.innerText()).toMatch(/node agent\.js join K7QM-2XNP --leader http:\S+[^]*for (9|10) min more/);
    expect(await seriousFlaws(page)).toEqual([]);
    // Somebody else's board is not the one that it waits for.
    leader.say("follower", follower("shed", "Shed", verdict(leader.now(), { cause: "first-seen" })));
    leader.say("event", joined("shed", "8WTR-4HCD", leader.now()));
    // Nor is it when the code is on the list no more: it may be over.
    leader.api.codes = [];
    leader.say("changed", "join-codes");
    await always(async () => expect(await dialog.innerText()).not.toContain("has joined"), 300);
    leader.say("event", joined("porch", "K7QM-2XNP", leader.now()));
    await dialog.getByText("Porch has joined the house.").waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(
      await page.getByRole("button", { name: "Add" }).evaluate((button) => button === document.activeElement),
    ).toBe(true);
    // The code is the board's now: nobody takes it back.
    expect(leader.api.asked).toHaveLength(1);
  });

  it("takes a code back that nobody waits for any more", async () => {
    await page.goto(`${leader.url}/#/followers`);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("button", { name: /^Add follower/ }).click();
    await page.getByRole("button", { name: "Get a code" }).click();
    await page.getByText("K7QM-2XNP", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => expect(leader.api.asked.at(-1)).toBe("DELETE join-codes/K7QM-2XNP"));
  });
});
