import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NoticeView, RoutineView } from "@skein/contracts";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor, type Editor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** What a newcomer meets in the editor: our nodes drawn, tried by their buttons, in the browser's language, and the ready-made flows beside the first one. */
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
    leader = await startLeader({ follower: true, settings: { follower: { id: "here", name: "This machine" } } });
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await leader?.stop();
  });

  const get = async <T>(path: string) => (await (await leader.fetch(`/api/v1${path}`)).json()) as T;
  const status = (editor: Editor, id: string, text: string) =>
    eventually(async () => expect(await editor.status(id)).toBe(text));

  it("opens a routine that was drawn by a deploy, named by its own id", async () => {
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    const id = await editor.drag("skein-routine", 200, 100);
    await editor.edit(id, async (dialog) => {
      await dialog.locator("#node-input-name").fill("Gute Nacht");
      await eventually(async () =>
        expect(await dialog.locator("#skein-routine-address").textContent()).toBe("POST /api/v1/routines/gute-nacht"),
      );
    });
    await editor.deploy();
    await status(editor, id, "open");
    const { routines } = await get<{ routines: RoutineView[] }>("/routines");
    expect(routines).toMatchObject([{ id: "gute-nacht", name: "Gute Nacht", available: true }]);
    await editor.edit(id, (dialog) => dialog.getByRole("button", { name: "Start it now" }).click());
    await eventually(async () => expect((await editor.notifications()).join()).toContain("Started."));
  });

  it("lets one choose a room by a click, and watches whoever is put into it on the page from then on", async () => {
    const send = async (method: string, path: string, body: object) => {
      const headers = { "content-type": "application/json" };
      const answer = await leader.fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
      expect(answer.status).toBeLessThan(300);
    };
    await send("POST", "/rooms", { name: "Hall" });
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    const id = await editor.drag("skein-heartbeat-monitor", 500, 100);
    await editor.edit(id, async (dialog) => {
      await dialog.getByLabel("Hall (room:hall)").check();
      await dialog.getByLabel("This machine (here)").waitFor();
      expect(await dialog.locator("#skein-followers").inputValue()).toBe("room:hall");
    });
    await editor.deploy();
    await status(editor, id, "no followers yet");
    await send("PUT", "/places/follower/here", { room: "hall" });
    await status(editor, id, "1 of 1 alive");
    await editor.edit(id, async (dialog) => {
      await eventually(async () =>
        expect(await dialog.locator("#skein-follower-list").innerText()).toMatch(/Hall \(room:hall\)\s+This machine\n/),
      );
      expect(await dialog.getByLabel("Hall (room:hall)").isChecked()).toBe(true);
    });
    const listener = await editor.drag("skein-in", 500, 180);
    await editor.edit(listener, async (dialog) => {
      const offered = dialog.locator("#skein-in-followers option");
      await eventually(async () =>
        expect(await offered.evaluateAll((options) => options.map((option) => option.getAttribute("value")))).toEqual([
          "room:hall",
          "here",
        ]),
      );
      await dialog.locator("#skein-id-id").fill("room:hall");
      expect(await dialog.locator("#skein-id-id").getAttribute("aria-invalid")).toBe("false");
    });
    await editor.deploy();
    await status(editor, listener, "connected");
  }, 120_000);

  it("sends a test notice from a node with two buttons, and keeps what was set", async () => {
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    const id = await editor.drag("skein-notify", 200, 180);
    await editor.edit(id, async (dialog) => {
      await dialog.locator("#node-input-severity").selectOption("warning");
      await dialog.locator("#skein-notify-label-1").fill("Restart it");
      await dialog.locator("#skein-notify-value-1").fill("restart");
      await dialog.locator("#skein-notify-label-2").fill("Leave it");
      await dialog.locator("#skein-notify-value-2").fill("restart");
      // Two that send the same are told at once, and cannot be meant.
      expect(await dialog.locator("#skein-notify-value-2").getAttribute("aria-invalid")).toBe("true");
      await dialog.locator("#skein-notify-value-2").fill("");
      expect(await dialog.locator("#skein-notify-value-2").getAttribute("aria-invalid")).toBe("false");
      await dialog.locator("#node-input-validMinutes").fill("30");
    });
    await editor.deploy();
    await status(editor, id, "ready");
    await editor.press(id);
    await status(editor, id, "sent");
    expect((await editor.notifications()).join()).toContain("Sent by: page.");
    const { notices } = await get<{ notices: NoticeView[] }>("/notices");
    expect(notices).toMatchObject([{ title: "Test", severity: "warning", actions: [] }]);
    await editor.edit(id, async (dialog) => {
      const value = (name: string) => dialog.locator(`#skein-notify-${name}`).inputValue();
      expect(await Promise.all(["label-1", "value-1", "label-2", "value-2", "label-3"].map(value))).toEqual([
        "Restart it",
        "restart",
        "Leave it",
        "",
        "",
      ]);
    });
    const exported = JSON.parse(await editor.exportFlows("flow")) as { type: string }[];
    expect(exported.find(({ type }) => type === "skein-notify")).toMatchObject({
      buttons: { 1: { value: "restart", label: "Restart it" }, 2: { value: "Leave it", label: "Leave it" } },
      validMinutes: 30,
      text: "payload",
      textType: "msg",
    });
  });

  it("speaks German with a German: palette, ports, labels and dialogs of our nodes", async () => {
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie, locale: "de-DE" });
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
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
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
      ["ask-when-a-follower-died.json", "A follower died: what is to be done?"],
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
