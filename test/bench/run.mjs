/**
 * `npm run bench -- NAME [options]`: bundles test/bench/NAME.ts with esbuild and runs it under the leader's Node. A bench
 * prints what it measures beside a peer and closes with one line of JSON: {bench, figures, targets, met}.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build, install, leaderNode, root } from "../../runtime/bootstrap/prepare.mjs";

const say = (line) => console.error(`  ${line}`);
const folder = join(root, "test/bench");
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3))
  .filter((name) => !name.includes("."));
const [name, ...options] = process.argv.slice(2);
if (!name || !names.includes(name)) {
  console.error(`Which bench? npm run bench -- ${names.join(" | ")}`);
  process.exit(2);
}

await install(say);
await build(say);
const { buildSync } = await import("esbuild");
const out = join(root, ".cache/bench");
mkdirSync(out, { recursive: true });
buildSync({
  entryPoints: [join(folder, `${name}.ts`)],
  outfile: join(out, `${name}.cjs`),
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  packages: "external",
  sourcemap: "inline",
  define: { "process.env.SKEIN_ROOT": JSON.stringify(root) },
});
const child = spawn(leaderNode(), [join(out, `${name}.cjs`), ...options], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
