/** `npm start`, once everything is built: decides, checks, starts, tells where to look, and stops everything at Ctrl-C. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { hasCode, isDiskFull, messageOf, SkeinError, systemRandom } from "@skein/kit";
import { asksForHelp, leaderOptions } from "../settings";
import { createConsole } from "./console";
import { claimDataDir, prepareDataDir } from "./data-dir";
import { createLauncher, type Launcher } from "./launcher";
import { leaderOf, lockDataDir } from "./leader-lock";
import { GIVEN_UP, giveUpReserve } from "./reserve";
import { readHealth } from "./read-health";

const console = createConsole();

/** start.mjs has it too, and gives it before anything is built. */
const HELP_FILE = join(__dirname, "../../bootstrap/help/start.txt");
/** Signals this close together are one wish to end. */
const SAME_CTRL_C_MS = 700;

async function main(): Promise<void> {
  // What the house writes is its owner's alone.
  process.umask(0o077);
  const argv = process.argv.slice(2);
  if (asksForHelp(argv)) return console.line(readFileSync(HELP_FILE, "utf8").trimEnd());
  const options = leaderOptions(argv, process.env);
  const begun = performance.now();
  const dataDir = prepare(resolve(options.dataDir));
  const unlock = lockDataDir(dataDir);
  process.on("exit", unlock);
  claimDataDir(dataDir, options.demo);

  let launcher: Launcher | undefined;
  let ending = 0;
  let lastAsked = -Infinity;
  const end = (code: number) => {
    // One Ctrl-C comes more than once: from the terminal, from npm and from start.mjs, which hand it on.
    const now = performance.now();
    const again = now - lastAsked < SAME_CTRL_C_MS;
    lastAsked = now;
    if (again) return;
    ending += 1;
    if (ending === 2) console.line("  stopping at once");
    if (ending > 2) return;
    if (ending === 1) console.line("  stopping");
    const stopped = launcher ? (ending === 1 ? launcher.stop() : launcher.kill()) : Promise.resolve();
    stopped.then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(0));
  // Started by start.mjs: when that is gone, however it went, so are we.
  if (process.send) process.on("disconnect", () => end(0));

  launcher = await createLauncher(options, {
    random: systemRandom,
    console,
    root: join(__dirname, "..", "..", ".."),
    dataDir,
  });
  if (options.configFile !== undefined) console.step(`settings from ${options.configFile}`);
  console.step(`data in ${dataDir}`);
  try {
    await launcher.start();
  } catch (error) {
    if (ending > 0) return;
    fail(error);
    return end(1);
  }
  if (ending > 0) return;
  console.line("");
  console.step(`${options.demo ? "The demo" : options.settings.house.name} is ready after`, begun);
  console.line("");
  if (launcher.setupUrl !== undefined) {
    console.line(`  Set up        ${launcher.setupUrl}`);
    console.line("                logs you in as the owner, once: choose a password there");
  }
  console.line(`  Who is alive  ${launcher.httpUrl}`);
  for (const url of launcher.otherUrls) console.line(`                ${url}`);
  console.line(`  The editor    ${launcher.httpUrl}editor/`);
  console.line(`  The bus       ${launcher.busUrl}`);
  const health = await readHealth(`${launcher.httpUrl}healthz`);
  if (health?.broker === "down")
    console.line(`! ${launcher.busUrl} is not reached yet; every verdict is unknown until it is`);
  console.line("");
  console.line("  Ctrl-C stops everything.");
}

/** Once more, when the disk is full and there was something held back. @throws SkeinError DATA_DIR_UNUSABLE */
function prepare(dataDir: string): string {
  try {
    return prepareDataDir(dataDir);
  } catch (error) {
    // A leader that runs gives it up by itself.
    const isFull = error instanceof SkeinError && isDiskFull(error.cause);
    if (!isFull || leaderOf(dataDir) !== undefined || !giveUpReserve(dataDir, true)) throw error;
    console.line(`! ${GIVEN_UP}`);
    return prepareDataDir(dataDir);
  }
}

/** One line, whatever it was. */
function fail(error: unknown): void {
  const text = messageOf(error).split("\n")[0] ?? "";
  process.stderr.write(`skein: ${text}${hasCode(error) ? ` [${error.code}]` : ""}\n`);
}

main().catch((error: unknown) => {
  fail(error);
  process.exit(1);
});
