import type { Locator, Page } from "playwright-core";
import type { OpenOptions, TestBrowser } from "./browser";
import { eventually } from "./eventually";

/**
 * Node-RED's editor as its user works it: with mouse and keyboard, through its own dialogs. What a test asks of it is read
 * off the screen; only a new node's id is asked of the editor's code, since the screen does not show it. Keep nodes
 * below 250 px, where no notification lies over them.
 */
export interface Editor {
  readonly page: Page;
  /** Drags a node from the palette to a place on the canvas (px from its top left). Returns its id. */
  drag(type: string, x: number, y: number): Promise<string>;
  /** Draws a wire between an output (from 0) and a node's input. */
  wire(from: string, to: string, output?: number): Promise<void>;
  /** Opens a node's dialog, does something in it, and presses Done. */
  edit(id: string, change: (dialog: Locator) => Promise<void>): Promise<void>;
  /** Presses Deploy and waits until it is done. */
  deploy(): Promise<void>;
  select(id: string): Promise<void>;
  /** Presses the button of an inject or debug node. */
  press(id: string): Promise<void>;
  /** The status under a node; empty when it has none. */
  status(id: string): Promise<string>;
  /** What the debug panel shows, oldest first, each as it reads on the screen; of one debug node when its name is given. */
  debugMessages(node?: string): Promise<string[]>;
  showDebug(): Promise<void>;
  clearDebug(): Promise<void>;
  /** Pastes flows into the import dialog, presses Import, and puts down at `at` on the canvas what then hangs on the mouse. */
  importFlows(json: string, at?: { x: number; y: number }): Promise<void>;
  /** What the export dialog offers for the current tab, the selection or all flows. */
  exportFlows(range?: "flow" | "full" | "selected"): Promise<string>;
  /** Uploads a .tgz through the palette manager and waits until it says that it is done. */
  uploadPackage(file: string): Promise<void>;
  /** The texts of the notifications that are shown now. */
  notifications(): Promise<string[]>;
  /** Ids of the nodes on the current tab, by type. */
  nodes(type?: string): Promise<string[]>;
  /** The labels of the tabs, in order. */
  tabs(): Promise<string[]>;
  activeTab(): Promise<string>;
  openTab(label: string): Promise<void>;
  /** An action of the editor by its name, as its menu and its keys call it. */
  invoke(action: string, args?: unknown): Promise<void>;
}

/** What we use of the editor's global. */
declare const RED: {
  nodes: {
    filterNodes(filter: { z?: string; type?: string }): { id: string }[];
    filterLinks(filter: { source: { z: string } }): unknown[];
    dirty(): boolean;
  };
  workspaces: { active(): string };
  actions: { invoke(action: string, args?: unknown): void };
};

export async function openEditor(browser: TestBrowser, url: string, options: OpenOptions = {}): Promise<Editor> {
  const page = await browser.open(url, { width: 1440, height: 900, ...options });
  await page.locator(".red-ui-palette-node").first().waitFor();
  await page.locator("#red-ui-loading-progress").waitFor({ state: "hidden" });
  await page.waitForFunction(() => RED.workspaces.active() !== "");
  return createEditor(page);
}

