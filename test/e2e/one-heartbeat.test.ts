import type { Page } from "playwright-core";
import { AgentProcess } from "../support/agent";
import { picture, startBrowser, type TestBrowser } from "../support/browser";
import { openEditor, type Editor } from "../support/editor";
import { always, eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { startMosquitto, type Mosquitto } from "../support/mosquitto";
import { falseVerdicts, forgetVerdicts, recordVerdicts, toldOf } from "../support/page-states";
import { tempDir } from "../support/temp-dir";

/**
 * Journey 1, one heartbeat: follower's health capability -> bus -> core's fleet judges -> verdict on the bus ->
 * heartbeat-monitor node -> flow; and -> the page. A real broker, agent, leader and browser. Beats come five times as often
 * as in a house, and the limits are scaled with them.
 */
const BEAT_MS = 1_000;

describe("one heartbeat", () => {
  const folder = tempDir("skein-heartbeat-");
  let browser: TestBrowser;
  let mosquitto: Mosquitto;
  let leader: Leader;
  let agent: AgentProcess;
  let editor: Editor;
  let page: Page;
  let monitor: string;

  beforeAll(async () => {
    mosquitto = await startMosquitto();
    agent = new AgentProcess({
      id: "cv-1",
      name: "Camera 1",
      realHost: true,
      folder: folder.path,
      busUrl: mosquitto.url,
      heartbeatMs: BEAT_MS,
      metricsMs: 1_000,
    });
    agent.start();
    [browser, leader] = await Promise.all([
      startBrowser(),
      startLeader({
        settings: {
          house: { name: "The house" },
          bus: { kind: "mqtt", url: mosquitto.url },
          fleet: { willGraceMs: 1_000, deadBeats: 4, clockMs: 1_000 },
        },
      }),
    ]);
    page = await browser.open(`${leader.url}/#/followers`, { cookie: leader.cookie, width: 390, height: 844 });
    await recordVerdicts(page);
    editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie, width: 1280, height: 800 });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), leader?.stop(), agent?.end("SIGKILL")]);
    await mosquitto?.close();
    folder.remove();
    expect(browser?.errors).toEqual([]);
  });

  const words = () => page.locator('[data-follower="cv-1"] .verdict').innerText();
  const says = (text: RegExp) => eventually(async () => expect(await words()).toMatch(text));
  const debug = () => editor.debugMessages("debug 1");
  /** The panel's last message, as it reads: the debug node shows what the flow made of it. */
  const hears = (text: RegExp) => eventually(async () => expect((await debug()).at(-1) ?? "nothing").toMatch(text));

  it("opens the editor on a running tab that tells who is alive", async () => {
    await eventually(async () => expect(await editor.activeTab()).toBe("1 Who is alive"));
    const [first] = await editor.nodes("skein-heartbeat-monitor");
    await eventually(async () => expect(await editor.status(first ?? "")).toBe("1 of 1 alive"));
    await picture(editor.page, "editor-first");
    await says(/^alive, .*last beat [01]\.\d s ago$/);
    const vitals = page.locator('[data-follower="cv-1"] .vitals');
    await eventually(async () => expect(await vitals.innerText()).toMatch(/CPU\s+\d+(\.\d)? %\s+Memory\s+\d/));
  });

  it("drags a heartbeat monitor and a debug node, wires, configures and deploys them", async () => {
    await editor.invoke("core:add-flow");
    monitor = await editor.drag("skein-heartbeat-monitor", 180, 320);
    const shown = await editor.drag("debug", 420, 320);
    await editor.wire(monitor, shown);
    await editor.edit(monitor, async (dialog) => {
      await dialog.locator("#node-input-name").fill("Camera 1");
    });
    await editor.deploy();
    await eventually(async () => expect(await editor.status(monitor)).toBe("1 of 1 alive"));
    await editor.showDebug();
    await picture(editor.page, "editor-wired");
    await always(async () => expect(await debug()).toEqual([]), 1_500);
  });

  it("says in the debug panel who died and why when the agent is killed, and that it is back", async () => {
    await agent.end("SIGKILL");
    await hears(/cv-1.*state: "dead".*cause: "will"/);
    await says(/^dead, connection died, last beat \d+(\.\d)? s ago$/);
    await eventually(async () => expect(await editor.status(monitor)).toBe("0 of 1 alive"));
    await picture(editor.page, "editor-message");
    agent.start();
    await hears(/cv-1.*state: "alive".*cause: "agent-restart"/);
    await says(/^alive, agent restarted .* ago, last beat [01]\.\d s ago$/);
    const back = page.locator('[data-follower="cv-1"] .back');
    await eventually(async () => expect(await back.innerText()).toMatch(/^back after \d+(\.\d)? s$/));
    expect(await debug()).toHaveLength(2);
  });

  it("finds a frozen agent by its silence, and it lives on when it is thawed", async () => {
    await editor.clearDebug();
    await forgetVerdicts(page);
    agent.signal("SIGSTOP");
    await hears(/cv-1.*state: "dead".*cause: "silence"/);
    await says(/^dead, no sign of life/);
    // The doubt is soon over: the page's own record tells it, however slow this test looks.
    expect(await toldOf(page, "cv-1")).toContainEqual(
      expect.stringMatching(/^cv-1: suspect, no sign of life, last beat \d\.\d s ago; /),
    );
    agent.signal("SIGCONT");
    await hears(/cv-1.*state: "alive"/);
    await says(/^alive\b/);
    expect(await debug()).toHaveLength(2);
  });

  it("lets nobody die while the broker is restarted: unknown, and then as before", async () => {
    await editor.clearDebug();
    await forgetVerdicts(page);
    await mosquitto.stop("SIGTERM");
    await says(/^unknown, the broker is away, last beat/);
    await eventually(async () => expect(await editor.status(monitor)).not.toMatch(/1 of 1/));
    await always(async () => expect(await words()).toMatch(/^unknown, /), 3_000, 100);
    await mosquitto.start();
    await says(/^alive\b/);
    await eventually(async () => expect(await editor.status(monitor)).toBe("1 of 1 alive"));
    await always(async () => expect(await debug()).toEqual([]), 1_500);
    expect(await falseVerdicts(page)).toEqual([]);
  });

  it("lets nobody die while core is restarted: the page says that it is out of date, then goes on", async () => {
    const restarted = leader.restart("core");
    await eventually(async () => expect(await page.locator(".banner-slot").innerText()).toMatch(/^Out of date/));
    await restarted;
    await eventually(async () => expect(await page.locator(".banner-slot").innerText()).toBe(""));
    await says(/^alive\b/);
    await eventually(async () => expect(await editor.status(monitor)).toBe("1 of 1 alive"));
    await always(async () => expect(await debug()).toEqual([]), 1_500);
    expect(await falseVerdicts(page)).toEqual([]);
  });

  it("judges on while the flow host is restarted, and the monitor goes on after it", async () => {
    await forgetVerdicts(page);
    await leader.restart("flowHost");
    await eventually(async () => expect(await editor.status(monitor)).toBe("1 of 1 alive"));
    await always(async () => expect(await debug()).toEqual([]), 1_500);
    expect(await falseVerdicts(page)).toEqual([]);
    await agent.end("SIGKILL");
    await hears(/cv-1.*state: "dead".*cause: "will"/);
    expect(await debug()).toHaveLength(1);
  }, 120_000);
});
