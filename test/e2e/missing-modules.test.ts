import { cpSync } from "node:fs";
import { join } from "node:path";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor, type Editor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { tempDir } from "../support/temp-dir";
import { packTinyNode } from "../support/tiny-node";

/** A flow as a Node-RED before 4.1 exports it: with types, and without a list of the modules that they are from. */
const old = [
  { id: "a1", type: "tab", label: "Old" },
  { id: "a2", type: "tiny-shout", z: "a1", name: "", x: 200, y: 100, wires: [[]] },
  { id: "a3", type: "ghost", z: "a1", name: "", x: 200, y: 160, wires: [[]] },
];

describe("an imported flow that needs a package which is not here", () => {
  const folder = tempDir("skein-missing-");
  let browser: TestBrowser;
  let leader: Leader;
  let editor: Editor;

  beforeAll(async () => {
    const tarball = packTinyNode(folder.path);
    leader = await startLeader({
      prepare: (dir) => cpSync(tarball, join(dir, "palette/shout.tgz"), { recursive: true }),
    });
    browser = await startBrowser();
    editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await leader?.stop();
    folder.remove();
  });

  it("is told which package of the leader's catalogue has the type, and is led to it", async () => {
    await editor.importFlows(JSON.stringify(old));
    const words = await eventually(async () => {
      const found = (await editor.notifications()).find((text) => text.includes("need packages"));
      if (!found) throw new Error(`only told: ${(await editor.notifications()).join(" | ")}`);
      return found;
    });
    expect(words).toContain("node-red-contrib-tiny-shout 1.0.0 (tiny-shout)");
    // Node-RED itself names the types, also that which no catalogue knows.
    expect((await editor.notifications()).join(" ")).toMatch(/unrecogni[sz]ed types?:.*ghost/i);
    await editor.page.getByRole("button", { name: "Open the palette" }).click();
    await editor.page.locator(".red-ui-palette-module-header", { hasText: "node-red-contrib-tiny-shout" }).waitFor();
  }, 120_000);
});
