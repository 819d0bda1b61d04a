import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor, type Editor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** The palette's sun and schedule node, which is not ours, in the house's own editor, with nothing asked of any other server. */
describe("sun and schedule in the leader's editor", () => {
  let browser: TestBrowser;
  let leader: Leader;
  let editor: Editor;
  const asked: string[] = [];

  beforeAll(async () => {
    [browser, leader] = await Promise.all([startBrowser(), startLeader({ env: { HOUSE_LOCATION: "48.1 11.6" } })]);
    editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    editor.page.on("request", (request) => void asked.push(request.url()));
  }, 120_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), leader?.stop()]);
  });

  it("is in the palette, and the flow for sunset says under it when that is next", async () => {
    await editor.page.locator('.red-ui-palette-node[data-palette-type="cronplus"]').waitFor({ state: "attached" });
    const flow = JSON.parse(readFileSync(join(__dirname, "../../flows/sunset-lights.json"), "utf8")) as {
      type: string;
    }[];
    // The house has its bus already, and would ask whether to import a copy of it.
    await editor.importFlows(JSON.stringify(flow.filter(({ type }) => !["skein-bus", "global-config"].includes(type))));
    await editor.openTab("Lights at sunset");
    await editor.deploy();
    const [schedule = ""] = await editor.nodes("cronplus");
    await eventually(async () => expect(await editor.status(schedule)).toMatch(/^sunset: /));
  });

  it("opens its dialog with the schedules, keeps the variable, and asks only the house", async () => {
    const [schedule = ""] = await editor.nodes("cronplus");
    await editor.edit(schedule, async (dialog) => {
      await eventually(async () => {
        const schedules = dialog.locator("#node-input-option-container > li");
        expect(await schedules.count()).toBe(2);
        const values = await schedules
          .first()
          .locator("input")
          .evaluateAll((inputs) => inputs.map((input) => (input as unknown as { value: string }).value));
        expect(values).toContain("${HOUSE_LOCATION}");
      });
    });
    const flows = JSON.parse(await editor.exportFlows("flow")) as { type: string; options?: { location: string }[] }[];
    expect(flows.find(({ type }) => type === "cronplus")?.options?.[0]?.location).toBe("${HOUSE_LOCATION}");
    expect(JSON.stringify(flows)).not.toContain("48.1");
    expect(asked.filter((url) => !url.startsWith(leader.url) && !url.startsWith("data:"))).toEqual([]);
  });
});
