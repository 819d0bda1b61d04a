/**
 * What a fresh clone needs before anything of ours can run: the npm packages, a Node that is new enough for the leader
 * (it comes from npm, package `node-linux-*`), and a build. Each step is skipped when its inputs have not changed.
 * Runs on the machine's own Node (20.19 or later) and imports nothing but Node.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const cache = join(root, ".cache");

/** Prints a text of help/ and ends: whoever only asks what there is need not wait for a build. */
export function help(name) {
  process.stdout.write(readFileSync(join(root, `runtime/bootstrap/help/${name}.txt`), "utf8"));
  process.exit(0);
}

/** Where npm's own Node lies, else the one we run under when it will do. @returns {string} */
export function leaderNode() {
  // Not node_modules/.bin/node: Debian's npm 9 installs the package and leaves the link out.
  const fromNpm = join(root, `node_modules/node-linux-${process.arch}/bin/node`);
  if (existsSync(fromNpm)) return fromNpm;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 9)) return process.execPath;
  throw new Error(
    `The leader needs Node 22.9 or later; this is ${process.version}, and npm has no node-linux package for ${process.platform}-${process.arch}. Install a newer Node and start again.`,
  );
}

/** Installs when package-lock.json is not what was installed last. */
export async function install(say) {
  const stamp = hashOf([join(root, "package-lock.json"), ...manifests()]);
  if (readStamp("installed") === stamp && existsSync(join(root, "node_modules/.package-lock.json"))) return;
  // Not `npm ci`: it insists on the builds of optional packages for other platforms, which a registry need not have.
  say("installing packages (a minute or two the first time)");
  await step(say, "packages installed", () =>
    run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]),
  );
  writeStamp("installed", stamp);
}

/** Builds when a source is not what was built last. */
export async function build(say) {
  const stamp = hashOf([...sources(), join(root, "package-lock.json")]);
  const missing = () => outputs.filter((file) => !existsSync(join(root, file)));
  if (readStamp("built") === stamp && missing().length === 0) return;
  const node = leaderNode();
  // tsc keeps its books beside dist and not in it: without --force it would not notice that dist is gone.
  const force = missing().length > 0 ? ["--force"] : [];
  await step(say, "sources compiled", () => run(node, [join(root, "node_modules/typescript/bin/tsc"), "-b", ...force]));
  await step(say, "nodes, agent and page bundled", () =>
    Promise.all([
      run(node, [join(root, "nodes/build.mjs")]),
      run(node, [join(root, "follower-agents/build.mjs")]),
      run(node, [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel=warn"], {
        cwd: join(root, "runtime/dashboard"),
      }),
    ]),
  );
  await step(say, "nodes packed for the catalogue", () =>
    run(node, [join(root, "runtime/bootstrap/pack-nodes.mjs"), "--quiet"]),
  );
  if (missing().length > 0) throw new Error(`The build made no ${missing().join(", ")}.`);
  writeStamp("built", stamp);
}

const outputs = [
  "runtime/dist/launcher/main.js",
  "runtime/dashboard/dist/index.html",
  "follower-agents/dist/agent.js",
  "nodes/bus/dist/bus.html",
  "nodes/heartbeat-monitor/dist/heartbeat-monitor.html",
  "nodes/kasa-light/dist/kasa-light.html",
  "nodes/notify/dist/notify.html",
  "nodes/routine/dist/routine.html",
  "nodes/stm32-peripheral/dist/stm32-peripheral.html",
  "dist/nodes/packed.json",
];

/** Runs a program to its end with our output; rejects with what it was when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], ...options });
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`${[command, ...args].join(" ")} ended with ${signal ?? `code ${code}`}.`)),
    );
  });
}

async function step(say, what, work) {
  const start = performance.now();
  await work();
  say(`${what.padEnd(32)} ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

function manifests() {
  return [".", ...workspaceFolders()]
    .map((folder) => join(root, folder, "package.json"))
    .filter((file) => existsSync(file));
}

function workspaceFolders() {
  const below = (folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`);
  return [...below("packages"), ...below("nodes"), "runtime", "runtime/dashboard", "follower-agents"];
}

/** Every file that the build reads. */
function sources() {
  const found = ["tsconfig.json", "tsconfig.base.json"].map((name) => join(root, name));
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!["node_modules", "dist", ".tsbuild", "resources"].includes(entry.name)) walk(path);
      } else if (!/\.test\.tsx?$|\.tsbuildinfo$/.test(entry.name)) found.push(path);
    }
  };
  for (const folder of ["packages", "nodes", "runtime", "follower-agents"]) walk(join(root, folder));
  return found.toSorted();
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function readStamp(name) {
  const file = join(cache, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function writeStamp(name, value) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, name), value);
}
