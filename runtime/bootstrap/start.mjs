/** `npm start` and `npm run demo`: makes the clone ready, then hands over to the launcher. */
import { build, help, install, leaderNode, root } from "./prepare.mjs";
import { spawn } from "node:child_process";
import { join } from "node:path";

const words = process.argv.slice(2);
if (words.includes("--help") || words.includes("-h")) help("start");
const say = (line) => console.log(`  ${line}`);
try {
  await install(say);
  await build(say);
} catch (error) {
  console.error(`skein: ${error.message}`);
  process.exit(1);
}

// The channel tells the launcher when this process is gone, however it went: nothing is left behind.
const launcher = spawn(leaderNode(), [join(root, "runtime/dist/launcher/main.js"), ...words], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => launcher.kill(signal));
launcher.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
