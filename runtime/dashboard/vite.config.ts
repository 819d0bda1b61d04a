import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/**
 * Writes service-worker.js with the names of everything that was built, so that the whole page lies in the browser from its first
 * visit on. Its name bears no hash: a browser looks for the same address again.
 */
function serviceWorker(): Plugin {
  return {
    name: "skein-service-worker",
    apply: "build",
    // After Vite's own, which adds index.html.
    enforce: "post",
    generateBundle(_options, bundle) {
      const build = createHash("sha256");
      for (const file of Object.values(bundle)) build.update(file.type === "chunk" ? file.code : file.source);
      // These are copied past the bundle, and are kept in the browser as well.
      for (const name of PUBLIC) build.update(readFileSync(new URL(`./public/${name}`, import.meta.url)));
      const built = Object.keys(bundle).filter((name) => !name.endsWith(".map"));
      const files = ["./", ...built.filter((name) => name !== "index.html"), ...PUBLIC].toSorted();
      const source = readFileSync(new URL("./src/service-worker.js", import.meta.url), "utf8");
      this.emitFile({
        type: "asset",
        fileName: "service-worker.js",
        source: source
          .replace("/* FILES */ []", JSON.stringify(files))
          .replace("/* BUILD */", build.digest("hex").slice(0, 12)),
      });
    },
  };
}

/** Of public/, what the page shows. */
const PUBLIC = ["icon.svg", "icon-192.png", "manifest.webmanifest"];

/** The page is served by core at `/`; its files are found relatively, so that a proxy may put it anywhere. */
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [serviceWorker()],
  build: { target: "es2022", outDir: "dist", emptyOutDir: true, sourcemap: true },
});
