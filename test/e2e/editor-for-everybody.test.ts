import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** What a newcomer meets in the editor: our nodes in the browser's language, and the ready-made flows beside the first one. */
declare const RED: {
  nodes: {
    eachConfig(visit: (node: { id: string; type: string }) => void): void;
    filterNodes(filter: { type: string }): { id: string; bus?: string }[];
  };
};

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
      const followers = dialog.locator("#skein-followers");
      await followers.fill("cv-*, Diele");
      expect(await followers.getAttribute("class")).toContain("input-error");
      expect(await followers.getAttribute("title")).toContain("Ein Name ist keine Kennung");
      await followers.fill("cv-*, ${MEHR}");
      expect(await followers.getAttribute("class")).not.toContain("input-error");
    });
    const free = await editor.drag("skein-in", 500, 150);
    const marks = () => page.locator(`[id="${free}"] .red-ui-flow-node-error:visible`).count();
    await editor.edit(free, async (dialog) => {
      await dialog.locator("#skein-in-message").selectOption("");
      expect(await dialog.innerText()).toContain("skein/v1/");
      await dialog.locator("#node-input-topic").fill("a/#/b");
    });
    await eventually(async () => expect(await marks()).toBe(1));
    await editor.edit(free, (dialog) => dialog.locator("#node-input-topic").fill("a/#"));
    await eventually(async () => expect(await marks()).toBe(0));
    await editor.deploy();
    await eventually(async () => expect(await editor.status(free)).toBe("Verbunden"));
  }, 120_000);

  it("brings no second bus with a ready-made flow that is imported as a copy", async () => {
    const editor = await openEditor(browser, `${leader.url}/editor/`);
    const { page } = editor;
    const buses = () =>
      page.evaluate(() => {
        const ids: string[] = [];
        RED.nodes.eachConfig(({ id, type }) => void (type === "skein-bus" && ids.push(id)));
        return ids;
      });
    expect(await buses()).toEqual(["skein-house-bus"]);
    for (const [file, label] of [
      ["daily-summary.json", "Daily summary"],
      ["follower-died-and-back.json", "A follower died, or is back"],
    ] as const) {
      await editor.importFlows(readFileSync(join(__dirname, "../../flows", file), "utf8"));
      await page.getByRole("button", { name: "Import copy" }).click();
      await eventually(async () => expect((await editor.tabs()).join()).toContain(label));
    }
    expect(await buses()).toEqual(["skein-house-bus"]);
    const used = await page.evaluate(() =>
      RED.nodes.filterNodes({ type: "skein-heartbeat-monitor" }).map(({ bus }) => bus),
    );
    expect(used.length).toBeGreaterThanOrEqual(3);
    expect(new Set(used)).toEqual(new Set(["skein-house-bus"]));
    await editor.deploy();
  }, 120_000);
});
