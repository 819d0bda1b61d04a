/**
 * A real leader that is open to its network at every address, by plain http and with a certificate of the house's own: the page, the
 * editor, and a board on another machine that joins with the very line that the page shows.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FollowerView } from "@skein/contracts";
import type { Page } from "playwright-core";
import { startAgentProcess, type StartedAgent } from "../support/agent-bundle";
import { startBrowser, type TestBrowser } from "../support/browser";
import { makeCertificates } from "../support/certificates";
import { openEditor } from "../support/editor";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { leaderNode } from "../support/leader-node";
import { createNetwork, noNetworkBecause, type TestNetwork } from "../support/network";
import { tempDir, type TempDir } from "../support/temp-dir";

const ROOT = join(__dirname, "../..");
const AGENT = join(ROOT, "follower-agents/dist/agent.js");
const [describeHere, why] = noNetworkBecause ? [describe.skip, ` (skipped: ${noNetworkBecause})`] : [describe, ""];

let dir: TempDir;
let net: TestNetwork;
let browser: TestBrowser;
let leader: Leader;
let board: StartedAgent | undefined;
/** Where the others in the house find it. */
let address: string;
let caFile: string;

async function open(secure: boolean): Promise<void> {
  dir = tempDir("skein-open-house-");
  net = createNetwork(1);
  const { ca, certFile: cert, keyFile: key, ...files } = makeCertificates(dir.path, net.address);
  caFile = files.caFile;
  [browser, leader] = await Promise.all([
    startBrowser(),
    startLeader({
      settings: {
        http: { host: "0.0.0.0", ...(secure && { tls: { cert, key } }) },
        bus: { host: "0.0.0.0", ...(secure && { listenTls: { cert, key, ca: caFile, port: 0 } }) },
      },
      ...(secure && { ca }),
    }),
  ]);
  address = `${secure ? "https" : "http"}://${net.address}:${leader.port}`;
}

async function close(): Promise<void> {
  board?.child.kill("SIGKILL");
  await board?.exit;
  await browser?.close();
  await leader?.stop();
  net?.close();
  dir?.remove();
}

/** As the board's owner copies it from the page: without the `node agent.js` before it. */
async function lineFrom(page: Page, name: string): Promise<string[]> {
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("button", { name: /^Add follower/ }).click();
  const dialog = page.getByRole("dialog", { name: "Add follower" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Get a code" }).click();
  const command = (await dialog.getByLabel("Command", { exact: true }).innerText()).split(" ");
  expect(command.slice(0, 3)).toEqual(["node", "agent.js", "join"]);
  return command.slice(2);
}

const onBoard = (...args: string[]): StartedAgent => {
  mkdirSync(dir.join("board"), { recursive: true });
  return (board = startAgentProcess(AGENT, args, "/usr/bin/node", net.on(0)));
};

/** The page, the editor and a board, each by the machine's address in the network. */
async function everythingWorks(): Promise<void> {
  expect(leader.output()).toContain(`${address}/\n`);
  const seen = { cookie: leader.cookie, locale: "en-GB", anyCertificate: true };
  const page = await browser.open(`${address}/#/followers`, seen);
  const line = await lineFrom(page, "Shed");
  expect(line[3]).toBe(address);
  onBoard(...line, "--dir", dir.join("board"));
  await page.getByText("Shed has joined").waitFor();
  await eventually(async () => {
    const { followers } = (await (await leader.fetch("/api/v1/followers")).json()) as { followers: FollowerView[] };
    expect(followers).toMatchObject([{ name: "Shed", verdict: { state: "alive" } }]);
  }, 20_000);
  const editor = await openEditor(browser, `${address}/editor/`, seen);
  await editor.drag("inject", 200, 100);
  await editor.deploy();
  expect(browser.errors).toEqual([]);
}

describeHere(`A house that is open to its network by http${why}`, () => {
  beforeAll(() => open(false), 90_000);
  afterAll(close);

  it("has its page, its editor and its joining at the machine's address", everythingWorks, 60_000);
});

describeHere(`A house that is open to its network with a certificate of its own${why}`, () => {
  beforeAll(() => open(true), 90_000);
  afterAll(close);

  it("has its page, its editor and its joining there by https", everythingWorks, 60_000);

  it("lets a board in by the authority's file, and is told no code by one that does not believe it", async () => {
    const made = await leader.fetch("/api/v1/join-codes", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "hut" }),
    });
    const { code } = (await made.json()) as { code: string };
    board?.child.kill("SIGKILL");
    const to = ["join", code, "--leader", address, "--dir", dir.join("hut")];
    const wary = onBoard(...to);
    expect(await wary.exit).toMatchObject({ code: 1 });
    expect(wary.output()).toMatch(/^LEADER_UNTRUSTED: /m);
    onBoard(...to, "--ca", caFile);
    await eventually(async () => expect((await leader.follower("hut")).verdict.state).toBe("alive"), 20_000);
  });

  it("has its owner in by `skein login-link`, also without being told of the certificate", async () => {
    const cli = [join(ROOT, "runtime/dist/cli/main.js"), "login-link", "--data-dir", leader.dataDir];
    const link = execFileSync(leaderNode, cli, { encoding: "utf8", cwd: dir.path }).trim();
    expect(link).toMatch(new RegExp(`^https://127\\.0\\.0\\.1:${leader.port}/#setup=`));
    const page = await browser.open(link, { locale: "en-GB", anyCertificate: true });
    await page.getByRole("link", { name: "Followers" }).waitFor();
    expect(page.url()).not.toContain("setup=");
  });
});
