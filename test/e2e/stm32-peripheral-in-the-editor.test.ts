import { createBus, createTransport, type Bus } from "@skein/bus";
import { birth, heartbeat, hubChannelState, hubCommand, hubDescription, type DataOf } from "@skein/contracts";
import { createIds, every, systemClock, systemRandom } from "@skein/kit";
import { startBrowser, type TestBrowser } from "../support/browser";
import { openEditor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** An stm32 peripheral node as somebody meets it who drew it a moment ago: the board says itself what there is to choose and how far it goes. */
describe("the stm32 peripheral node in the editor", () => {
  let browser: TestBrowser;
  let leader: Leader;
  let board: Bus;
  let stopBeating: () => void;
  const asked: DataOf<typeof hubCommand>[] = [];

  beforeAll(async () => {
    leader = await startLeader();
    browser = await startBrowser();
    const id = "hub-1";
    const parts = { clock: systemClock, random: systemRandom };
    const { url, ...login } = leader.busUser(id, "follower");
    const transport = createTransport({ url, clientId: `skein-${id}`, ...login }, parts);
    const ids = createIds(systemClock, systemRandom);
    board = createBus({ id, transport, ...parts, ids, presence: { as: "follower" } });
    const limits = { step: 1, safe: 0, maxMs: 0, needsArm: false, canCalibrate: false };
    const fan = { id: 2, name: "fan", kind: "led", driven: true, unit: "%", min: 0, max: 100, canRamp: true };
    const room = { id: 8, name: "temperature", kind: "temperature", driven: false, unit: "Cel", min: -40, max: 125 };
    const channels = [
      { ...limits, ...fan },
      { ...limits, ...room, canRamp: false },
    ];
    const bootId = "0f3f2b1e-7a5e-4c55-8f0a-1f2e3d4c5b6a";
    await board.publish(
      birth,
      { id },
      { name: "Door", bootId, host: {}, versions: { agent: "0" }, capabilities: [{ name: "hub" }] },
    );
    const beat = () => void board.publish(heartbeat, { id }, { bootId, nextInMs: 2000, capabilities: { hub: "ok" } });
    stopBeating = every(systemClock, 2000, beat);
    await board.publish(hubDescription, { id }, { board: "nucleo-f446re", firmware: "1.0.0", channels });
    await board.publish(hubChannelState, { id, channel: "2" }, { value: 0, at: systemClock.now() });
    await board.publish(hubChannelState, { id, channel: "8" }, { value: 21, at: systemClock.now() });
    await board.serve(hubCommand, { target: id }, ({ data }) => {
      asked.push(data);
      const channel = data.action === "read" ? data.channel : 2;
      return { channels: [{ channel, value: channel === 8 ? 21 : 0 }], ms: 1 };
    });
  }, 120_000);
  afterAll(async () => {
    stopBeating?.();
    await browser?.close();
    await board?.close();
    await leader?.stop();
  });

  it("offers the board's channels with their ranges, marks what one does not take, and reads it by its button", async () => {
    const editor = await openEditor(browser, `${leader.url}/editor/`, { cookie: leader.cookie });
    const id = await editor.drag("skein-stm32-peripheral", 300, 100);
    await editor.edit(id, async (dialog) => {
      expect(await dialog.locator("#skein-stm32-direct-row").isVisible()).toBe(false);
      const offered = (list: string) =>
        dialog.locator(`#skein-stm32-${list} option`).evaluateAll((all) => all.map((one) => one.getAttribute("value")));
      await eventually(async () => expect(await offered("boards")).toEqual(["hub-1"]));
      await dialog.locator("#node-input-board").fill("hub-1");
      await eventually(async () => expect(await offered("channels")).toEqual(["fan", "temperature"]));

      await dialog.locator("#node-input-channel").fill("fan");
      const about = dialog.locator("#skein-stm32-about");
      await eventually(async () => expect(await about.innerText()).toBe("driven, led, 0 … 100 %, now 0 %"));
      expect(await dialog.locator("#node-input-rampMs").isVisible()).toBe(true);
      expect(await dialog.locator("#node-input-tell").isVisible()).toBe(false);
      const isWrong = () => editor.page.evaluate('$("#node-input-payload").hasClass("input-error")');
      await editor.page.evaluate('$("#node-input-payload").typedInput("type", "num").typedInput("value", "140")');
      expect(await isWrong()).toBe(true);
      await editor.page.evaluate('$("#node-input-payload").typedInput("value", "40")');
      expect(await isWrong()).toBe(false);

      await dialog.locator("#node-input-channel").fill("8");
      expect(await about.innerText()).toBe("read, temperature, -40 … 125 °C, now 21 °C");
      expect(await dialog.locator("#node-input-rampMs").isVisible()).toBe(false);
      await dialog.locator("#node-input-tell").selectOption("every");
      await dialog.locator("#node-input-everyS").fill("3600");
    });
    await editor.deploy();
    await eventually(async () => expect(await editor.status(id)).toBe("21 °C"));
    await editor.press(id);
    await eventually(async () => expect((await editor.notifications()).join()).toContain("now 21 °C"));
    expect(asked).toEqual([{ action: "read", channel: 8 }]);
    const [exported] = (JSON.parse(await editor.exportFlows("full")) as { type: string }[]).filter(
      ({ type }) => type === "skein-stm32-peripheral",
    );
    expect(exported).toMatchObject({ board: "hub-1", channel: "8", tell: "every", everyS: "3600", direct: "" });
  }, 120_000);
});
