/** Which packages a flow needs, and which of them are not here. One unknown type keeps all flows from starting, so this must be said. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { typesIn } from "../core/catalogue/read-package";
import { propertyOf, readJson, stringOf, type FlowNode, type ImportSource } from "./import-source";

/** Known to the runtime itself. */
const BUILT_IN = new Set(["tab", "subflow", "group", "junction", "global-config", "unknown"]);

export interface NeededModules {
  /** To install, with the version that the other Node-RED had. */
  readonly missing: readonly {
    readonly module: string;
    readonly version: string | undefined;
    readonly types: readonly string[];
  }[];
  /** Types of which nothing there says which package provides them: it was taken away, or was never installed. */
  readonly unknownTypes: readonly string[];
  /** Where such types may come from: `name@version` of what its package.json (or flow file) asks for and is not here. */
  readonly candidates: readonly string[];
  /** npm modules that function nodes load by themselves, which is switched off here. */
  readonly functionModules: readonly string[];
}

export function neededModules(source: ImportSource, flowsDir: string): NeededModules {
  const here = new Set([...coreTypes(), ...installedTypes(flowsDir).keys()]);
  const wanted = [...new Set(source.flows.map(({ type }) => type))].filter(
    (type) => !BUILT_IN.has(type) && !type.startsWith("subflow:") && !here.has(type),
  );
  const there = registeredTypes(source.dir);
  for (const [type, found] of installedTypes(source.dir, false)) there.set(type, found);
  const byModule = new Map<string, { module: string; version: string | undefined; types: string[] }>();
  for (const type of wanted) {
    const found = there.get(type);
    if (!found) continue;
    const entry = byModule.get(found.module) ?? { ...found, types: [] };
    byModule.set(found.module, { ...entry, types: [...entry.types, type].toSorted() });
  }
  const unknownTypes = wanted.filter((type) => !there.has(type)).toSorted();
  return {
    missing: [...byModule.values()].toSorted((a, b) => (a.module < b.module ? -1 : 1)),
    unknownTypes,
    candidates: unknownTypes.length === 0 ? [] : askedFor(source).filter(notIn(byModule, flowsDir)).map(withVersion),
    functionModules: functionModules(source.flows),
  };
}

interface Asked {
  readonly module: string;
  readonly version: string | undefined;
}

/** What it was made with, also where its node_modules were not copied along: the packages that were installed in its palette manager stand there. */
function askedFor({ dir, flowFile, flows }: ImportSource): Asked[] {
  const global = flows.find(({ type }) => type === "global-config");
  const named = {
    ...propertyOf(global, "modules"),
    ...propertyOf(readJson(join(dirname(flowFile), "package.json")), "dependencies"),
    ...propertyOf(readJson(join(dir, "package.json")), "dependencies"),
  };
  return Object.keys(named)
    .toSorted()
    .map((module) => ({ module, version: stringOf(named, module) }));
}

const notIn =
  (listed: ReadonlyMap<string, unknown>, flowsDir: string) =>
  ({ module }: Asked): boolean =>
    !listed.has(module) && !rootsHere(flowsDir).some((root) => existsSync(join(root, "node_modules", module)));

const withVersion = ({ module, version }: Asked): string => (version ? `${module}@${version}` : module);

function functionModules(flows: readonly FlowNode[]): string[] {
  const libs = flows.flatMap((node) =>
    node.type === "function" && Array.isArray(node["libs"]) ? (node["libs"] as unknown[]) : [],
  );
  const names = libs.flatMap((lib) => stringOf(lib, "module") ?? []);
  return [...new Set(names)].filter((name) => !isBuiltin(name)).toSorted();
}

type TypeMap = Map<string, { module: string; version: string | undefined }>;

/** The types of node-red's own nodes. */
function coreTypes(): string[] {
  const nodes = dirname(createRequire(require.resolve("node-red")).resolve("@node-red/nodes/package.json"));
  const pages = readdirSync(join(nodes, "core"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".html") && !name.includes("locales"),
  );
  return typesIn(pages.map((name) => readFileSync(join(nodes, "core", name), "utf8")));
}

/** What the other runtime wrote down of its own registry. */
function registeredTypes(dir: string): TypeMap {
  const types: TypeMap = new Map();
  const registry =
    readJson(join(dir, ".config.nodes.json")) ?? propertyOf(readJson(join(dir, ".config.json")), "nodes") ?? {};
  for (const [module, entry] of Object.entries(registry)) {
    if (module === "node-red") continue;
    for (const set of Object.values(propertyOf(entry, "nodes") ?? {})) {
      const listed = (set as { types?: unknown } | null)?.types;
      for (const type of Array.isArray(listed) ? listed : [])
        types.set(String(type), { module, version: stringOf(entry, "version") });
    }
  }
  return types;
}

/** The types of the packages in the node_modules of a folder and, as Node-RED looks for them, of the folders above it. */
function installedTypes(dir: string, above = true): TypeMap {
  const types: TypeMap = new Map();
  const roots = above ? rootsHere(dir) : [dir];
  for (const root of new Set(roots)) {
    for (const folder of packagesIn(join(root, "node_modules"))) {
      const manifest = readJson(join(folder, "package.json"));
      const nodes = propertyOf(propertyOf(manifest, "node-red"), "nodes");
      const module = stringOf(manifest, "name");
      if (!nodes || module === undefined) continue;
      const pages = Object.values(nodes)
        .map((script) => join(folder, String(script).replace(/\.js$/, ".html")))
        .filter((page) => existsSync(page));
      for (const type of typesIn(pages.map((page) => readFileSync(page, "utf8")))) {
        if (!types.has(type)) types.set(type, { module, version: stringOf(manifest, "version") });
      }
    }
  }
  return types;
}

/** Ours are workspaces beside node-red itself. */
const rootsHere = (dir: string): string[] => [
  ...upwards(resolve(dir)),
  ...upwards(dirname(require.resolve("node-red"))),
];

function upwards(dir: string): string[] {
  const parent = dirname(dir);
  return parent === dir ? [dir] : [dir, ...upwards(parent)];
}

function packagesIn(modules: string): string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules).flatMap((name) => {
    if (name.startsWith(".")) return [];
    return name.startsWith("@")
      ? readdirSync(join(modules, name)).map((scoped) => join(modules, name, scoped))
      : [join(modules, name)];
  });
}
