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
import { lean } from "./lean.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const outfileAt = process.argv.indexOf("--outfile");
const outfile = outfileAt > 0 ? process.argv[outfileAt + 1] : join(here, "dist/agent.js");

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
  plugins: lean,
  logLevel: "warning",
});
