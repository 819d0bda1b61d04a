/** Reads a node package as Node-RED would meet it: what its two halves register, its dialogs, texts, icons and examples. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { build, type Plugin } from "esbuild";

const root = resolve(__dirname, "../../../..");

export type Json = Record<string, unknown>;

/** What the browser half hands to `RED.nodes.registerType`. */
export interface EditorDefinition {
  readonly category?: string;
  readonly color?: string;
  readonly icon?: string;
  readonly defaults?: Record<
    string,
    { value: unknown; type?: string; validate?: (this: object, value: unknown, options: object) => boolean | string }
  >;
  readonly credentials?: Record<string, unknown>;
  readonly inputs?: number;
  readonly outputs?: number;
  readonly paletteLabel?: unknown;
  readonly inputLabels?: unknown;
  readonly outputLabels?: unknown;
  readonly label?: unknown;
}

export interface AdminRoute {
  readonly path: string;
  /** The permission it stands behind; undefined: open to anybody. */
  readonly permission: string | undefined;
}

export interface NodeHalf {
  readonly type: string;
  /** `heartbeat-monitor` of src/heartbeat-monitor.ts. */
  readonly file: string;
  /** The dialog. */
  readonly page: string;
  /** What the runtime half registers there. */
  readonly registered: readonly { readonly type: string; readonly credentials: readonly string[] }[];
  readonly routes: readonly AdminRoute[];
  readonly editor: EditorDefinition | undefined;
}

export interface PalettePackage {
  readonly dir: string;
  readonly manifest: Json;
  readonly readme: string;
  readonly nodes: readonly NodeHalf[];
  /** Every object that src/config.ts exports and that has a `configVersion`. */
  readonly defaults: readonly Json[];
  /** Language to file to text: `locales.de["in.json"]`. */
  readonly locales: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly icons: Readonly<Record<string, string>>;
  readonly examples: Readonly<Record<string, string>>;
  /** Flows as each release saved them: `fixtures["0.1.0.json"]`. */
  readonly fixtures: Readonly<Record<string, string>>;
  /** TypeScript of both halves, tests left out. */
  readonly sources: Readonly<Record<string, string>>;
}

export async function readPalettePackage(dir: string): Promise<PalettePackage> {
  const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as Json;
  const entries = (manifest["node-red"] as { nodes: Record<string, string> }).nodes;
  const editors = await editorDefinitions(dir);
  const nodes = Object.entries(entries).map(([type, built]) => {
    const file = built.replace(/^dist\//, "").replace(/\.js$/, "");
    return {
      type,
      file,
      page: textOf(join(dir, "src", `${file}.html`)),
      ...runtimeHalf(join(dir, "src", file)),
      editor: editors[type],
    };
  });
  const config = require(join(dir, "src/config")) as Json;
  return {
    dir,
    manifest,
    readme: textOf(join(dir, "README.md")),
    nodes,
    defaults: Object.values(config).filter(
      (value): value is Json => typeof value === "object" && value !== null && "configVersion" in value,
    ),
    locales: Object.fromEntries(
      namesIn(join(dir, "src/locales")).map((language) => [language, textsIn(join(dir, "src/locales", language))]),
    ),
    icons: textsIn(join(dir, "src/icons")),
    examples: textsIn(join(dir, "examples")),
    fixtures: textsIn(join(dir, "src/fixtures")),
    sources: Object.fromEntries(
      Object.entries(textsIn(join(dir, "src"))).filter(([name]) => name.endsWith(".ts") && !name.endsWith(".test.ts")),
    ),
  };
}

/** Runs the bundled editor.ts with a stand-in for the editor, whose page has no dialog open. */
async function editorDefinitions(dir: string): Promise<Record<string, EditorDefinition>> {
  const entry = join(dir, "src/editor.ts");
  if (!existsSync(entry)) return {};
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2020",
    logLevel: "silent",
    plugins: [ours],
  });
  const definitions: Record<string, EditorDefinition> = {};
  const registerType = (type: string, definition: EditorDefinition) => void (definitions[type] = definition);
  const $ = () => ({ val: () => undefined });
  runInNewContext(outputFiles[0]?.text ?? "", { RED: { nodes: { registerType } }, $ });
  return definitions;
}

/** Our packages as they stand in the tree, built or not. */
export const ours: Plugin = {
  name: "skein-from-source",
  setup(plugins) {
    plugins.onResolve({ filter: /^@skein\// }, ({ path }) => {
      const [, name = "", ...rest] = path.split("/");
      const source = join(root, "packages", name, "src", ...rest);
      return { path: existsSync(`${source}.ts`) ? `${source}.ts` : join(source, "index.ts") };
    });
  },
};

function runtimeHalf(module: string): Pick<NodeHalf, "registered" | "routes"> {
  const registered: { type: string; credentials: string[] }[] = [];
  const routes: AdminRoute[] = [];
  const route = (path: string, guard: unknown) => {
    const permission = (guard as { permission?: string } | undefined)?.permission;
    routes.push({ path, permission });
  };
  const register = require(module) as (RED: unknown) => void;
  register({
    settings: {},
    log: new Proxy({}, { get: () => () => {} }),
    _: String,
    nodes: {
      registerType: (type: string, _constructor: unknown, options: { credentials?: object } = {}) =>
        void registered.push({ type, credentials: Object.keys(options.credentials ?? {}) }),
    },
    auth: { needsPermission: (permission: string) => ({ permission }) },
    httpAdmin: { get: route, post: route, put: route, delete: route, use: route },
  });
  return { registered, routes };
}

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
const namesIn = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir).toSorted() : []);

function textsIn(dir: string): Record<string, string> {
  if (!existsSync(dir)) return {};
  const files = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map(({ name }) => [name, readFileSync(join(dir, name), "utf8")] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
