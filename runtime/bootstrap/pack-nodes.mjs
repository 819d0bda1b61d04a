// `npm run pack:nodes`: one self-contained .tgz per node package, in dist/nodes/, for a stock Node-RED and for the leader's
// own catalogue. Our packages are not published and npm does not follow workspace links into a tarball, so esbuild puts
// everything into each entry file (CommonJS, Node 20). Nodes never share a module instance: they meet through
// RED.nodes.getNode and the versioned interface of packages/palette.
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const run = promisify(execFile);

/** What a bundle does without: ws and cbor-x look for theirs in a try block; serialport is native, and npm puts it beside the node where it can. */
const OPTIONAL = ["bufferutil", "utf-8-validate", "cbor-extract", "serialport"];
const BUILTIN = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);

/**
 * Packs every folder of nodes/ whose sources changed since the last time.
 * @param {{ outDir?: string, log?: (line: string) => void }} [options] outDir: default dist/nodes at the root
 * @returns {Promise<{ name: string, version: string, file: string, fresh: boolean }[]>} fresh: packed now, not found ready
 */
export async function packNodes({ outDir = join(root, "dist/nodes"), log = () => {} } = {}) {
  await mkdir(outDir, { recursive: true });
  const indexFile = join(outDir, "packed.json");
  const written = existsSync(indexFile) ? await readFile(indexFile, "utf8") : "{}";
  const before = JSON.parse(written);
  const shared = await digest([
    join(root, "package-lock.json"),
    fileURLToPath(import.meta.url),
    ...(await sources(join(root, "packages"))),
    ...["LICENSE", "NOTICE"].map((name) => join(root, name)).filter(existsSync),
  ]);
  const folders = (await readdir(join(root, "nodes")))
    .map((name) => join(root, "nodes", name))
    .filter((folder) => existsSync(join(folder, "package.json")));
  const index = {};
  const packed = [];
  for (const folder of folders.toSorted()) {
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const key = await digest(await sources(folder), shared);
    const known = before[manifest.name];
    const fresh = known?.key !== key || !existsSync(join(outDir, known.file));
    const file = fresh ? await packOne(folder, manifest, outDir) : known.file;
    index[manifest.name] = { key, file };
    packed.push({ name: manifest.name, version: manifest.version, file: join(outDir, file), fresh });
    log(`${fresh ? "packed" : "ready "} ${relative(root, join(outDir, file))}`);
  }
  const wanted = new Set(Object.values(index).map(({ file }) => file));
  for (const name of await readdir(outDir))
    if (name.endsWith(".tgz") && !wanted.has(name)) await rm(join(outDir, name));
  const text = JSON.stringify(index, null, 2);
  if (text !== written) {
    // As with a tarball: whoever reads it meanwhile finds the one or the other.
    const part = `${indexFile}.${process.pid}.part`;
    await writeFile(part, text);
    await rename(part, indexFile);
  }
  return packed;
}

