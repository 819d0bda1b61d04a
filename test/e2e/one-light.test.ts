import { createLan, type Lan } from "../../packages/kasa/src/testing/lan";
import type { DeviceEmulator } from "../../packages/kasa/src/emulator";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** *One light*: found in the network, taken into the house and named on the page, wired to an inject, seen lit in the lamp and on the page. */
describe("one light", () => {
  let lan: Lan;
  let lamp: DeviceEmulator;
  let browser: TestBrowser;
  let leader: Leader;

  beforeAll(async () => {
    lan = createLan();
    lamp = await lan.device({ alias: "TP-LINK_Bulb_9A" });
    const kasa = { askAt: lan.askAt(), pollMs: 500 };
    [leader, browser] = await Promise.all([startLeader({ settings: { devices: { kasa } } }), startBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await leader?.stop();
    await lan?.close();
    expect(browser?.errors).toEqual([]);
  });

  it("goes from the network into the house, into a flow, and shines", async () => {
    const page = await browser.open(`${leader.url}/#/lights`, { cookie: leader.cookie, locale: "en-GB" });
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /^Add light/ }).click();
    await dialog.getByRole("button", { name: /TP-LINK_Bulb_9A/ }).click();
    await dialog.getByLabel("Name").fill("Reading lamp");
    await dialog.getByRole("button", { name: "Add to the house" }).click();
    await dialog.getByText("Reading lamp is in the house.").waitFor();
    await page.keyboard.press("Escape");
    const row = page.locator(`[data-thing="${lamp.id}"]`);
    await eventually(async () => expect(await row.innerText()).toMatch(/Reading lamp\s+off/));

    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    await editor.invoke("core:add-flow");
    const inject = await editor.drag("inject", 160, 100);
    const light = await editor.drag("skein-kasa-light", 400, 100);
    await editor.wire(inject, light);
    await editor.edit(light, async (settings) => {
      await settings.getByLabel(`Reading lamp (${lamp.id})`).check();
      // An inject sends the time; what shall be done stands in the node.
      await settings
        .locator("#node-input-payload + .red-ui-typedInput-container .red-ui-typedInput-type-select")
        .click();
      await editor.page.locator(".red-ui-typedInput-options:visible").getByText("boolean", { exact: true }).click();
    });
    await editor.deploy();
    await eventually(async () => expect(await editor.status(light)).toMatch(/^off/));
    await editor.press(inject);
    await eventually(() => expect(lamp.look()[0]?.state).toMatchObject({ on: true, brightness: 100 }));
    await eventually(async () => expect(await row.innerText()).toMatch(/Reading lamp\s+on, 100 %/));
    await eventually(async () => expect(await editor.status(light)).toMatch(/^on/));

    lamp.wallSwitch();
    await eventually(async () => expect(await row.innerText()).toMatch(/Reading lamp\s+off/));
    await eventually(async () => expect(await editor.status(light)).toMatch(/^off/));
  }, 120_000);
});
