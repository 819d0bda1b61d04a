import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FakeClock, seededRandom } from "@skein/kit";
import { lockDataDir } from "../launcher/leader-lock";
import { runImport } from "./import";
import { openCredentials, sealCredentials } from "./import-credentials";
import type { FlowNode } from "./import-source";

const random = seededRandom(7);
const bus = { id: "b1", type: "mqtt-broker", broker: "mosquitto.lan" };
const theirs: FlowNode[] = [
  { id: "t1", type: "tab", label: "Garden" },
  {
    id: "g1",
    type: "global-config",
    env: [{ name: "PUMP", value: "7", type: "str" }],
    modules: { "node-red-contrib-pump": "2.0.0" },
  },
  bus,
  { id: "n1", type: "mqtt in", z: "t1", broker: "b1" },
  {
    id: "n2",
    type: "function",
    z: "t1",
    func: "return msg",
    libs: [
      { var: "ms", module: "ms" },
      { var: "fs", module: "fs" },
    ],
  },
];

describe("skein import", () => {
  let home: string;
  let red: string;
  let dataDir: string;
  const lines: string[] = [];

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "skein-import-"));
    red = join(home, ".node-red");
    dataDir = join(home, "var");
    lines.length = 0;
    put("flows.json", theirs);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function put(name: string, content: unknown, dir = red): void {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  const run = (...argv: string[]) =>
    runImport([red, "--data-dir", dataDir, ...argv], {
      env: {},
      say: (line) => lines.push(line),
      clock: new FakeClock(),
      random,
    });
  const said = () => lines.join("\n");
  const ourFlows = () => JSON.parse(readFileSync(join(dataDir, "flows/flows.json"), "utf8")) as FlowNode[];
  const ourCredentials = () =>
    openCredentials(JSON.parse(readFileSync(join(dataDir, "flows/flows_cred.json"), "utf8")), [
      readFileSync(join(dataDir, "flows/credential-secret"), "utf8").trim(),
    ]);

  it("puts their tabs beside ours and says what it did", () => {
    expect(run()).toBe(0);
    const flows = ourFlows();
    expect(flows.filter(({ type }) => type === "tab").map((tab) => tab["label"])).toEqual(["1 Who is alive", "Garden"]);
    expect(flows).toEqual(expect.arrayContaining([bus, theirs[3]]));
    expect(said()).toContain("5 nodes, tabs and settings added, 0 renewed");
    expect(said()).toContain("Tabs: Garden.");
    expect(said()).toContain("Every node type that the flows use is here.");
    expect(said()).not.toContain("STAND STILL");
  });

  it("renews what an earlier import brought and leaves everything of ours alone", () => {
    run();
    const mine = { id: "mine", type: "tab", label: "Mine" };
    put("flows/flows.json", [...ourFlows(), mine], dataDir);
    put("flows.json", [...theirs.slice(0, 2), { ...bus, broker: "other.lan" }]);
    lines.length = 0;
    expect(run()).toBe(0);
    expect(ourFlows()).toEqual(expect.arrayContaining([mine, { ...bus, broker: "other.lan" }, theirs[4]]));
    expect(said()).toContain("0 nodes, tabs and settings added, 2 renewed");
  });

  it("keeps one global-config: theirs goes into ours, and ours wins", () => {
    put(
      "flows/flows.json",
      [{ id: "og", type: "global-config", env: [{ name: "PUMP", value: "1", type: "str" }], modules: {} }],
      dataDir,
    );
    run();
    expect(ourFlows().filter(({ type }) => type === "global-config")).toEqual([
      {
        id: "og",
        type: "global-config",
        env: [{ name: "PUMP", value: "1", type: "str" }],
        modules: { "node-red-contrib-pump": "2.0.0" },
      },
    ]);
  });

  it("keeps the secret variables of both global-configs, and ours wins", () => {
    const env = (...names: string[]) => names.map((name) => ({ name, value: "", type: "cred" }));
    const key = "ab".repeat(32);
    put("flows/credential-secret", key, dataDir);
    put("flows/flows.json", [{ id: "og", type: "global-config", env: env("MINE", "BOTH"), modules: {} }], dataDir);
    put("flows/flows_cred.json", sealCredentials({ og: { map: { MINE: "a", BOTH: "b" } } }, key, random), dataDir);
    put("flows.json", [{ id: "tg", type: "global-config", env: env("BOTH", "THEIRS") }]);
    put("flows_cred.json", { tg: { map: { BOTH: "c", THEIRS: "d" } } });
    expect(run()).toBe(0);
    expect(ourCredentials()).toEqual({ og: { map: { MINE: "a", BOTH: "b", THEIRS: "d" } } });
  });

  it("copies our flows away before it changes them, readable by us alone", () => {
    run();
    const before = ourFlows();
    put("flows.json", [{ id: "t2", type: "tab", label: "New" }]);
    lines.length = 0;
    run();
    const backup = said().match(/as they were: (.+)/)?.[1] ?? "";
    expect(JSON.parse(readFileSync(join(backup, "flows.json"), "utf8"))).toEqual(before);
    expect(readdirSync(backup).toSorted()).toEqual(["credential-secret", "flows.json", "flows_cred.json"]);
    expect(statSync(backup).mode & 0o077).toBe(0);
    expect(statSync(join(dataDir, "flows/flows_cred.json")).mode & 0o077).toBe(0);
  });

  it("says that our own passwords cannot be read any more, and has copied them away before it puts them aside", () => {
    run();
    const ours = readFileSync(join(dataDir, "flows/flows_cred.json"), "utf8");
    rmSync(join(dataDir, "flows/credential-secret"));
    lines.length = 0;
    expect(run()).toBe(0);
    expect(said()).toContain("credential-secret is gone, so the passwords in the flows cannot be read");
    const backup = said().match(/as they were: (.+)/)?.[1] ?? "";
    expect(readFileSync(join(backup, "flows_cred.json"), "utf8")).toBe(ours);
  });

  describe("passwords", () => {
    const secret = { b1: { user: "garden", password: "rosebud" } };

    it.each`
      where                                     | prepare
      ${"the key that Node-RED made by itself"} | ${() => put(".config.runtime.json", { _credentialSecret: "made" })}
      ${"settings.js"}                          | ${() => put("settings.js", "console.log('hello'); module.exports = { credentialSecret: ['ma', 'de'].join('') }")}
    `("are opened with $where and encrypted with ours", ({ prepare }: { prepare: () => void }) => {
      prepare();
      put("flows_cred.json", sealCredentials(secret, "made", random));
      expect(run()).toBe(0);
      expect(ourCredentials()).toEqual(secret);
      expect(said()).toContain("those of 1 nodes taken over");
      expect(said()).not.toContain("rosebud");
    });

    it("are taken from a file that was never encrypted", () => {
      put("settings.js", "module.exports = { credentialSecret: false }");
      put("flows_cred.json", secret);
      run();
      expect(ourCredentials()).toEqual(secret);
      expect(readFileSync(join(dataDir, "flows/flows_cred.json"), "utf8")).not.toContain("rosebud");
    });

    it("leave ours as they are", () => {
      run();
      const key = readFileSync(join(dataDir, "flows/credential-secret"), "utf8").trim();
      put("flows/flows_cred.json", sealCredentials({ mine: { password: "own" } }, key, random), dataDir);
      put("flows_cred.json", secret);
      run();
      expect(ourCredentials()).toEqual({ mine: { password: "own" }, ...secret });
    });

    it("are honestly said to be lost when no key opens them, and the flows come all the same", () => {
      put(".config.runtime.json", { _credentialSecret: "another" });
      put("flows_cred.json", sealCredentials(secret, "made", random));
      expect(run()).toBe(0);
      expect(said()).toContain("none could be taken over");
      expect(ourFlows()).toEqual(expect.arrayContaining([bus]));
      expect(ourCredentials()).toEqual({});
    });
  });

  it.each([[""], ['{"$":'], ["null"]])("does not call passwords taken over whose file is no JSON: %p", (content) => {
    put("flows_cred.json", content);
    expect(run()).toBe(0);
    expect(said()).toContain("Passwords: none could be taken over: flows_cred.json cannot be read.");
    expect(said()).not.toContain("taken over, encrypted");
  });

  describe("modules", () => {
    const pump = { id: "p1", type: "pump", z: "t1" };

    it("are named with their version when a type is not here, as its registry has it", () => {
      put("flows.json", [...theirs, pump, { id: "v1", type: "valve", z: "t1" }, { id: "x1", type: "ghost", z: "t1" }]);
      put(".config.nodes.json", {
        "node-red": { nodes: { inject: { types: ["inject"] } } },
        "node-red-contrib-pump": { version: "2.0.1", nodes: { pump: { types: ["pump", "valve", "pump-config"] } } },
      });
      expect(run()).toBe(0);
      expect(said()).toContain("  node-red-contrib-pump@2.0.1  (pump, valve)");
      expect(said()).toContain("no package of that Node-RED provides them: ghost.");
    });

    it("are found in its node_modules too", () => {
      put("flows.json", [pump]);
      put("node_modules/@garden/pump/package.json", {
        name: "@garden/pump",
        version: "3.1.0",
        "node-red": { nodes: { p: "lib/p.js" } },
      });
      put("node_modules/@garden/pump/lib/p.html", `<script>RED.nodes.registerType("pump", {})</script>`);
      run();
      expect(said()).toContain("  @garden/pump@3.1.0  (pump)");
    });

    it("that are missing hold all flows, which is said last, with the ways out, and is no failure", () => {
      put("flows.json", [...theirs, { id: "x1", type: "ghost", z: "t1" }]);
      expect(run()).toBe(0);
      const backup = said().match(/as they were: (.+)/)?.[1] ?? "";
      const [, last] = said().split("\n\n");
      expect(last).toMatch(/^ALL FLOWS STAND STILL/);
      expect(last).toContain("delete the unknown nodes in the editor (Garden) and deploy");
      expect(last).toContain(`copy the files of ${backup} to ${join(dataDir, "flows")}.`);
    });

    it("are named from its package.json when its node_modules did not come along, but for those that are here", () => {
      put("flows.json", [
        pump,
        { id: "u1", type: "ui_button", z: "t1" },
        { id: "g1", type: "global-config", modules: { "node-red-contrib-ghost": "1.0.0" } },
      ]);
      put(".config.nodes.json", {
        "node-red-contrib-pump": { version: "2.0.1", nodes: { pump: { types: ["pump"] } } },
      });
      put("package.json", {
        dependencies: { "node-red-contrib-pump": "~2.0.1", "node-red-dashboard": "~3.6.0", "@garden/here": "1.0.0" },
      });
      put("flows/node_modules/@garden/here/package.json", { name: "@garden/here", version: "1.0.0" }, dataDir);
      expect(run()).toBe(0);
      expect(said()).toContain("  node-red-contrib-pump@2.0.1  (pump)");
      expect(said()).toContain("no package of that Node-RED provides them: ui_button.");
      expect(said()).toContain(
        "package.json or flow file names and is not here: node-red-contrib-ghost@1.0.0, node-red-dashboard@~3.6.0.",
      );
    });

    it("are not asked for when this house has them already", () => {
      put("flows.json", [pump]);
      put(
        "flows/node_modules/pump/package.json",
        { name: "pump", version: "1.0.0", "node-red": { nodes: { p: "p.js" } } },
        dataDir,
      );
      put("flows/node_modules/pump/p.html", `<script type="text/html" data-template-name="pump"></script>`, dataDir);
      run();
      expect(said()).toContain("Every node type that the flows use is here.");
    });

    it("that function nodes load are named, but for Node's own", () => {
      run();
      expect(said()).toContain("Function nodes load npm modules, which is switched off here: ms.");
    });
  });

  describe("finds the flow file", () => {
    const only = [{ id: "only", type: "tab", label: "Only" }];
    const imported = () => ourFlows().some(({ id }) => id === "only");

    it("by the host's name, before flows.json", () => {
      put(`flows_${hostname()}.json`, only);
      expect([run(), imported()]).toEqual([0, true]);
    });

    it("in settings.js", () => {
      put("house.json", only);
      put("settings.js", "module.exports = { flowFile: 'house.json' }");
      expect([run(), imported()]).toEqual([0, true]);
    });

    it("in the active project, with its key", () => {
      put("settings.js", "module.exports = { editorTheme: { projects: { enabled: true } } }");
      put(".config.projects.json", { activeProject: "villa", projects: { villa: { credentialSecret: "k" } } });
      put("projects/villa/package.json", {
        "node-red": { settings: { flowFile: "villa.json", credentialsFile: "secrets.json" } },
      });
      put("projects/villa/villa.json", only);
      put("projects/villa/secrets.json", sealCredentials({ only: { a: "b" } }, "k", random));
      expect([run(), imported()]).toEqual([0, true]);
      expect(ourCredentials()).toEqual({ only: { a: "b" } });
    });

    it("by another machine's name when it is the only one, else asks which", () => {
      rmSync(join(red, "flows.json"));
      put("flows_attic.json", only);
      put("flows_attic_cred.json", {});
      expect([run(), imported()]).toEqual([0, true]);
      put("flows_cellar.json", only);
      expect(run()).toBe(1);
      expect(said()).toContain("several flow files: flows_attic.json, flows_cellar.json. Name one with --flows FILE.");
      expect(run("--flows", "flows_cellar.json")).toBe(0);
    });
  });

  it("goes on without a settings.js that cannot be loaded, and says so", () => {
    put("settings.js", "throw new Error('no')");
    expect(run()).toBe(0);
    expect(said()).toMatch(/Note: .+settings\.js could not be loaded/);
  });

  describe("changes nothing", () => {
    const untouched = () => !existsSync(join(dataDir, "flows/flows.json"));

    it("when only asked what would be done", () => {
      expect(run("--dry-run")).toBe(0);
      expect(said()).toContain("Nothing was written.");
      expect(existsSync(dataDir)).toBe(false);
    });

    it("while a leader works in the data directory", () => {
      mkdirSync(join(dataDir, "run"), { recursive: true });
      const unlock = lockDataDir(dataDir);
      expect(run()).toBe(1);
      expect(said()).toContain("another leader");
      expect(untouched()).toBe(true);
      unlock();
      expect(run()).toBe(0);
    });

    it.each`
      what                   | content
      ${"no JSON"}           | ${"hello"}
      ${"no list"}           | ${{ flows: [] }}
      ${"a list of numbers"} | ${[1, 2]}
      ${"a node without id"} | ${[{ type: "tab" }]}
    `("when their flow file is $what", ({ content }: { content: unknown }) => {
      put("flows.json", content);
      expect(run()).toBe(1);
      expect(said()).toContain("flows.json");
      expect(untouched()).toBe(true);
    });

    it("when the folder is not there or holds no flows", () => {
      rmSync(join(red, "flows.json"));
      expect(run()).toBe(1);
      rmSync(red, { recursive: true });
      expect(run()).toBe(1);
      expect(said()).toMatch(/holds no flow file.+\[IMPORT_NO_NODE_RED\]\n.+is no folder.+\[IMPORT_NO_NODE_RED\]$/);
      expect(existsSync(dataDir)).toBe(false);
    });

    it("when an option is not known", () => {
      expect(run("--flow", "house.json")).toBe(2);
      expect(said()).toBe("skein import: there is no option --flow. Did you mean --flows? [OPTION_INVALID]");
      expect(untouched()).toBe(true);
    });

    it.each([
      ["an import", [], "hello"],
      ["an import", [], [1, null]],
      ["a dry run", ["--dry-run"], "hello"],
    ])("when our own flows cannot be read, by %s %p %p", (_, argv, content) => {
      put("flows/flows.json", content, dataDir);
      put("flows/flows_cred.json", { $: "sealed with a key that is gone" }, dataDir);
      const before = readFileSync(join(dataDir, "flows/flows_cred.json"), "utf8");
      expect(run(...argv)).toBe(1);
      expect(said()).toContain("flows.json cannot be read, so nothing was changed");
      expect(readFileSync(join(dataDir, "flows/flows_cred.json"), "utf8")).toBe(before);
      expect(readdirSync(join(dataDir, "flows")).toSorted()).toEqual(["flows.json", "flows_cred.json"]);
    });

    it("when what this house has installed cannot be read", () => {
      put("flows/node_modules/@garden", "no folder", dataDir);
      expect(run()).not.toBe(0);
      expect(untouched()).toBe(true);
    });

    it("when our own credentials cannot be opened: the import would lose them", () => {
      run();
      put("flows/flows_cred.json", sealCredentials({ mine: { a: "b" } }, "some other key", random), dataDir);
      const before = readFileSync(join(dataDir, "flows/flows.json"), "utf8");
      put("flows.json", [{ id: "t9", type: "tab", label: "Late" }]);
      expect(run()).toBe(1);
      expect(said()).toContain("nothing was changed");
      expect(readFileSync(join(dataDir, "flows/flows.json"), "utf8")).toBe(before);
    });
  });
});

describe("a sealed credentials file", () => {
  it("is one that Node-RED itself opens", async () => {
    const credentials = jest.requireActual<{
      init(runtime: unknown): void;
      load(content: unknown): Promise<void>;
      get(id: string): unknown;
    }>("@node-red/runtime/lib/nodes/credentials");
    const log = { _: String, debug() {}, warn() {} };
    credentials.init({ log, settings: { get: (key: string) => (key === "credentialSecret" ? "key" : undefined) } });
    await credentials.load(sealCredentials({ n1: { password: "rosebud" } }, "key", random));
    expect(credentials.get("n1")).toEqual({ password: "rosebud" });
  });
});
