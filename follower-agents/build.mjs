/**
 * Makes the follower agent one file, dist/agent.js: it is copied to boards that have plain Node 20 and nothing else. Our packages
 * go in from their sources, so the bundle needs no build of theirs. It is made small on purpose: an agent is a guest on its host
 * (under 60 MB with everything; `npm run bench -- agent`).
 *
 *   node follower-agents/build.mjs [--outfile FILE]
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const outfileAt = process.argv.indexOf("--outfile");
const outfile = outfileAt > 0 ? process.argv[outfileAt + 1] : join(here, "dist/agent.js");

/** Replaces in one file of a library what costs memory and is never used here; fails when the library has changed. */
const change = (filter, edits) => ({
  name: `change ${filter}`,
  setup(building) {
    building.onLoad({ filter }, ({ path }) => {
      let contents = readFileSync(path, "utf8");
      for (const [from, to] of edits) {
        if (!contents.includes(from))
          throw new Error(
            `follower-agents/build.mjs: ${path} no longer has ${JSON.stringify(from)}; look again whether this change is needed.`,
          );
        contents = contents.replaceAll(from, to);
      }
      return { contents, loader: "js" };
    });
  },
});

const ours = Object.fromEntries(
  ["kit", "contracts", "bus"].map((name) => [`@skein/${name}`, join(root, `packages/${name}/src/index.ts`)]),
);

const lean = [
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

await build({
  entryPoints: [join(here, "src/main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  // Names are kept where errors show them; whatever else, the source map tells.
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "linked",
  // Node keeps a source that is plain ASCII at one byte a character.
  charset: "ascii",
  define: { SKEIN_AGENT_VERSION: JSON.stringify(version) },
  alias: {
    // The ES modules of zod, of which esbuild takes only what is used.
    zod: join(root, "node_modules/zod/index.js"),
  },
  plugins: lean,
  logLevel: "warning",
});
