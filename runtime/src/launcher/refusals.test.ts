/** A leader that cannot start says so in one clear line and ends with a code that is not zero. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { eventually } from "../../../test/support/eventually";
import { freePort } from "../../../test/support/ports";
import { runLauncher, startLeader } from "../../../test/support/leader";
import { tempDir } from "../../../test/support/temp-dir";
import { leaderNode } from "../../../test/support/leader-node";

jest.setTimeout(120_000);

const dir = tempDir();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  dir.remove();
});

async function said(args: string[]): Promise<string> {
  const launcher = runLauncher(args, {}, dir.path);
  const code = await launcher.gone;
  expect({ code, lines: launcher.output().trimEnd().split("\n").length }).toEqual({ code: 1, lines: 1 });
  return launcher.output().trim();
}

it("names the process that holds a port", async () => {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await said(["--data-dir", dir.join("a"), "--port", String(port), "--broker-port", "0"])).toMatch(
    new RegExp(
      `^skein: port ${port} \\(the page\\) is already in use by process ${process.pid} \\(.+\\)\\. Stop that, or take another one with --port .*\\[PORT_IN_USE\\]$`,
    ),
  );
  expect(await said(["--data-dir", dir.join("a"), "--port", "0", "--broker-port", String(port)])).toMatch(
    /the broker\) is already in use by process .*--broker-port/,
  );
});

it("does not give two of them the same port", async () => {
  const port = String(await freePort());
  const start = (...args: string[]) => said(["--data-dir", dir.join("a"), ...args]);
  expect(await start("--port", port, "--broker-port", port)).toMatch(
    /the page and the broker cannot both have port \d+\. \[OPTION_INVALID\]$/,
  );
  // The broker speaks TLS at another address than without, and is still one thing to look for.
  writeFileSync(
    dir.join("tls.yaml"),
    `bus: { host: 127.0.0.2, listenTls: { cert: c.pem, key: k.pem, port: ${port} } }`,
  );
  expect(await start("--config", "tls.yaml", "--port", "0", "--broker-port", port)).toMatch(
    /the broker and the broker's TLS cannot both have port/,
  );
  expect(await start("--config", "tls.yaml", "--port", port, "--broker-port", "0")).toMatch(
    /the page and the broker's TLS cannot both have port/,
  );
});

it("says what is wrong with its config", async () => {
  writeFileSync(dir.join("bad.yaml"), "http: {prot: 1}");
  expect(await said(["--config", "bad.yaml"])).toMatch(
    /^skein: bad.yaml: unknown key "http.prot"; did you mean "http.port"\? \[CONFIG_INVALID\]$/,
  );
  expect(await said(["--config", "none.yaml"])).toMatch(/CONFIG_UNREADABLE/);
  writeFileSync(dir.join("open.yaml"), "http: {host: house.example}");
  expect(await said(["--config", "open.yaml"])).toMatch(/must be an IP address of this machine.*CONFIG_INVALID/);
});

it("gives help also beside a broken config, and to whoever names one", async () => {
  mkdirSync(dir.join("broken"));
  writeFileSync(dir.join("broken", "skein.yaml"), "http: {prot: 1}");
  for (const args of [["--help"], ["--help", "--config", "none.yaml"]]) {
    const launcher = runLauncher(args, {}, dir.join("broken"));
    expect({ code: await launcher.gone, said: launcher.output() }).toEqual({
      code: 0,
      said: expect.stringContaining("--broker-port N") as string,
    });
  }
});

it("does not start a demo in a real house's data directory, nor the other way round", async () => {
  const place = dir.join("real");
  mkdirSync(join(place, "core"), { recursive: true });
  writeFileSync(join(place, "core", "epoch"), "1");
  expect(await said(["--demo", "--data-dir", place])).toMatch(
    /^skein: the data directory .*real is a real house's, .*SKEIN_DATA_DIR.*\[DATA_DIR_OTHER_HOUSE\]$/,
  );
  mkdirSync(dir.join("played", "virtual-home"), { recursive: true });
  expect(await said(["--data-dir", dir.join("played")])).toMatch(/is a demo's, .*\[DATA_DIR_OTHER_HOUSE\]$/);
});

it("says that its data directory is no directory", async () => {
  writeFileSync(dir.join("file"), "");
  expect(await said(["--data-dir", "file"])).toMatch(
    /^skein: the data directory .*file is not a directory\. .*--data-dir.*\[DATA_DIR_UNUSABLE\]$/,
  );
});

it.each([
  ["on a disk that is full", "size=128k"],
  ["on a read-only file system", "ro"],
])("says that its data directory is %s", async (words, mountOptions) => {
  const place = dir.join(`disk-${mountOptions.slice(0, 2)}`);
  mkdirSync(place);
  // A file system of this process's own (mount_namespaces(7)), so that nothing is left behind.
  const unshare =
    process.getuid?.() === 0 ? ["unshare", "--mount"] : ["unshare", "--user", "--map-root-user", "--mount"];
  const root = join(__dirname, "../../..");
  const script = `mount -t tmpfs -o ${mountOptions} tmpfs "$1" && exec "$2" "$3" --data-dir "$1" --port 0 --broker-port 0`;
  const args = [...unshare, "sh", "-c", script, "sh", place, leaderNode, join(root, "runtime/dist/launcher/main.js")];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringMatching(
      new RegExp(`^skein: the data directory .* is ${words}\\. .*\\[DATA_DIR_UNUSABLE\\]\\n$`),
    ),
  });
});

it("does not share its data directory, but takes it over from a leader that was killed, whose parts are all gone", async () => {
  const first = await startLeader({ dataDir: dir.join("shared"), follower: true });
  const pids = (["broker", "core", "flowHost", "follower"] as const).map((part) => first.pid(part));
  expect(await said(["--data-dir", first.dataDir, "--port", "0", "--broker-port", "0"])).toMatch(
    new RegExp(
      `^skein: another leader \\(process ${first.pid("launcher")}\\) already works in .*\\[DATA_DIR_IN_USE\\]$`,
    ),
  );
  first.signal("launcher", "SIGKILL");
  const second = await startLeader({ dataDir: dir.join("shared") });
  try {
    await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
  } finally {
    await second.stop();
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
