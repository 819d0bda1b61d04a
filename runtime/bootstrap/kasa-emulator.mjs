/** `npm run kasa-emulator -- --config home.yaml`: makes the clone ready quietly, then runs emulated Kasa devices until it is stopped. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, help, install, leaderNode, root } from "./prepare.mjs";

const words = process.argv.slice(2);
if (words.length === 0 || words.includes("--help") || words.includes("-h")) help("kasa-emulator");
const say = (line) => console.error(`  ${line}`);
try {
  await install(say);
  await build(say);
} catch (error) {
  console.error(`skein: ${error.message}`);
  process.exit(1);
}
const emulator = spawn(leaderNode(), [join(root, "packages/kasa/dist/emulator/main.js"), ...words], {
  stdio: "inherit",
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => emulator.kill(signal));
emulator.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
