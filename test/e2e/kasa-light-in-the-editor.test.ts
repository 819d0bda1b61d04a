import type { DevicesView } from "@skein/contracts";
import { createLan, type Lan } from "../../packages/kasa/src/testing/lan";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** A kasa light node as somebody meets it who drew it a moment ago: chosen from what is there, tried by its buttons. */
describe("the kasa light node in the editor", () => {
  let lan: Lan;
  let browser: TestBrowser;
  let leader: Leader;

  beforeAll(async () => {
    lan = createLan();
    await lan.device({ alias: "Lamp" });
    leader = await startLeader({ settings: { devices: { kasa: { askAt: lan.askAt() } } } });
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await leader?.stop();
    await lan?.close();
  });

  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await leader.fetch(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.status).toBeLessThan(300);
  };
  const devices = async () => (await (await leader.fetch("/api/v1/devices")).json()) as DevicesView;

  it("offers devices and rooms, switches them by its button, and hides what belongs to a house without a leader", async () => {
    await post("/rooms", { name: "Hall" });
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    const id = await editor.drag("skein-kasa-light", 300, 100);
    await editor.edit(id, async (dialog) => {
      expect(await dialog.locator("#skein-kasa-direct-row").isVisible()).toBe(false);
      await dialog.getByRole("button", { name: "Look again" }).click();
      await eventually(async () => expect((await editor.notifications()).join()).toContain("1 waiting"));
    });
    const [found] = (await devices()).found;
    await post("/devices", { id: found?.id, name: "Reading lamp", room: "hall" });
    await editor.edit(id, async (dialog) => {
      await dialog.getByLabel(`Reading lamp (${found?.id})`).waitFor();
      // By the keyboard alone.
      await dialog.getByLabel("Hall (room:hall)").focus();
      await editor.page.keyboard.press("Space");
      expect(await dialog.locator("#skein-kasa-targets").inputValue()).toBe("room:hall");
      await dialog.locator("#node-input-does").selectOption("apply");
      await dialog.locator("#node-input-scene").waitFor();
      await dialog.locator("#node-input-does").selectOption("set");
      await dialog.locator("#node-input-transitionMs").fill("200");
    });
    await editor.deploy();
    await eventually(async () => expect(await editor.status(id)).toMatch(/^(on|off)/));
    const isOn = async () => (await devices()).devices[0]?.state?.on;
    const before = await isOn();
    await editor.press(id);
    await eventually(async () => expect(await isOn()).toBe(!before));
    await eventually(async () => expect(await editor.status(id)).toMatch(before ? /^off/ : /^on/));
    const [exported] = (JSON.parse(await editor.exportFlows("full")) as { id: string; type: string }[]).filter(
      ({ type }) => type === "skein-kasa-light",
    );
    expect(exported).toMatchObject({ targets: ["room:hall"], targetType: "list", does: "set", transitionMs: "200" });
  }, 120_000);
});
