/**
 * Taking over an existing Node-RED: a real 4.1 with a flow and a password, `skein import`, a real leader that runs it; and
 * what its palette manager is offered by the leader itself.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogueEntry } from "../runtime/src/core/catalogue";
import { eventually } from "./support/eventually";
import { startLeader, type Leader } from "./support/leader";
import { packedNodes } from "./support/packed-nodes";
import { startNodeRed } from "./support/stock-node-red";
import { tempDir } from "./support/temp-dir";
import { packTinyNode } from "./support/tiny-node";
import { leaderNode } from "./support/leader-node";

const root = join(__dirname, "..");
const flows = [
  { id: "t1", type: "tab", label: "Garden" },
  {
    id: "b1",
    type: "mqtt-broker",
    name: "",
    broker: "127.0.0.1",
    port: "1",
    autoConnect: false,
    credentials: { user: "garden", password: "rosebud" },
  },
  { id: "o1", type: "mqtt out", z: "t1", broker: "b1", topic: "garden", x: 1, y: 1, wires: [] },
  { id: "h1", type: "http in", z: "t1", url: "/garden", method: "get", x: 1, y: 1, wires: [["h2"]] },
  {
    id: "h2",
    type: "function",
    z: "t1",
    func: "msg.payload = 'roses'; return msg;",
    outputs: 1,
    x: 1,
    y: 1,
    wires: [["h3"]],
  },
  { id: "h3", type: "http response", z: "t1", x: 1, y: 1, wires: [] },
];

describe("taking over a Node-RED", () => {
  const home = tempDir("skein-take-over-");
  const dataDir = home.join("var");
  const old = home.join("old");
  let leader: Leader | undefined;
  afterAll(async () => {
    await leader?.stop();
    home.remove();
  });

  /** The command as `npm run skein -- import` runs it. */
  function skeinImport(): Promise<{ code: number; output: string }> {
    const args = [join(root, "runtime/dist/cli/main.js"), "import", old, "--data-dir", dataDir];
    return new Promise((resolve) => {
      execFile(leaderNode, args, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, output: stdout + stderr }),
      );
    });
  }
  const json = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await (leader as Leader).fetch(path, {
      ...init,
      headers: { accept: "application/json", "content-type": "application/json" },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };

  it("reads the folder that a real Node-RED 4.1 has written", async () => {
    const red = await startNodeRed("4.1");
    try {
      await red.deploy(flows);
      cpSync(red.userDir, old, { recursive: true });
    } finally {
      await red.close();
    }
    const { code, output } = await skeinImport();
    expect([code, output]).toEqual([0, expect.stringContaining("those of 1 nodes taken over")]);
    expect(output).toContain("Every node type that the flows use is here.");
  }, 180_000);

  it("runs its flow in the leader", async () => {
    await packedNodes();
    leader = await startLeader({
      dataDir,
      prepare(dir) {
        mkdirSync(join(dir, "palette"), { recursive: true });
        packTinyNode(home.join("tiny"));
        cpSync(home.join("tiny/node-red-contrib-tiny-shout-1.0.0.tgz"), join(dir, "palette/shout.tgz"));
      },
    });
    await eventually(async () => expect(await (await (leader as Leader).fetch("/hooks/garden")).text()).toBe("roses"));
  }, 90_000);

  it("has its password, under the house's own key", async () => {
    expect(await json("/editor/credentials/mqtt-broker/b1")).toEqual({ user: "garden", has_password: true });
  });

  it("is refused while the leader works there", async () => {
    const { code, output } = await skeinImport();
    expect([code, output]).toEqual([1, expect.stringContaining("another leader")]);
  });

  it("is offered our packages and the owner's tarball by the leader, and installs one from there", async () => {
    const { modules, skipped } = (await json("/api/v1/palette/catalogue.json")) as {
      modules: CatalogueEntry[];
      skipped: unknown[];
    };
    expect(modules.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "@skein/node-red-bus",
        "@skein/node-red-heartbeat-monitor",
        "node-red-contrib-tiny-shout",
      ]),
    );
    expect(skipped).toEqual([]);
    const shout = modules.find(({ id }) => id === "node-red-contrib-tiny-shout") as CatalogueEntry;
    const body = JSON.stringify({ module: shout.id, version: shout.version, url: shout.pkg_url });
    expect(await json("/editor/nodes", { method: "POST", body })).toMatchObject({
      name: shout.id,
      nodes: [{ types: ["tiny-shout"], enabled: true }],
    });
    rmSync(join(dataDir, "palette/shout.tgz"));
    const after = (await json("/api/v1/palette/catalogue.json")) as { modules: CatalogueEntry[] };
    expect(after.modules.map(({ id }) => id)).not.toContain(shout.id);
  }, 60_000);

  describe("with a type that is not here", () => {
    const garden = async () => (await (leader as Leader).fetch("/hooks/garden")).status;
    const file = (dir: string) => join(dir, "flows.json");
    const readFlows = (dir: string) => JSON.parse(readFileSync(file(dir), "utf8")) as Record<string, unknown>[];

    it("says that all flows stand still, and so they do, although the tab is disabled", async () => {
      await leader?.stop();
      const ghost = [
        { id: "t2", type: "tab", label: "Haunted", disabled: true },
        { id: "x1", type: "ghost", z: "t2", x: 1, y: 1, wires: [] },
      ];
      writeFileSync(file(old), JSON.stringify([...readFlows(old), ...ghost]));
      const { code, output } = await skeinImport();
      expect([code, output]).toEqual([0, expect.stringMatching(/ALL FLOWS STAND STILL[\s\S]+\(Haunted\) and deploy/)]);
      leader = await startLeader({ dataDir });
      // Before that it would be 404 only because nothing has started yet.
      const started = leader;
      await eventually(() => expect(started.log("flowHost")).toContain("Waiting for missing types"));
      expect(await garden()).toBe(404);
    }, 90_000);

    it("goes on when the unknown nodes are deleted and deployed, as it said", async () => {
      const kept = readFlows(join(dataDir, "flows")).filter(({ id }) => id !== "x1");
      const response = await (leader as Leader).fetch("/editor/flows", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(kept),
      });
      expect(response.status).toBe(204);
      await eventually(async () => expect(await garden()).toBe(200));
    }, 30_000);
  });
});
