// `node nodes/build.mjs`, after `tsc -b`: what a node package has beside its compiled code. The dialogs (*.html), texts and
// icons go beside it in dist/, where Node-RED looks for them, and src/editor.ts becomes one script for the browser in
// resources/, which Node-RED serves.
import { cpSync, existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

for (const name of readdirSync(here)) {
  const source = join(here, name, "src");
  if (!existsSync(source)) continue;
  for (const entry of readdirSync(source)) {
    if (entry.endsWith(".html") || entry === "locales" || entry === "icons") {
      cpSync(join(source, entry), join(here, name, "dist", entry), { recursive: true });
    }
  }
  if (!existsSync(join(source, "editor.ts"))) continue;
  await build({
    entryPoints: [join(source, "editor.ts")],
    outfile: join(here, name, "resources/editor.js"),
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2020",
    logLevel: "warning",
  });
}
