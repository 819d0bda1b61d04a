import { defineConfig } from "vite";

/** The page is served by core at `/`; its files are found relatively, so that a proxy may put it anywhere. */
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2022", outDir: "dist", emptyOutDir: true, sourcemap: true },
});
