/** The one test of what every node package must keep (PALETTE.md), and proof that its rules see a fault when there is one. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { paletteRules } from "../packages/palette/src/testing/palette-check";
import { readPalettePackage, type PalettePackage } from "../packages/palette/src/testing/palette-package";

const root = join(__dirname, "..");
const folders = readdirSync(join(root, "nodes"))
  .map((name) => join(root, "nodes", name))
  .filter((folder) => existsSync(join(folder, "package.json")));

describe.each(folders.map((folder) => [basename(folder), folder]))("nodes/%s", (_name, folder) => {
  let node: PalettePackage;
  beforeAll(async () => void (node = await readPalettePackage(folder)));

  it.each(paletteRules.map((rule) => [rule.what, rule] as const))("%s", (_what, rule) => {
    expect(rule.faults(node)).toEqual([]);
  });
});

describe("a rule finds", () => {
  const home = mkdtempSync(join(tmpdir(), "skein-palette-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  let copies = 0;

  /** The faults of a copy of the heartbeat monitor that was spoilt. */
  async function faultsOf(file: string, spoil: (text: string) => string): Promise<string[]> {
    const copy = join(home, String(++copies));
    cpSync(join(root, "nodes/heartbeat-monitor"), copy, {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules)(\/|$)/.test(path),
    });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const before = readFileSync(join(copy, file), "utf8");
    const after = spoil(before);
    expect(after).not.toBe(before);
    writeFileSync(join(copy, file), after);
    const node = await readPalettePackage(copy);
    return paletteRules.flatMap((rule) => rule.faults(node));
  }

  it.each`
    fault                                 | file                                       | spoil                                                                                                                   | said
    ${"a type of another name"}           | ${"package.json"}                          | ${(text: string) => text.replace('"skein-heartbeat-monitor"', '"heartbeat-monitor"')}                                   | ${"does not begin with skein-"}
    ${"another category"}                 | ${"src/editor.ts"}                         | ${(text: string) => text.replace("category: CATEGORY", 'category: "function"')}                                         | ${"its category is function"}
    ${"a colour too dark for labels"}     | ${"src/editor.ts"}                         | ${(text: string) => text.replace("color: COLOURS.presence", 'color: "#224466"')}                                        | ${"the label cannot be read on #224466"}
    ${"a coloured icon"}                  | ${"src/icons/heartbeat-monitor.svg"}       | ${(text: string) => text.replaceAll("#fff", "#f00")}                                                                    | ${"its icon has #f00"}
    ${"a colour no theme can change"}     | ${"src/heartbeat-monitor.html"}            | ${(text: string) => text.replace("</script>", "</script><style>.x { color: #333 }</style>")}                            | ${"heartbeat-monitor.html: #333"}
    ${"a key that German lacks"}          | ${"src/locales/de/heartbeat-monitor.json"} | ${(text: string) => text.replace('"none"', '"nobody"')}                                                                 | ${"de lacks heartbeat-monitor.status.none"}
    ${"a key that is nowhere"}            | ${"src/heartbeat-monitor.html"}            | ${(text: string) => text.replace("heartbeat-monitor.label.followers", "heartbeat-monitor.label.who")}                   | ${"uses heartbeat-monitor.label.who"}
    ${"a status that is too long"}        | ${"src/locales/de/heartbeat-monitor.json"} | ${(text: string) => text.replace(/"noLeader": "[^"]*"/, '"noLeader": "zurzeit keine Leitung da"')}                      | ${'de: "zurzeit keine Leitung da"'}
    ${"a help without a sample"}          | ${"src/locales/de/heartbeat-monitor.html"} | ${(text: string) => text.replace(/<pre>[\s\S]*?<\/pre>/, "")}                                                           | ${"shows no sample message"}
    ${"a control without a name"}         | ${"src/heartbeat-monitor.html"}            | ${(text: string) => text.replace("</script>", '<input type="text" id="x" /></script>')}                                 | ${"nothing names <input"}
    ${"an open admin route"}              | ${"src/heartbeat-monitor.ts"}              | ${(text: string) => text.replace("  adminRoute(RED,", '  RED.httpAdmin.get("/skein/x", () => {});\n  adminRoute(RED,')} | ${"/skein/x is open to everybody"}
    ${"an absolute address"}              | ${"src/editor.ts"}                         | ${(text: string) => text.replace("(`skein/heartbeat-monitor", "(`/skein/heartbeat-monitor")}                            | ${"asks an absolute address"}
    ${"a default that config.ts has not"} | ${"src/editor.ts"}                         | ${(text: string) => text.replace("defaultsOf(defaults", "defaultsOf({ ...defaults, sendInitial: true }")}               | ${"no defaults of config.ts"}
    ${"a release that saved no flow"}     | ${"package.json"}                          | ${(text: string) => text.replace('"version": "0.1.0"', '"version": "0.2.0"')}                                           | ${"src/fixtures/0.2.0.json does not have it"}
    ${"a required peer"}                  | ${"package.json"}                          | ${(text: string) => text.replace('"optional": true', '"optional": false')}                                              | ${"is no optional peer"}
    ${"an address in an example"}         | ${"examples/metrics.json"}                 | ${(text: string) => text.replace("Metrics of followers", "Metrics of 192.168.1.20")}                                    | ${"holds an IP address"}
    ${"a wire to nowhere"}                | ${"examples/metrics.json"}                 | ${(text: string) => text.replace(/-warn"\]/, '-gone"]')}                                                                | ${"which is not there"}
    ${"an output without an example"}     | ${"examples/metrics.json"}                 | ${() => "[]"}                                                                                                           | ${"no example wires output 2"}
  `("$fault", async ({ file, spoil, said }: { file: string; spoil: (text: string) => string; said: string }) => {
    expect((await faultsOf(file, spoil)).join("\n")).toContain(said);
  });
});
