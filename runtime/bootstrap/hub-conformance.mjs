/** `npm run hub-conformance -- --port /dev/ttyACM0`: makes the clone ready quietly, then tries whether a board keeps to docs/link.md. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, help, install, leaderNode, root } from "./prepare.mjs";

const words = process.argv.slice(2);
if (words.length === 0 || words.includes("--help") || words.includes("-h")) help("hub-conformance");
const say = (line) => console.error(`  ${line}`);
try {
  await install(say);
  await build(say);
} catch (error) {
  console.error(`skein: ${error.message}`);
  process.exit(1);
}
const trial = spawn(leaderNode(), [join(root, "packages/stm32-link/dist/conformance/main.js"), ...words], {
  stdio: "inherit",
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => trial.kill(signal));
trial.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
