/** What `npm run kasa-emulator` and `npm run hub-conformance` are: the clone is made ready quietly, then a program of a package runs with the given words. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build, help, install, leaderNode, root } from "./prepare.mjs";

/** @param name of the tool and of its text in help/ @param main the program, from the clone's root */
export async function runTool(name, main) {
  const words = process.argv.slice(2);
  if (words.length === 0 || words.includes("--help") || words.includes("-h")) help(name);
  const say = (line) => console.error(`  ${line}`);
  try {
    await install(say);
    await build(say);
  } catch (error) {
    console.error(`skein: ${error.message}`);
    process.exit(1);
  }
  const tool = spawn(leaderNode(), [join(root, main), ...words], {
    stdio: "inherit",
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => tool.kill(signal));
  tool.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
