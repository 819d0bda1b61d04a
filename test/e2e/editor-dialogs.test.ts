import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor, type Editor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { tempDir } from "../support/temp-dir";
import { packTinyNode } from "../support/tiny-node";

/** What people do with Node-RED's own dialogs must work in the leader as it does anywhere: import, export, subflows, palette. */
const tab = (id: string, label: string) => ({ id, type: "tab", label, disabled: false, info: "", env: [] });
const inject = (id: string, z: string, payload: string, wires: string[][]) => ({
  id,
  type: "inject",
  z,
  name: "say",
  props: [{ p: "payload" }],
  payload,
  payloadType: "str",
  repeat: "",
  crontab: "",
  once: false,
  x: 140,
  y: 320,
  wires,
});
const change = (id: string, z: string, wires: string[][]) => ({
  id,
  type: "change",
  z,
  name: "greet",
  rules: [{ t: "set", p: "payload", pt: "msg", to: "'Hello, ' & payload", tot: "jsonata" }],
  x: 320,
  y: 320,
  wires,
});
const debug = (id: string, z: string, name: string) => ({
  id,
  type: "debug",
  z,
  name,
  complete: "payload",
  active: true,
  tosidebar: true,
  x: 520,
  y: 320,
  wires: [],
});

interface Exported {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly z?: string;
  readonly wires?: string[][];
  readonly rules?: unknown;
  readonly in?: unknown[];
}

