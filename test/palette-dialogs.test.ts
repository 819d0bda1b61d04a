/** What the dialogs of our nodes mark as wrong, asked of their editor halves as the editor asks; and their live lists, in a browser. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { LIST_STYLE } from "../packages/palette/src/editor/live-list";
import { hardColours } from "../packages/palette/src/testing/look-check";
import { ours, readPalettePackage, type EditorDefinition } from "../packages/palette/src/testing/palette-package";
import { seriousFlaws } from "./support/accessible";
import { startBrowser, type TestBrowser } from "./support/browser";
import { eventually } from "./support/eventually";

describe("the editor", () => {
  const halves = new Map<string, EditorDefinition | undefined>();
  beforeAll(async () => {
    for (const name of ["bus", "heartbeat-monitor", "kasa-light", "notify", "routine", "stm32-peripheral"]) {
      const { nodes } = await readPalettePackage(join(__dirname, "../nodes", name));
      for (const { type, editor } of nodes) halves.set(type, editor);
    }
  });

  const free = (topic: unknown) => ({ message: "", topic, topicType: "str" });
  const id = (id: unknown) => ({ message: "heartbeat", ids: { id } });
  const typed = (value: string, type = "str") => ({ message: "flowEvent", ids: { name: { value, type } } });
  it.each`
    type                         | saved                                                                            | valid
    ${"skein-heartbeat-monitor"} | ${{ followers: [] }}                                                             | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["attic", "*-1"] }}                                               | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["a", "${MANY}"] }}                                               | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["room:hall"] }}                                                  | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["room:The hall"] }}                                              | ${false}
    ${"skein-heartbeat-monitor"} | ${{ followers: "attic, hub" }}                                                   | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: null }}                                                           | ${true}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["Attic"] }}                                                      | ${false}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["a", "../x"] }}                                                  | ${false}
    ${"skein-heartbeat-monitor"} | ${{ followers: ["-x*"] }}                                                        | ${false}
    ${"skein-in"}                | ${id("attic, cv-*, ${MORE}")}                                                    | ${true}
    ${"skein-in"}                | ${id("room:hall, cv-1")}                                                         | ${true}
    ${"skein-in"}                | ${{ message: "flowEvent", ids: { name: "room:hall" } }}                          | ${false}
    ${"skein-in"}                | ${id("Bad Id!")}                                                                 | ${false}
    ${"skein-in"}                | ${{ ...id("Bad Id!"), ...free("a") }}                                            | ${true}
    ${"skein-in"}                | ${free("a/+/#")}                                                                 | ${true}
    ${"skein-in"}                | ${free("${TOPIC}")}                                                              | ${true}
    ${"skein-in"}                | ${free("a/#/b")}                                                                 | ${false}
    ${"skein-in"}                | ${free("")}                                                                      | ${false}
    ${"skein-in"}                | ${{ message: "heartbeat", topic: "" }}                                           | ${true}
    ${"skein-out"}               | ${typed("door")}                                                                 | ${true}
    ${"skein-out"}               | ${typed("${DOOR}")}                                                              | ${true}
    ${"skein-out"}               | ${typed("The door", "msg")}                                                      | ${true}
    ${"skein-out"}               | ${typed("The door")}                                                             | ${false}
    ${"skein-out"}               | ${free("")}                                                                      | ${true}
    ${"skein-out"}               | ${free("lamps/1/set")}                                                           | ${true}
    ${"skein-out"}               | ${free("lamps/+/set")}                                                           | ${false}
    ${"skein-out"}               | ${{ ...free("a/+"), topicType: "msg" }}                                          | ${true}
    ${"skein-kasa-light"}        | ${{}}                                                                            | ${true}
    ${"skein-kasa-light"}        | ${{ targets: ["kasa-1", "room:hall", "group:movie", "${MORE}"] }}                | ${true}
    ${"skein-kasa-light"}        | ${{ targets: ["The lamp"] }}                                                     | ${false}
    ${"skein-kasa-light"}        | ${{ targets: ["group:The movie"] }}                                              | ${false}
    ${"skein-kasa-light"}        | ${{ targets: ["The lamp"], targetType: "msg", target: "room" }}                  | ${true}
    ${"skein-kasa-light"}        | ${{ does: "apply", scene: "Movie" }}                                             | ${true}
    ${"skein-kasa-light"}        | ${{ does: "apply", scene: " " }}                                                 | ${false}
    ${"skein-kasa-light"}        | ${{ does: "save", scene: "${SCENE}" }}                                           | ${true}
    ${"skein-kasa-light"}        | ${{ transitionMs: "500" }}                                                       | ${true}
    ${"skein-kasa-light"}        | ${{ transitionMs: "${FADE}" }}                                                   | ${true}
    ${"skein-kasa-light"}        | ${{ transitionMs: "slowly" }}                                                    | ${false}
    ${"skein-kasa-light"}        | ${{ transitionMs: 600_001 }}                                                     | ${false}
    ${"skein-kasa-direct"}       | ${{}}                                                                            | ${true}
    ${"skein-notify"}            | ${{}}                                                                            | ${true}
    ${"skein-notify"}            | ${{ buttons: { a: "A", b: "B" } }}                                               | ${true}
    ${"skein-notify"}            | ${{ buttons: { 1: { value: "a", label: "A" } } }}                                | ${true}
    ${"skein-notify"}            | ${{ buttons: { 1: { value: "a", label: "A" }, 2: { value: "a", label: "B" } } }} | ${false}
    ${"skein-notify"}            | ${{ buttons: { a: "" } }}                                                        | ${false}
    ${"skein-notify"}            | ${{ buttons: { a: "x".repeat(41) } }}                                            | ${false}
    ${"skein-notify"}            | ${{ validMinutes: 44_640 }}                                                      | ${true}
    ${"skein-notify"}            | ${{ validMinutes: "${MINUTES}" }}                                                | ${true}
    ${"skein-notify"}            | ${{ validMinutes: "soon" }}                                                      | ${false}
    ${"skein-notify"}            | ${{ validMinutes: -1 }}                                                          | ${false}
    ${"skein-routine"}           | ${{}}                                                                            | ${true}
    ${"skein-routine"}           | ${{ routine: "movie-night" }}                                                    | ${true}
    ${"skein-routine"}           | ${{ routine: "${ROUTINE}" }}                                                     | ${true}
    ${"skein-routine"}           | ${{ routine: "Movie night" }}                                                    | ${false}
    ${"skein-stm32-direct"}      | ${{}}                                                                            | ${true}
    ${"skein-stm32-peripheral"}  | ${{}}                                                                            | ${true}
    ${"skein-stm32-peripheral"}  | ${{ board: "door-1", channel: "Motor", rampMs: "500", forMs: 5000 }}             | ${true}
    ${"skein-stm32-peripheral"}  | ${{ board: "${BOARD}", channel: "${CHANNEL}", forMs: "${MS}" }}                  | ${true}
    ${"skein-stm32-peripheral"}  | ${{ board: "The door" }}                                                         | ${false}
    ${"skein-stm32-peripheral"}  | ${{ board: "The door", direct: "d" }}                                            | ${true}
    ${"skein-stm32-peripheral"}  | ${{ rampMs: 3_600_001 }}                                                         | ${false}
    ${"skein-stm32-peripheral"}  | ${{ forMs: 0 }}                                                                  | ${false}
    ${"skein-stm32-peripheral"}  | ${{ deadband: "0.2" }}                                                           | ${true}
    ${"skein-stm32-peripheral"}  | ${{ deadband: "-1" }}                                                            | ${false}
    ${"skein-stm32-peripheral"}  | ${{ everyS: "often" }}                                                           | ${false}
  `("finds $saved of $type valid: $valid", ({ type, saved, valid }) => {
    const defaults = halves.get(type as string)?.defaults ?? {};
    const values = Object.fromEntries(Object.entries(defaults).map(([key, { value }]) => [key, value]));
    const node = { ...values, ...(saved as object), _: (key: string) => `text ${key}` } as Record<string, unknown>;
    const verdicts = Object.entries(defaults).map(([key, { validate }]) => {
      const verdict = validate?.call(node, node[key], {}) ?? true;
      // Node-RED takes the words for what is wrong only from a function of two parameters; any other it takes as a yes.
      return typeof verdict === "string" ? validate?.length !== 2 : verdict;
    });
    expect(verdicts.every((verdict) => verdict)).toBe(valid);
  });
});

describe("a live list", () => {
  const house = {
    rooms: [
      { id: "hall", name: "Hall <1>", private: false },
      { id: "attic", name: "Attic", private: false },
    ],
    residents: [
      { id: "ann", name: "Ann" },
      { id: "ben", name: "Ben" },
    ],
    places: [
      { kind: "follower", id: "cv-1", room: "hall" },
      { kind: "device", id: "lamp", room: "attic", name: "Lamp" },
      { kind: "device", id: "plug" },
    ],
  };
  const followers = [
    { id: "cv-1", name: "Camera", virtual: true, state: "alive" },
    { id: "cv-2", name: "cv-2", virtual: false, state: "dead" },
  ];
  let answers: Record<string, unknown> = {};
  const server = createServer(({ url = "" }, response) => {
    const answer = answers[url];
    if (url === "/")
      return response
        .setHeader("content-type", "text/html")
        .end('<!doctype html><html lang="en"><title>Dialog</title>');
    return response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
  });
  let browser: TestBrowser;
  let page: Page;
  let scripts: string[];

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const jquery = require.resolve("@node-red/editor-client/public/vendor/vendor.js");
    const { outputFiles } = await build({
      stdin: { contents: 'export * from "@skein/palette/editor";', resolveDir: __dirname },
      bundle: true,
      write: false,
      format: "iife",
      globalName: "palette",
      plugins: [ours],
    });
    scripts = [readFileSync(jquery, "utf8"), outputFiles[0]?.text ?? ""];
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server.close();
    expect(browser?.errors).toEqual([]);
  });
  beforeEach(async () => {
    answers = { "/skein/followers?bus=b1": followers, "/skein/house?bus=b1": house };
    page = await browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    for (const content of scripts) await page.addScriptTag({ content });
  });
  afterEach(() => page.context().close());

  /** The dialog of a node that holds this, with what `offers` (an expression) gives. */
  const open = (offers: string, saved: string) =>
    page.evaluate(`(() => {
      palette.styleLists();
      $("body").html('<main><label for="line">Whom</label><input id="line" /><div id="list" class="skein-list" role="group" aria-label="Now"></div></main>');
      $("#line").val(${JSON.stringify(saved)});
      palette.liveList($("#line"), $("#list"), ${offers}, "nothing");
    })()`);
  const shows = (...rows: string[]) =>
    eventually(async () => expect(await page.locator("#list label").allInnerTexts()).toEqual(rows.map(lines)));
  const lines = (row: string) =>
    expect.stringMatching(new RegExp(`^${row.replaceAll(/[()<]/g, "\\$&").replaceAll(" | ", "\\s+")}\\s*$`));
  const line = () => page.locator("#line").inputValue();
  const ticked = () =>
    page.locator("#list input:checked").evaluateAll((boxes) => boxes.map((box) => box.getAttribute("data-value")));

  it("offers rooms with who stands in them, and followers; box and line say the same", async () => {
    await open('palette.followerOffers("b1", (state) => "is " + state)', "cv-*, room:hall, ${MORE}");
    await shows(
      "Hall <1> (room:hall) | Camera",
      "Attic (room:attic)",
      "Camera (cv-1) | VIRTUAL | is alive",
      "cv-2 | is dead",
    );
    expect(await ticked()).toEqual(["room:hall"]);
    await page.getByLabel("Attic").check();
    expect(await line()).toBe("cv-*, room:hall, ${MORE}, room:attic");
    await page.getByLabel("Hall").uncheck();
    await page.locator("#line").fill("cv-2");
    expect(await ticked()).toEqual(["cv-2"]);
    expect(await seriousFlaws(page)).toEqual([]);
  });

  it("offers residents, and devices with the room that they stand in", async () => {
    await open('palette.residentOffers("b1")', "ben");
    await shows("Ann (ann)", "Ben (ben)");
    expect(await ticked()).toEqual(["ben"]);
    await open('palette.deviceOffers("b1")', "");
    await shows("Lamp (lamp) | Attic", "plug");
  });

  it("offers followers without rooms where the bus package does not know of them, and says when there is nothing", async () => {
    answers = { "/skein/followers": followers.slice(1), "/skein/house": undefined };
    await open('palette.followerOffers("", (state) => state)', "");
    await shows("cv-2 | dead");
    answers = { "/skein/followers": [], "/skein/house": { rooms: [], residents: [], places: [], groups: [] } };
    await open('palette.followerOffers("", (state) => state)', "");
    await eventually(async () => expect(await page.locator("#list").innerText()).toBe("nothing"));
  });

  it("shows what was asked for last, whichever answer comes first", async () => {
    await open("new Promise((answer) => (window.late = answer))", "b");
    await page.evaluate(
      `palette.liveList($("#line"), $("#list"), Promise.resolve([{ value: "b", name: "Second" }]), "")`,
    );
    await shows("Second (b)");
    await page.evaluate(`late([{ value: "a", name: "First" }])`);
    await shows("Second (b)");
  });

  it("suggests what was asked for last, too, whichever answer comes first", async () => {
    const suggested = () => page.locator("#some option").evaluateAll((all) => all.map((option) => option.textContent));
    await page.evaluate(`(() => {
      $("body").html('<datalist id="some"></datalist>');
      palette.suggest($("#some"), new Promise((answer) => (window.late = answer)));
      palette.suggest($("#some"), Promise.resolve([{ value: "b", name: "Second", virtual: true }]));
    })()`);
    await eventually(async () => expect(await suggested()).toEqual(["Second VIRTUAL"]));
    await page.evaluate(`late([{ value: "a", name: "First" }])`);
    expect(await suggested()).toEqual(["Second VIRTUAL"]);
  });

  it("takes its colours from the editor's theme", () => expect(hardColours(LIST_STYLE)).toEqual([]));
});
