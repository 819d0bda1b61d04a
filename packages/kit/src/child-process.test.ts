import { fork, spawnSync, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "../../../test/support/temp-dir";

/** Real processes: what they hear are signals and a channel. */
const dir = tempDir();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  dir.remove();
});

let number = 0;
/** A child whose start and stop are these pieces of a program; each word that it says is a message. */
function program({ start = "", stop = "" }: { start?: string; stop?: string }): string {
  const file = dir.join(`child-${++number}.cjs`);
  writeFileSync(
    file,
    `const { runAsChild, tellLauncher } = require(${JSON.stringify(join(__dirname, "../dist/child-process.js"))});
    const say = (type) => tellLauncher({ type });
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    runAsChild(
      async (init) => {
        say("starts with " + init.what + " " + process.umask().toString(8));
        ${start}
        return { async stop() { say("stops"); ${stop} } };
      },
      (message) => say("heard " + message.type),
    );`,
  );
  return file;
}

function started(file: string) {
  const child = fork(file, { stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] });
  children.push(child);
  const said: string[] = [];
  const listeners = new Set<() => void>();
  child.on("message", ({ type, code, message }: Record<string, string>) => {
    said.push([type, code, message].filter(Boolean).join(": "));
    for (const listener of listeners) listener();
  });
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const errors = new Promise<string>((resolve) => child.stderr?.once("close", () => resolve(text)));
  const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const until = (word: string) =>
    new Promise<void>((resolve) => {
      const look = () => said.includes(word) && resolve();
      listeners.add(look);
      look();
    });
  child.send({ type: "init", what: "this" });
  return { child, said, code, until, errors };
}

const STARTS = "starts with this 77";

it("is told everything, is ready, says that it is alive, hears what else is said, and stops what it started", async () => {
  const { child, said, code, until } = started(program({}));
  await until("ready");
  child.send({ type: "init", what: "that" });
  child.send({ type: "parts" });
  await until("heard parts");
  await until("alive");
  child.kill("SIGTERM");
  expect(await code).toBe(0);
  expect(said.filter((word) => word !== "alive")).toEqual([STARTS, "ready", "heard parts", "stops"]);
});

it.each(["SIGTERM", "SIGINT"] as const)(
  "awaits its start when %s comes in its midst, then stops it",
  async (signal) => {
    const { child, said, code, until } = started(program({ start: `await wait(300); say("has started");` }));
    await until(STARTS);
    child.kill(signal);
    expect(await code).toBe(0);
    expect(said.filter((word) => word !== "ready")).toEqual([STARTS, "has started", "stops"]);
  },
);

it("ends when its launcher is gone", async () => {
  const { child, code, until } = started(program({}));
  await until("ready");
  child.disconnect();
  expect(await code).toBe(0);
});

it.each([
  ["cannot stop", `throw new Error("stuck");`],
  ["does not stop", "await wait(60_000);"],
])("ends with a code of its own when what it started %s", async (_, stop) => {
  const { child, code, until } = started(program({ stop }));
  await until("ready");
  child.kill("SIGTERM");
  expect(await code).toBe(1);
});

it.each([
  ["its code", `throw Object.assign(new Error("no room"), { code: "DISK_FULL" });`, "failed: DISK_FULL: no room"],
  ["one for those that have none", `throw new Error("no luck");`, "failed: START_FAILED: no luck"],
])("says why it cannot start, with %s", async (_, start, failed) => {
  const { said, code, errors } = started(program({ start }));
  expect(await code).toBe(1);
  expect(said).toEqual([STARTS, failed]);
  expect(await errors).toContain("Error: no ");
});

it("says whose part it is when a person starts it", () => {
  const { status, stderr } = spawnSync(process.execPath, [program({})], { encoding: "utf8" });
  expect([status, stderr]).toEqual([2, expect.stringContaining("npm start")]);
});
