/** `npm run skein -- COMMAND`: makes the clone ready quietly, then runs the command in the caller's folder. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, help, install, leaderNode, root } from "./prepare.mjs";

const words = process.argv.slice(2);
if (words.length === 0 || ["--help", "-h", "help"].includes(words[0])) help("skein");
const say = (line) => console.error(`  ${line}`);
try {
  await install(say);
  await build(say);
} catch (error) {
  console.error(`skein: ${error.message}`);
  process.exit(1);
}
const command = spawn(leaderNode(), [join(root, "runtime/dist/cli/main.js"), ...words], {
  stdio: "inherit",
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
command.on("exit", (code) => process.exit(code ?? 1));