describe("the editor's dialogs in the leader", () => {
  const folder = tempDir("skein-dialogs-");
  let browser: TestBrowser;
  let leader: Leader;
  let editor: Editor;

  beforeAll(async () => {
    [browser, leader] = await Promise.all([startBrowser(), startLeader()]);
    editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    await editor.showDebug();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), leader?.stop()]);
    folder.remove();
    expect(browser?.errors).toEqual([]);
  });

  const hears = (text: RegExp) =>
    eventually(async () => expect((await editor.debugMessages()).at(-1) ?? "nothing").toMatch(text));
  const pressInject = async () => editor.press((await editor.nodes("inject"))[0] ?? "");

  it("imports a flow, runs it, and exports the same again", async () => {
    const flow = [
      tab("t1", "Greeting"),
      inject("n1", "t1", "house", [["n2"]]),
      change("n2", "t1", [["n3"]]),
      debug("n3", "t1", "greeting"),
    ];
    await editor.importFlows(JSON.stringify(flow));
    await eventually(async () => expect(await editor.tabs()).toEqual(["1 Who is alive", "Greeting"]));
    await editor.openTab("Greeting");
    await editor.deploy();
    await pressInject();
    await hears(/node: greeting.*"Hello, house"/);

    const exported = JSON.parse(await editor.exportFlows("flow")) as Exported[];
    const [injected, greet, shown] = ["inject", "change", "debug"].map((type) =>
      exported.find((node) => node.type === type),
    );
    expect(exported.find(({ type }) => type === "tab")).toMatchObject({ label: "Greeting" });
    expect(injected?.wires).toEqual([[greet?.id]]);
    expect(greet?.wires).toEqual([[shown?.id]]);
    expect(greet?.rules).toEqual(change("", "", []).rules);
    expect(exported).toHaveLength(4);
  });

  it("makes a subflow of nodes, takes it from the palette, and runs it", async () => {
    const { page } = editor;
    const [greet] = await editor.nodes("change");
    await editor.select(greet ?? "");
    await editor.invoke("core:convert-to-subflow");
    const subflow = page.locator('.red-ui-palette-node[data-palette-type^="subflow:"]').first();
    await subflow.waitFor({ state: "attached" });
    const type = (await subflow.getAttribute("data-palette-type")) ?? "";
    expect(await editor.nodes("change")).toEqual([]);
    expect(await editor.nodes(type)).toHaveLength(1);
    const second = await editor.drag(type, 320, 440);
    const [shown] = await editor.nodes("debug");
    const [said] = await editor.nodes("inject");
    await editor.wire(said ?? "", second);
    await editor.wire(second, shown ?? "");
    await editor.clearDebug();
    await editor.deploy();
    await pressInject();
    await eventually(async () => {
      const messages = await editor.debugMessages();
      expect(messages).toHaveLength(2);
      for (const message of messages) expect(message).toContain('"Hello, house"');
    });
    const exported = JSON.parse(await editor.exportFlows("flow")) as Exported[];
    expect(exported.find((node) => node.type === "subflow")?.in).toHaveLength(1);
  });

  it("names what an imported flow needs and the house has not, and everything else runs on", async () => {
    const stranger = { id: "s1", type: "nonesuch", z: "t2", name: "stranger", x: 320, y: 320, wires: [] };
    const needs = { id: "g1", type: "global-config", env: [], modules: { "node-red-contrib-nonesuch": "1.2.3" } };
    await editor.importFlows(JSON.stringify([needs, tab("t2", "Needs more"), stranger]));
    await eventually(async () =>
      expect((await editor.notifications()).join("\n")).toMatch(/Required modules missing.*node-red-contrib-nonesuch/),
    );
    await editor.page.getByRole("button", { name: "Ignore" }).click();
    await editor.importFlows(JSON.stringify([tab("t3", "Needs still more"), { ...stranger, id: "s2", z: "t3" }]));
    await eventually(async () =>
      expect((await editor.notifications()).join("\n")).toMatch(/unrecognised type.*nonesuch/),
    );
    // Undone, so that the flows can be deployed: an unknown type would stop them all.
    await editor.invoke("core:undo");
    await editor.invoke("core:undo");
    await eventually(async () => expect(await editor.tabs()).toEqual(["1 Who is alive", "Greeting"]));
  });

  it("exports a bus of the owner's without the name and the password by which it is entered", async () => {
    const json = { "content-type": "application/json" };
    const before = (await (await leader.fetch("/editor/flows")).json()) as object[];
    const own = { id: "own-bus", type: "skein-bus", configVersion: 1, name: "Garden", mode: "broker" };
    const address = { url: "mqtt://127.0.0.1:1", identity: "", judgeHere: false };
    const credentials = { username: "the-gardener", password: "rosebud" };
    const deployed = await leader.fetch("/editor/flows", {
      method: "POST",
      headers: json,
      body: JSON.stringify([...before, { ...own, ...address, credentials }]),
    });
    expect(deployed.status).toBeLessThan(300);
    // It does have them.
    const kept = await leader.fetch("/editor/credentials/skein-bus/own-bus", {
      headers: { accept: json["content-type"] },
    });
    expect(await kept.json()).toMatchObject({ has_password: true });

    const fresh = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    const text = await fresh.exportFlows("full");
    await fresh.page.context().close();
    expect((JSON.parse(text) as Exported[]).find(({ id }) => id === "own-bus")).toMatchObject({ name: "Garden" });
    expect(text).not.toMatch(/rosebud|the-gardener|credentials/);

    await leader.fetch("/editor/flows", { method: "POST", headers: json, body: JSON.stringify(before) });
    await editor.page.reload();
    await eventually(async () => expect(await editor.tabs()).toEqual(["1 Who is alive", "Greeting"]));
    await editor.showDebug();
  });

  it("takes a package uploaded through the palette manager at once, and keeps it over a restart of the flow host", async () => {
    await editor.uploadPackage(packTinyNode(folder.path));
    await editor.invoke("core:add-flow");
    const said = await editor.drag("inject", 140, 320);
    const shout = await editor.drag("tiny-shout", 320, 320);
    const shown = await editor.drag("debug", 520, 320);
    await editor.wire(said, shout);
    await editor.wire(shout, shown);
    await editor.clearDebug();
    await editor.deploy();
    await editor.press(said);
    await hears(/"\d{13}!"/);
    await leader.restart("flowHost");
    await editor.clearDebug();
    await eventually(async () => {
      await editor.press(said);
      expect((await editor.debugMessages()).at(-1)).toMatch(/"\d{13}!"/);
    }, 20_000);
  }, 120_000);
});
