/**
 * What makes the agent's one file small in memory. V8 reads all of a script before it runs it and takes about eight times its
 * size for that, which malloc then keeps; a library's leftovers for browsers cost a board for months. Each change is checked: when
 * a library no longer looks as it did, the build fails and says so.
 *
 * It is worth its lines: without this file, minified by esbuild alone, the agent's resident set under Node 20 peaks at 75.7 MB and
 * settles at 59.9 MB; with it, at 59.7 MB and 54.6 MB (both beside each other over 200 s, target 60 MB).
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Replaces in one file of a library what costs memory and is never used here; fails when the library has changed. */
const change = (filter, edits) => ({
  name: `change ${filter}`,
  setup(building) {
    building.onLoad({ filter }, ({ path }) => {
      let contents = readFileSync(path, "utf8");
      for (const [from, to] of edits) {
        if (!contents.includes(from))
          throw new Error(
            `follower-agents/lean.mjs: ${path} no longer has ${JSON.stringify(from)}; look again whether this change is needed.`,
          );
        contents = contents.replaceAll(from, to);
      }
      return { contents, loader: "js" };
    });
  },
});

const ours = {
  ...Object.fromEntries(
    ["kit", "contracts", "bus"].map((name) => [`@skein/${name}`, join(root, `packages/${name}/src/index.ts`)]),
  ),
  "@skein/kit/child-process": join(root, "packages/kit/src/child-process.ts"),
};

/** A library that is not needed here at all. */
const without = (filter, why) => ({
  name: `without ${filter}`,
  setup(building) {
    building.onResolve({ filter }, ({ path }) => ({ path, namespace: "without" }));
    building.onLoad({ filter, namespace: "without" }, () => ({
      contents: `module.exports = {}; // ${why}`,
      loader: "js",
    }));
  },
});

/**
 * A library goes in as a bundle of its own, compressed: no more than a string until somebody requires it, and then read by V8 by
 * itself, so that the most that it holds at once is what the largest library takes. `names` are what our code imports of it: for
 * a module whose names it does not know esbuild makes a copy with a getter each in every file that imports it.
 */
const packed = (name, names, entry = name) => ({
  name: `packed ${name}`,
  setup(building) {
    building.onResolve({ filter: new RegExp(`^${name}$`) }, async ({ resolveDir, kind, pluginData }) => {
      if (pluginData === "packed") return undefined;
      const found = await building.resolve(entry, { resolveDir, kind, pluginData: "packed" });
      return { path: found.path, namespace: `packed-${name}` };
    });
    building.onLoad({ filter: /.*/, namespace: `packed-${name}` }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path],
        bundle: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        minify: true,
        charset: "ascii",
        write: false,
        plugins: [...(name === "ws" ? [] : [packed("ws", [])]), ...trimmed],
        logLevel: "warning",
      });
      const text = brotliCompressSync(outputFiles[0].contents).toString("base64");
      return {
        loader: "js",
        contents: `
          const source = require("node:zlib").brotliDecompressSync(Buffer.from("${text}", "base64")).toString("latin1");
          const packed = { exports: {} };
          new Function("module", "exports", "require", source)(packed, packed.exports, require);
          ${names.length === 0 ? "module.exports = packed.exports;" : names.map(exported).join("")}`,
      };
    });
  },
});

const exported = (name) =>
  name === "default" ? "export default packed.exports;" : `export const ${name} = packed.exports.${name};`;

/** The same as what Node has already. */
const asNode = (name, builtin) => ({
  name: `${name} as node:${builtin}`,
  setup: (building) =>
    building.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: `node:${builtin}`, external: true })),
});

const trimmed = [
  // Node's own streams, for every Node since 8 and for browsers.
  asNode("readable-stream", "stream"),
  without(/^worker-timers$/, "timers that browsers do not slow down in a hidden page"),
  without(/^thread-stream$/, "pino writes by itself here, in no other thread"),
  without(/^child_process$/, "systeminformation's; what the agent asks of it starts no process on Linux"),
  without(/^socks$/, "SOCKS proxies, for which the agent has no setting"),
  // zod's error messages in fifty languages: only English is ever shown.
  {
    name: "English only",
    setup: (building) =>
      building.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export {};" })),
  },
  // mqtt loads WebSockets, TLS and SOCKS whatever the address is: each is loaded when the first connection needs it.
  change(/mqtt\/build\/lib\/connect\/index\.js$/, [
    ["protocols.ws = require('./ws').streamBuilder;", "protocols.ws = (...a) => require('./ws').streamBuilder(...a);"],
    [
      "protocols.wss = require('./ws').streamBuilder;",
      "protocols.wss = (...a) => require('./ws').streamBuilder(...a);",
    ],
    ["protocols.ssl = require('./tls').default;", "protocols.ssl = (...a) => require('./tls').default(...a);"],
    ["protocols.mqtts = require('./tls').default;", "protocols.mqtts = (...a) => require('./tls').default(...a);"],
  ]),
  change(/mqtt\/build\/lib\/connect\/(tcp|tls)\.js$/, [
    [
      'const socks_1 = __importDefault(require("./socks"));',
      'const socks_1 = { get default() { return require("./socks").default; } };',
    ],
  ]),
];

export const lean = [
  packed("ioredis", ["Redis"]),
  packed("mqtt", ["connect"]),
  packed("pino", ["default"]),
  packed("yaml", ["parseDocument"]),
  // The ES modules of zod, of which esbuild takes only what is used.
  packed("zod", ["z"], join(root, "node_modules/zod/index.js")),
  // Our packages do nothing by being imported: a file of theirs of which nothing is used stays out.
  {
    name: "ours without side effects",
    setup(building) {
      building.onResolve({ filter: /^@skein\// }, ({ path }) =>
        ours[path] ? { path: ours[path], sideEffects: false } : undefined,
      );
      building.onResolve({ filter: /^\.\.?\// }, async ({ path, importer, ...rest }) => {
        if (rest.pluginData === "ours" || !importer.startsWith(join(root, "packages"))) return undefined;
        const { path: found, errors } = await building.resolve(path, {
          importer,
          kind: rest.kind,
          resolveDir: rest.resolveDir,
          pluginData: "ours",
        });
        return errors.length > 0 ? { errors } : { path: found, sideEffects: false };
      });
    },
  },
  ...trimmed,
];