function createEditor(page: Page): Editor {
  const canvas = page.locator("#red-ui-workspace-chart");
  const node = (id: string) => page.locator(`[id="${id}"]`);
  const centre = async (locator: Locator) => {
    const box = await locator.boundingBox();
    if (!box) throw new Error(`nothing to see at ${String(locator)}`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const dragMouse = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 6 });
    await page.mouse.move(to.x, to.y, { steps: 6 });
    await page.mouse.up();
  };
  const nodes = (type?: string) =>
    page.evaluate(
      (type) => RED.nodes.filterNodes({ z: RED.workspaces.active(), ...(type ? { type } : {}) }).map(({ id }) => id),
      type,
    );
  const invoke = (action: string, args?: unknown) =>
    page.evaluate(([action, args]) => RED.actions.invoke(action as string, args), [action, args]);
  const texts = async (selector: string) =>
    (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  const links = () => page.evaluate(() => RED.nodes.filterLinks({ source: { z: RED.workspaces.active() } }).length);
  const notifications = () => texts(".red-ui-notification");

  return {
    page,
    nodes,
    invoke,
    async drag(type, x, y) {
      const before = await nodes();
      const entry = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
      await entry.scrollIntoViewIfNeeded();
      const box = await canvas.boundingBox();
      if (!box) throw new Error("no canvas");
      await dragMouse(await centre(entry), { x: box.x + x, y: box.y + y });
      return eventually(async () => {
        const added = (await nodes(type)).find((id) => !before.includes(id));
        if (!added) throw new Error(`dragging ${type} put nothing on the canvas`);
        await node(added).waitFor();
        return added;
      });
    },
    async wire(from, to, output = 0) {
      const start = node(from).locator(".red-ui-flow-port-output .red-ui-flow-port").nth(output);
      const before = await links();
      // The editor redraws now and then and lets go of the port that was just grasped: who sees no wire draws it again.
      await eventually(
        async () => {
          await dragMouse(
            await centre(start),
            await centre(node(to).locator(".red-ui-flow-port-input .red-ui-flow-port")),
          );
          if ((await links()) !== before + 1) throw new Error(`no wire came to be from ${from} to ${to}`);
        },
        30_000,
        400,
      );
    },
    async edit(id, change) {
      await node(id).locator(".red-ui-flow-node").dblclick();
      const dialog = page.locator(".red-ui-editor .red-ui-tray").last();
      const done = page.locator("#node-dialog-ok");
      await done.waitFor();
      // The tray slides in; what is typed before it stands may be overwritten by the form's own filling.
      await eventually(async () => {
        const a = await done.boundingBox();
        await page.waitForTimeout(60);
        const b = await done.boundingBox();
        if (a?.x !== b?.x) throw new Error("the dialog is still moving");
      });
      await change(dialog);
      await done.click();
      await done.waitFor({ state: "hidden" });
    },
    async deploy() {
      await page.locator("#red-ui-header-button-deploy").click();
      await eventually(async () => {
        if (await page.evaluate(() => RED.nodes.dirty()))
          throw new Error(`not deployed; the editor says ${JSON.stringify(await notifications())}`);
      });
      // For most of a second a shade lies over everything and takes the clicks.
      await page.locator("#red-ui-full-shade").waitFor({ state: "hidden" });
    },
    async select(id) {
      await node(id).locator(".red-ui-flow-node").click();
    },
    async press(id) {
      await node(id).locator(".red-ui-flow-node-button-button").click();
    },
    async status(id) {
      const label = node(id).locator(".red-ui-flow-node-status-label");
      return (await label.count()) > 0 ? ((await label.textContent()) ?? "") : "";
    },
    debugMessages: async (node) =>
      (await texts(".red-ui-debug-msg")).filter((text) => node === undefined || text.includes(`node: ${node} `)),
    showDebug: () => invoke("core:show-debug-tab"),
    clearDebug: () => invoke("core:clear-debug-messages"),
    async importFlows(json, at = { x: 300, y: 500 }) {
      await invoke("core:show-import-dialog");
      const text = page.locator("#red-ui-clipboard-dialog-import-text");
      await text.fill(json);
      // The dialog checks what was pasted at a key, not at an input event.
      await text.press("End");
      const ok = page.locator("#red-ui-clipboard-dialog-ok");
      await eventually(async () => {
        if (!(await ok.isEnabled())) throw new Error("the dialog does not take this text");
      });
      await ok.click();
      await ok.waitFor({ state: "hidden" });
      await canvas.click({ position: at });
    },
    async exportFlows(range = "flow") {
      await invoke("core:show-export-dialog");
      await page.locator(`#red-ui-clipboard-dialog-export-rng-${range}`).click();
      const text = await page.locator("#red-ui-clipboard-dialog-export-text").inputValue();
      await page.keyboard.press("Escape");
      return text;
    },
    async uploadPackage(file) {
      await invoke("core:manage-palette", { view: "install" });
      await page.locator('#red-ui-palette-editor-upload-form input[name="tarball"]').setInputFiles(file);
      await page.locator(".red-ui-palette-editor-upload-buttons .primary").click();
      await eventually(async () => {
        const said = await notifications();
        if (
          !said.some((text) => text.startsWith("Node added to palette") || text.startsWith("Nodes added to palette"))
        ) {
          throw new Error(`the palette manager says ${JSON.stringify(said)}`);
        }
      });
      await page.locator(".red-ui-tray-toolbar .primary").last().click();
      await page.locator(".red-ui-tray").waitFor({ state: "detached" });
    },
    notifications,
    tabs: () => texts("#red-ui-workspace-tabs .red-ui-tab"),
    activeTab: async () => (await texts("#red-ui-workspace-tabs .red-ui-tab.active"))[0] ?? "",
    async openTab(label) {
      await page.locator("#red-ui-workspace-tabs .red-ui-tab", { hasText: label }).click();
    },
  };
}