async function packOne(folder, manifest, outDir) {
  const stage = await mkdtemp(join(tmpdir(), "skein-pack-"));
  try {
    const bundler = await bundlers();
    const inputs = new Set();
    for (const built of Object.values(manifest["node-red"].nodes)) {
      const source = join(folder, built.replace(/^dist\//, "src/").replace(/\.js$/, ".ts"));
      for (const input of await bundler.bundleNode(source, join(stage, built))) inputs.add(input);
      await cp(source.replace(/\.ts$/, ".html"), join(stage, built.replace(/\.js$/, ".html")));
    }
    for (const name of ["locales", "icons"])
      if (existsSync(join(folder, "src", name)))
        await cp(join(folder, "src", name), join(stage, "dist", name), { recursive: true });
    for (const name of ["resources", "examples", "README.md"])
      if (existsSync(join(folder, name))) await cp(join(folder, name), join(stage, name), { recursive: true });
    for (const input of await bundler.bundleEditor(folder, join(stage, "resources"))) inputs.add(input);
    for (const name of ["LICENSE", "NOTICE"])
      if (existsSync(join(root, name))) await cp(join(root, name), join(stage, name));
    await writeFile(join(stage, "THIRD-PARTY-LICENSES.txt"), await licences(inputs));
    await writeFile(join(stage, "package.json"), JSON.stringify(standalone(manifest), null, 2));
    const { stdout } = await run(
      "npm",
      ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", stage],
      { cwd: stage },
    );
    const answer = JSON.parse(stdout);
    const { filename } = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
    const file = basename(filename);
    // Copied under another name and renamed: whoever reads the folder meanwhile sees a whole tarball or none.
    const part = join(outDir, `${file}.${process.pid}.part`);
    await cp(join(stage, file), part);
    await rename(part, join(outDir, file));
    return file;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** The manifest without what only this workspace has. Peers stay, loosely: whether they fit is checked at run time by the interface's version. */
export function standalone(manifest) {
  const {
    dependencies: _dependencies,
    devDependencies: _devDependencies,
    scripts: _scripts,
    files: _files,
    peerDependencies = {},
    ...rest
  } = manifest;
  const peers = Object.fromEntries(Object.keys(peerDependencies).map((name) => [name, "*"]));
  return Object.keys(peers).length > 0 ? { ...rest, peerDependencies: peers } : rest;
}

/** esbuild is loaded only when something is to be packed: a run with nothing to do stays quick. */
async function bundlers() {
  const { build } = await import("esbuild");
  const ours = {
    name: "skein-from-source",
    setup(plugins) {
      plugins.onResolve({ filter: /^@skein\// }, ({ path }) => {
        const [, name, ...rest] = path.split("/");
        const source = join(root, "packages", name, "src", ...rest);
        return { path: [`${source}.ts`, join(source, "index.ts")].find((file) => existsSync(file)) };
      });
    },
  };
  const common = {
    bundle: true,
    metafile: true,
    absWorkingDir: root,
    logLevel: "error",
    plugins: [ours],
    legalComments: "eof",
  };
  return {
    async bundleNode(entry, outfile) {
      const { metafile } = await build({
        ...common,
        entryPoints: [entry],
        outfile,
        platform: "node",
        target: "node20",
        format: "cjs",
        external: OPTIONAL,
      });
      const outside = Object.values(metafile.outputs)
        .flatMap(({ imports }) => imports)
        .filter(({ external, path }) => external && !BUILTIN.has(path) && !OPTIONAL.includes(path));
      if (outside.length > 0)
        throw new Error(
          `${relative(root, entry)} would need ${outside.map(({ path }) => path).join(", ")} beside its tarball`,
        );
      return Object.keys(metafile.inputs);
    },
    async bundleEditor(folder, outdir) {
      const entry = join(folder, "src/editor.ts");
      if (!existsSync(entry)) return [];
      const { metafile } = await build({
        ...common,
        entryPoints: [entry],
        outdir,
        platform: "browser",
        target: "es2020",
        format: "iife",
      });
      return Object.keys(metafile.inputs);
    },
  };
}

/** The licence texts of the libraries that went into the bundles. */
async function licences(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const parts = input.split("/");
    const at = parts.lastIndexOf("node_modules");
    if (at >= 0) folders.add(parts.slice(0, at + (parts[at + 1]?.startsWith("@") ? 3 : 2)).join("/"));
  }
  const texts = [];
  for (const folder of [...folders].toSorted((a, b) => (a < b ? -1 : 1))) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
    const file = (await readdir(join(root, folder))).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    texts.push(
      `${name} ${version} (${typeof license === "string" ? license : "see below"})\n\n${file ? (await readFile(join(root, folder, file), "utf8")).trim() : "The package bears no licence text of its own."}\n`,
    );
  }
  return texts.length > 0
    ? `This package contains parts of these libraries:\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`
    : "This package contains no other libraries.\n";
}

/** Every file that can change what is packed: no tests, nothing built. */
async function sources(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const parts = relative(folder, file).split(sep);
      return (
        !parts.some((part) => part === "node_modules" || part === "dist" || part === "testing") &&
        !/\.(test\.ts|tsbuildinfo|map)$/.test(file)
      );
    })
    .toSorted();
}

async function digest(files, seed = "") {
  const hash = createHash("sha256").update(seed);
  for (const file of files) hash.update(`\0${relative(root, file)}\0`).update(await readFile(file));
  return hash.digest("hex");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const quiet = process.argv.includes("--quiet");
    await packNodes({ log: quiet ? undefined : (line) => console.log(line) });
  } catch (error) {
    console.error(`skein: the nodes could not be packed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
