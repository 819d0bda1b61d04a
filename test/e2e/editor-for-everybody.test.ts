import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** What a newcomer meets in the editor: our nodes in the browser's language. */
describe("the editor for a newcomer", () => {
  let browser: TestBrowser;
  let leader: Leader;

  beforeAll(async () => {
    leader = await startLeader();
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await leader?.stop();
  });

  it("speaks German with a German: palette, ports, labels and dialogs of our nodes", async () => {
    const editor = await openEditor(browser, `${leader.url}/editor/`, { locale: "de-DE" });
    const { page } = editor;
    const category = page.locator(".red-ui-palette-category", { has: page.locator('[data-palette-type="skein-in"]') });
    // A long name is broken over two lines there, at a hyphen.
    await eventually(async () =>
      expect((await category.innerText()).replace(/\s/g, "")).toContain("skeininskeinoutHerzschlag-Monitor"),
    );
    const id = await editor.drag("skein-heartbeat-monitor", 300, 150);
    expect(await page.locator(`[id="${id}"] .red-ui-flow-node-label`).textContent()).toBe("alle Follower");
    const ports = page.locator(`[id="${id}"] .red-ui-flow-port`);
    for (const [index, words] of [
      "nach dem Zustand fragen, oder Wartung",
      "Änderungen des Zustands",
      "Metriken",
    ].entries()) {
      await ports.nth(index).hover();
      await eventually(async () =>
        expect(await page.locator(".red-ui-flow-port-tooltip").allTextContents()).toEqual([words]),
      );
    }
    await editor.edit(id, async (dialog) => {
      await eventually(async () => expect(await dialog.innerText()).toContain("verdächtig"));
      expect(await dialog.innerText()).toMatch(
        /Node 'Herzschlag-Monitor' bearbeiten[\s\S]+Bus des Hauses[\s\S]+Melden, wenn/,
      );
    });
  }, 60_000);
});
