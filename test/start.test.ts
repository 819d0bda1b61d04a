/** `npm start` as its owner has it: what it builds, and that nothing is left behind however it goes. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eventually } from "./support/eventually";
import { leaderNode } from "./support/leader-node";
import { tempDir, type TempDir } from "./support/temp-dir";

const root = join(__dirname, "..");

/** A process that is over and not yet waited for does not count. */
const runs = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

describe("start.mjs", () => {
  let dir: TempDir;
  let child: ChildProcess | undefined;
  beforeEach(() => void (dir = tempDir("skein-start-")));
  afterEach(() => {
    child?.kill("SIGKILL");
    dir.remove();
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "leaves no process behind at %s",
    async (signal) => {
      const args = ["runtime/bootstrap/start.mjs", "--data-dir", dir.join("var"), "--port", "0", "--broker-port", "0"];
      // The machine's own Node, as npm start has it; the kernel ends it when this test dies.
      const started = spawn("setpriv", ["--pdeathsig", "KILL", "/usr/bin/node", ...args], { cwd: root });
      child = started;
      let output = "";
      for (const stream of [started.stdout, started.stderr])
        stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const gone = new Promise<number | null>((resolve) => started.once("exit", (code) => resolve(code)));
      await eventually(() => expect(output).toContain("Ctrl-C stops everything."), 60_000);
      const { pids } = JSON.parse(readFileSync(dir.join("var/run/pids.json"), "utf8")) as {
        pids: Record<string, number>;
      };
      expect(Object.keys(pids).toSorted()).toEqual(["broker", "core", "flowHost", "follower", "launcher"]);
      expect(Object.values(pids).filter(runs)).toHaveLength(5);

      started.kill(signal);
      expect(await gone).toBe(signal === "SIGINT" ? 0 : null);
      await eventually(() => expect(Object.entries(pids).filter(([, pid]) => runs(pid))).toEqual([]));
    },
    120_000,
  );
});

/** prepare.mjs in a tree of its own, whose compilers only note that they were called and make what they are there for. */
describe("the build", () => {
  const tree = tempDir("skein-build-");
  const file = (path: string, text: string) => {
    mkdirSync(dirname(tree.join(path)), { recursive: true });
    writeFileSync(tree.join(path), text);
  };
  /** Runs as CommonJS and as a module: tsc is the one, ours are the other. */
  const tool = (path: string, makes: string[]) =>
    file(
      path,
      `import("node:fs").then((fs) => {
         const note = [${JSON.stringify(path)}, ...process.argv.slice(2)].join(" ");
         fs.appendFileSync(${JSON.stringify(tree.join("calls"))}, note + "\\n");
         if (fs.existsSync(${JSON.stringify(tree.join("broken"))})) process.exit(1);
         for (const [folder, made] of ${JSON.stringify(makes.map((made) => [dirname(tree.join(made)), tree.join(made)]))}) {
           fs.mkdirSync(folder, { recursive: true });
           fs.writeFileSync(made, "");
         }
       });`,
    );
  /** Which tools a build called. @throws Error with what it said when it failed */
  const build = (): string[] => {
    rmSync(tree.join("calls"), { force: true });
    const program = `import(${JSON.stringify(tree.join("runtime/bootstrap/prepare.mjs"))}).then(({ build }) => build(() => {}))`;
    execFileSync(leaderNode, ["-e", program], { stdio: "pipe" });
    return existsSync(tree.join("calls")) ? readFileSync(tree.join("calls"), "utf8").trim().split("\n").toSorted() : [];
  };
  const ALL = [
    "follower-agents/build.mjs",
    "node_modules/typescript/bin/tsc -b",
    "node_modules/vite/bin/vite.js build --logLevel=warn",
    "nodes/build.mjs",
    "runtime/bootstrap/pack-nodes.mjs --quiet",
  ];

  beforeAll(() => {
    mkdirSync(tree.join("runtime/bootstrap"), { recursive: true });
    cpSync(join(root, "runtime/bootstrap/prepare.mjs"), tree.join("runtime/bootstrap/prepare.mjs"));
    for (const name of ["tsconfig.json", "tsconfig.base.json", "package-lock.json"]) file(name, "{}");
    file("packages/kit/src/clock.ts", "export {};");
    file("runtime/dashboard/index.html", "");
    const launcher = "runtime/dist/launcher/main.js";
    tool("node_modules/typescript/bin/tsc", [launcher]);
    tool("node_modules/vite/bin/vite.js", ["runtime/dashboard/dist/index.html"]);
    tool(
      "nodes/build.mjs",
      ["bus", "heartbeat-monitor", "kasa-light", "notify", "routine", "stm32-peripheral"].map(
        (name) => `nodes/${name}/dist/${name}.html`,
      ),
    );
    tool("follower-agents/build.mjs", ["follower-agents/dist/agent.js"]);
    tool("runtime/bootstrap/pack-nodes.mjs", ["dist/nodes/packed.json"]);
  });
  afterAll(() => tree.remove());

  it("is made when nothing has been, all of it", () => {
    expect(build().map((call) => call.replace(" --force", ""))).toEqual(ALL);
  });

  it("is not made again when nothing has changed, nor for a test", () => {
    expect(build()).toEqual([]);
    file("packages/kit/src/clock.test.ts", "export {};");
    expect(build()).toEqual([]);
  });

  it.each([
    ["a source has changed", () => file("packages/kit/src/clock.ts", "export const changed = true;")],
    ["there is another source", () => file("packages/kit/src/ids.ts", "export {};")],
    ["one is gone", () => rmSync(tree.join("packages/kit/src/ids.ts"))],
    ["other packages are installed", () => file("package-lock.json", '{"name":"other"}')],
  ])("is made when %s, and then no more", (_what, change) => {
    change();
    expect(build()).toEqual(ALL);
    expect(build()).toEqual([]);
  });

  it("is made from the ground up when what it made is gone", () => {
    rmSync(tree.join("runtime/dist"), { recursive: true });
    expect(build()).toContain("node_modules/typescript/bin/tsc -b --force");
    expect(build()).toEqual([]);
  });

  it("is tried again after it failed", () => {
    file("packages/kit/src/clock.ts", "export const broken = 1;");
    file("broken", "");
    expect(build).toThrow(/tsc/);
    rmSync(tree.join("broken"));
    expect(build()).toEqual(ALL);
  });
});
