/**
 * A stock Node-RED as its users run it: from npm, a process of its own, a fresh user folder. It is installed once into
 * `.cache/` and run from a copy outside this repository: Node-RED looks for nodes in every node_modules above itself
 * and would find our workspaces there.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./eventually";
import { freePort } from "./ports";
import { serverProcess } from "./server-process";
import { tempDir } from "./temp-dir";
import { leaderNode } from "./leader-node";

const root = join(__dirname, "../..");
const run = promisify(execFile);

export type NodeRedLine = "4.1" | "5";

export interface StockNodeRed {
  readonly url: string;
  readonly version: string;
  readonly userDir: string;
  /** Installs a tarball as the palette manager's upload does. Answers the module's name and types. */
  upload(tarball: string): Promise<{ name: string; types: string[] }>;
  /** Installs what a catalogue names, as the palette manager does. */
  install(entry: { id: string; version: string; pkg_url: string }): Promise<{ name: string; types: string[] }>;
  deploy(flows: readonly object[]): Promise<void>;
  /** Presses an inject node's button. */
  inject(id: string): Promise<void>;
  /** What a flow keeps under `key` in its context. */
  flowContext<T>(tab: string, key: string): Promise<T | undefined>;
  log(): string;
  close(): Promise<void>;
}

/** Node-RED 4.1 runs on whatever runs the tests (Node 20 is enough); 5 on the leader's Node. */
const nodeFor = (line: NodeRedLine): string => (line === "5" ? leaderNode : process.execPath);

export async function startNodeRed(
  line: NodeRedLine,
  env: Readonly<Record<string, string>> = {},
): Promise<StockNodeRed> {
  const home = tempDir("skein-node-red-");
  const userDir = home.join("user");
  const port = await freePort();
  const settings = {
    uiHost: "127.0.0.1",
    uiPort: port,
    flowFile: "flows.json",
    credentialSecret: "test",
    telemetry: { enabled: false },
    editorTheme: { tours: false, palette: { catalogues: [] } },
  };
  mkdirSync(userDir);
  writeFileSync(
    join(userDir, "settings.js"),
    `Object.assign(process.env, ${JSON.stringify(env)});\nmodule.exports = ${JSON.stringify(settings)};\n`,
  );
  const installed = await installedNodeRed(line);
  // No hard links: /tmp may be a file system of its own, as Debian 13 makes it.
  execFileSync("cp", ["-a", "--reflink=auto", installed, home.join("app")]);
  const app = home.join("app/node_modules/node-red");
  const server = serverProcess({
    command: nodeFor(line),
    args: [join(app, "red.js"), "--settings", join(userDir, "settings.js"), "--userDir", userDir],
    port,
    logFile: home.join("log"),
    startMs: 60_000,
  });
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    await server.stop("SIGTERM");
    home.remove();
  };
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { accept: "application/json", ...(init.headers as object | undefined) },
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${init.method ?? "GET"} ${path}: ${response.status} ${text}\n${server.log().slice(-3000)}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  const moduleOf = (answer: unknown) => {
    const { name, nodes } = answer as { name: string; nodes: { types: string[]; err?: string }[] };
    const broken = nodes.find(({ err }) => err !== undefined);
    if (broken) throw new Error(`${name}: ${broken.err}\n${server.log().slice(-3000)}`);
    return { name, types: nodes.flatMap(({ types }) => types).toSorted() };
  };

  /** Node-RED 5 answers a deployment before its flows run. */
  const starts = () => server.log().split("Started flows").length - 1;
  const started = (before: number) => {
    if (starts() <= before) throw new Error(`no flows were started:\n${server.log().slice(-3000)}`);
  };

  try {
    await server.start();
    await eventually(() => ask("/settings"));
    await eventually(() => started(0));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    userDir,
    version: (JSON.parse(readFileSync(join(app, "package.json"), "utf8")) as { version: string }).version,
    async upload(tarball) {
      const form = new FormData();
      form.append("tarball", new Blob([readFileSync(tarball)], { type: "application/gzip" }), basename(tarball));
      return moduleOf(await ask("/nodes", { method: "POST", body: form }));
    },
    install: async ({ id, version, pkg_url }) => moduleOf(await post("/nodes", { module: id, version, url: pkg_url })),
    async deploy(flows) {
      const before = starts();
      await post("/flows", flows, { "node-red-deployment-type": "full" });
      await eventually(() => started(before));
    },
    inject: async (id) =>
      void (await ask(`/inject/${id}`, { method: "POST" }).catch((error: unknown) => ignoreNoJson(error))),
    async flowContext<T>(tab: string, key: string) {
      const answer = (await ask(`/context/flow/${tab}/${key}`)) as { msg?: string; format?: string };
      return answer.msg === undefined || answer.msg === "(undefined)" ? undefined : (JSON.parse(answer.msg) as T);
    },
    log: () => server.log(),
    close,
  };
}

/** The button answers "OK", which is no JSON. */
function ignoreNoJson(error: unknown): void {
  if (!(error instanceof SyntaxError)) throw error;
}

/** Installs into `.cache/` when it is not there yet; whole or not at all, also when two tests ask at once. */
async function installedNodeRed(line: NodeRedLine): Promise<string> {
  const dir = join(root, ".cache", `node-red-${line}`);
  if (existsSync(join(dir, "node_modules/node-red/red.js"))) return dir;
  const part = `${dir}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, "package.json"), JSON.stringify({ private: true }));
  try {
    await run(
      "npm",
      [
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--loglevel=error",
        "--engine-strict=false",
        `node-red@${line}`,
      ],
      { cwd: part },
    );
    // Onto a full directory this fails, and then the other test's install is as good.
    renameSync(part, dir);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(join(dir, "node_modules/node-red/red.js"))) throw error;
  }
  return dir;
}
