import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { EventsPage, FlowNode, FlowsDiff, FlowsView, SnapshotView } from "@skein/contracts";
import WebSocket from "ws";
import { giveWord, WORD_HEADER } from "../../runtime/src/flow-host/core-word";
import { bearer, makeAccounts, type TestLogin } from "../../runtime/src/core/testing/owner";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { tempDir } from "../support/temp-dir";

/** Core decides who comes to the flows, the flow host trusts only core, and what was deployed can be looked at and taken back. */
describe("the flows of a house", () => {
  const folder = tempDir("skein-flows-");
  let leader: Leader;
  let browser: TestBrowser;
  let people: Record<"viewer" | "operator" | "designer", TestLogin>;

  beforeAll(async () => {
    people = await makeAccounts(folder.join("data"), ["viewer", "operator", "designer"]);
    [leader, browser] = await Promise.all([startLeader({ dataDir: folder.join("data") }), startBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await leader?.stop();
    folder.remove();
    expect(browser?.errors).toEqual([]);
  });

  const cookie = ({ session: value }: TestLogin) => ({ name: `skein_session_${leader.port}`, value });
  const api = async <T>(path: string, body?: object, who: TestLogin = people.designer): Promise<T> => {
    const headers = { ...bearer(who), "content-type": "application/json" };
    const answer = await leader.fetch(`/api/v1${path}`, {
      headers,
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    return (await answer.json()) as T;
  };
  const snapshots = async () => (await api<{ snapshots: SnapshotView[] }>("/snapshots")).snapshots;
  const rev = async () => (await api<FlowsView>("/flows")).rev;
  /** The newest one, when it is of the flows that run now. */
  const latest = () =>
    eventually(async () => {
      const [first] = await snapshots();
      expect(first).toMatchObject({ rev: await rev(), current: true });
      return first as SnapshotView;
    });
  const comms = (headers: Record<string, string>) => {
    const socket = new WebSocket(`${leader.url.replace("http", "ws")}/editor/comms`, { headers });
    const status = new Promise<number>((resolve) => {
      socket.on("open", () => resolve(101));
      socket.on("unexpected-response", (asked, answer) => (asked.destroy(), resolve(answer.statusCode ?? 0)));
      socket.on("error", () => resolve(0));
    });
    return { socket, status };
  };
  const browsing = (who: TestLogin) => ({ cookie: `${cookie(who).name}=${cookie(who).value}`, origin: leader.url });

  it("are edited by a designer without a second login, and each deploy leaves a snapshot with the name", async () => {
    await latest();
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: cookie(people.designer) });
    expect(await editor.page.locator("#node-dialog-login-username").count()).toBe(0);
    const before = await latest();
    const id = await editor.drag("debug", 300, 200);
    await editor.deploy();
    const after = await eventually(async () => {
      const now = await latest();
      expect(now.id).not.toBe(before.id);
      return now;
    });
    expect(after.by).toBe("designer");
    // Status and debug come by the socket: it is let in as the page is.
    await eventually(async () => expect(await editor.status("skein-first-monitor")).not.toBe(""));
    const { changes } = await api<FlowsDiff>(`/snapshots/${before.id}/diff/${after.id}`);
    expect(changes).toMatchObject([{ id, type: "debug", what: "added" }]);

    const events = await api<EventsPage>("/events?type=flows-deployed", undefined, leader.owner);
    expect(events.events[0]).toMatchObject({
      actor: "designer",
      address: expect.stringContaining("127.0.0.1"),
      audit: true,
    });

    await api(`/snapshots/${before.id}/rollback`, {});
    expect((await api<FlowsView>("/flows")).flows.map((node) => node.id)).not.toContain(id);
    expect(await latest()).toMatchObject({ rev: before.rev, by: "designer", note: expect.stringMatching(/^back to /) });
    await editor.page.context().close();
  }, 120_000);

  it("are nobody's who is no designer: neither the editor nor its socket nor the API", async () => {
    for (const [who, status] of [
      [people.viewer, 403],
      [people.operator, 403],
      [undefined, 401],
    ] as const) {
      const headers = who ? bearer(who) : { authorization: "" };
      for (const path of ["/editor/", "/editor/flows", "/api/v1/flows", "/api/v1/snapshots"])
        expect([path, (await leader.fetch(path, { headers })).status]).toEqual([path, status]);
      expect(await comms(who ? browsing(who) : {}).status).toBe(status);
    }
    // Core's word from outside is nobody's: neither in the place of a login, nor beside one that is not enough.
    const word = giveWord(
      { area: "editor", address: "127.0.0.1", account: { id: "owner", name: "x", role: "admin" } },
      "a key of my own",
      Date.now(),
    );
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${leader.url}/editor/flows`, { headers: { [WORD_HEADER]: word, ...headers } })).status;
    expect(await Promise.all([status({}), status(bearer(people.viewer)), status(bearer(people.designer))])).toEqual([
      401, 403, 200,
    ]);
  });

  it("cannot be asked for by the flow host's own socket", async () => {
    const status = (path: string, headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const socketPath = join(leader.dataDir, "run", "flow-host.sock");
        const asked = request({ socketPath, path, headers }, (answer) => (answer.resume(), resolve(answer.statusCode)));
        asked.on("error", reject);
        asked.end();
      });
    for (const path of ["/editor/flows", "/hooks/x", "/"]) {
      expect(await status(path, {})).toBe(403);
      expect(await status(path, bearer(leader.owner))).toBe(403);
    }
  });

  it("lose their editor's socket at once when the session is over", async () => {
    const login = await fetch(`${leader.url}/api/v1/login`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: leader.url },
      body: JSON.stringify({ account: "designer", password: people.designer.password }),
    });
    const mine = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const { socket, status } = comms({ cookie: mine, origin: leader.url });
    expect(await status).toBe(101);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await fetch(`${leader.url}/api/v1/logout`, { method: "POST", headers: { cookie: mine, origin: leader.url } });
    await closed;
  });

  it("take an import beside them, twice too, and nothing that no package brings", async () => {
    const tab = { id: "in-tab", type: "tab", label: "Imported" };
    const node = { id: "in-node", type: "debug", z: "in-tab", x: 100, y: 100, wires: [] };
    const before = await api<FlowsView>("/flows");
    const first = await api<{ added: string[] }>("/flows/import", { flows: [tab, node] });
    const again = await api<{ added: string[]; reused: string[] }>("/flows/import", {
      flows: [tab, node, before.flows.find(({ type }) => type === "skein-bus")],
    });
    expect(first.added).toEqual(["in-tab", "in-node"]);
    expect(again).toMatchObject({ added: [expect.any(String), expect.any(String)], reused: ["skein-house-bus"] });
    const [newTab = "", newNode = ""] = again.added;
    expect(await api<FlowNode[]>(`/flows/export?tab=${newTab}`)).toEqual([
      { ...tab, id: newTab },
      { ...node, id: newNode, z: newTab },
    ]);
    const now = await rev();
    const refused = { code: "FLOW_TYPES_MISSING", detail: expect.stringContaining("nonesuch") };
    expect(await api("/flows/import", { flows: [{ ...node, type: "nonesuch" }] })).toMatchObject(refused);
    expect(await rev()).toBe(now);
    expect(await api("/flows", { flows: before.flows, rev: before.rev })).toMatchObject({ code: "FLOWS_CHANGED" });
    expect(await api("/flows", { flows: before.flows, rev: now, note: "as before" })).toEqual({ rev: before.rev });
    // There is an older one of the same flows.
    await eventually(async () => expect(await latest()).toMatchObject({ rev: before.rev, note: "as before" }));
  });

  it("keep the passwords of nodes that are there when they are taken back, and no snapshot has any", async () => {
    const before = await api<FlowsView>("/flows");
    const own = { id: "own-bus", type: "skein-bus", configVersion: 1, mode: "broker", url: "mqtt://127.0.0.1:1" };
    await api("/flows", {
      flows: [...before.flows, { ...own, credentials: { username: "gardener", password: "rosebud" } }],
    });
    const first = await latest();
    await api("/flows", { flows: [...before.flows, { ...own, name: "Garden" }] });
    await eventually(async () => expect((await latest()).id).not.toBe(first.id));
    await api(`/snapshots/${first.id}/rollback`, {});
    const json = { accept: "application/json" };
    const kept = await leader.fetch("/editor/credentials/skein-bus/own-bus", { headers: json });
    expect(await kept.json()).toMatchObject({ username: "gardener", has_password: true });
    const all = await Promise.all((await snapshots()).map(({ id }) => api<object>(`/snapshots/${id}`)));
    expect(JSON.stringify(all)).not.toMatch(/rosebud|gardener/);
  });

  it("tell whoever sends them garbage nothing of where the house lies", async () => {
    const headers = { ...bearer(people.designer), "content-type": "application/json" };
    const answer = await leader.fetch("/editor/flows", { method: "POST", headers, body: "garbage" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/node_modules|at .*:\d+:\d+/);
  });

  it("come back by themselves when their file is damaged, and that is told", async () => {
    const before = await latest();
    const { flows } = await api<FlowsView>("/flows");
    await leader.stop();
    const file = folder.join("data", "flows", "flows.json");
    const half = readFileSync(file, "utf8").slice(0, 300);
    writeFileSync(file, half);
    leader = await startLeader({ dataDir: folder.join("data") });
    await eventually(async () => expect(await latest()).toMatchObject({ rev: before.rev }));
    expect((await api<FlowsView>("/flows")).flows).toEqual(flows);
    const { events } = await api<EventsPage>("/events?type=flows-damaged");
    expect(events).toMatchObject([{ severity: "alarm", text: expect.stringContaining("were put back") }]);
    const aside = /flows\/(flows\.json\.damaged-\S+)\)/.exec(events[0]?.text ?? "")?.[1] ?? "";
    expect(readFileSync(folder.join("data", "flows", aside), "utf8")).toBe(half);
    const { notices } = await api<{ notices: { text: string; severity: string }[] }>("/notices");
    expect(notices).toContainEqual(expect.objectContaining({ severity: "alarm", text: events[0]?.text }));
  });
});
