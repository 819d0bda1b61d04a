import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../support/browser";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/**
 * A web page of somebody else, open in the owner's browser, tries everything that a browser lets it try against the leader on
 * this machine. Nothing may happen, and it may read nothing.
 */
let leader: Leader;
let foreign: Server;
let browser: TestBrowser;
let page: Page;

const MODULE = "--x\r\ncontent-disposition: form-data; name=tarball; filename=x.tgz\r\n\r\nno tarball\r\n--x--\r\n";
/** Every route that does something, with what it would take. */
const ROUTES: readonly [method: string, path: string, type: string, body: string][] = [
  ["POST", "/api/v1/followers/here/maintenance", "text/plain", '{"forMs":60000}'],
  ["POST", "/api/v1/followers/here/maintenance", "application/json", '{"forMs":60000}'],
  ["POST", "/api/v1/followers/here/host", "application/json", '{"action":"crash"}'],
  ["DELETE", "/api/v1/followers/here", "text/plain", ""],
  ["POST", "/api/v1/broker", "application/json", '{"action":"stop"}'],
  ["POST", "/editor/flows", "application/json", "[]"],
  ["POST", "/editor/flow", "application/json", '{"label":"x","nodes":[]}'],
  ["POST", "/editor/nodes", "multipart/form-data; boundary=x", MODULE],
  ["POST", "/editor/nodes", "application/json", '{"module":"node-red-contrib-x"}'],
  ["PUT", "/editor/settings/user", "application/json", "{}"],
  ["POST", "/editor/inject/x", "text/plain", ""],
  ["POST", "/editor/auth/token", "application/x-www-form-urlencoded", "grant_type=password"],
  ["POST", "/hooks/anything", "text/plain", "x"],
  ["POST", "/io/?EIO=4&transport=polling", "text/plain", "40"],
  ["GET", "/io/?EIO=4&transport=polling", "", ""],
  ["GET", "/api/v1/followers", "", ""],
  ["GET", "/editor/flows", "", ""],
  ["GET", "/metrics", "", ""],
  ["GET", "/healthz", "", ""],
];

const flows = async () => await (await leader.fetch("/editor/flows")).text();
const refused = async () => {
  const line = (await (await leader.fetch("/metrics")).text())
    .split("\n")
    .filter((text) => text.startsWith("skein_http_refused_total"));
  return line.reduce((sum, text) => sum + Number(text.split(" ").at(-1)), 0);
};

/** Neither in maintenance nor restarted nor gone: a busy machine may make it or the leader doubtful for a moment, and nothing else. */
const untouched = async () => {
  const { state, cause } = (await leader.follower("here")).verdict;
  return ["alive first-seen", "alive beat", "suspect silence", "unknown observer-late"].includes(`${state} ${cause}`);
};

beforeAll(async () => {
  leader = await startLeader({ follower: true, settings: { follower: { id: "here", heartbeatMs: 1_000 } } });
  await eventually(async () => expect((await leader.follower("here")).verdict.state).toBe("alive"));
  foreign = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end("<h1>Win a prize</h1>"),
  );
  await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  browser = await startBrowser();
  page = await browser.open(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  foreign?.close();
  await leader?.stop();
});

describe("a foreign page", () => {
  it.each(ROUTES)("gets nothing from %s %s as %s", async (method, path, type, body) => {
    const before = { flows: await flows(), refused: await refused() };
    const url = leader.url + path;
    const seen = await page.evaluate(
      async ([method, url, type, body]) => {
        const headers: Record<string, string> = type ? { "content-type": type } : {};
        const init = { method, headers, ...(body ? { body } : {}) };
        const tries = [
          init,
          { ...init, mode: "no-cors" as const },
          { ...init, mode: "no-cors" as const, credentials: "include" as const },
        ];
        return Promise.all(
          tries.map((one) =>
            fetch(url!, one).then(
              async (response) => `${response.type} ${await response.text()}`,
              () => "failed",
            ),
          ),
        );
      },
      [method, url, type, body] as const,
    );
    expect(seen.every((answer) => answer === "failed" || answer === "opaque ")).toBe(true);
    expect(await refused()).toBeGreaterThan(before.refused);
    expect(await flows()).toBe(before.flows);
    expect(await untouched()).toBe(true);
  });

  it.each(["/io/?EIO=4&transport=websocket", "/editor/comms"])(
    "opens no socket on %s, which our own page may",
    async (path) => {
      const open = (from: Page) =>
        from.evaluate(
          (url) =>
            new Promise<string>((resolve) => {
              const socket = new WebSocket(url);
              socket.onopen = () => resolve("open");
              socket.onerror = () => resolve("refused");
            }),
          leader.url.replace("http", "ws") + path,
        );
      const before = await refused();
      expect(await open(page)).toBe("refused");
      expect(await refused()).toBe(before + 1);
      expect(await open(await browser.open(leader.url, { cookie: leader.cookie }))).toBe("open");
    },
  );

  it("sends no form", async () => {
    const before = await refused();
    await page.evaluate((url) => {
      document.body.innerHTML = `<iframe name="sink"></iframe>
        <form method="post" target="sink" action="${url}/api/v1/followers/here/maintenance" enctype="text/plain"><input name='{"forMs":60000,"x":"' value='"}'></form>`;
      document.querySelector("form")?.submit();
    }, leader.url);
    await eventually(async () => expect(await refused()).toBe(before + 1));
    expect(await untouched()).toBe(true);
  });

  it("frames no page of ours", async () => {
    const before = await refused();
    await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.onload = resolve;
          frame.src = `${url}/editor/`;
          document.body.replaceChildren(frame);
        }),
      leader.url,
    );
    expect(await refused()).toBe(before + 1);
    const [framed] = page.mainFrame().childFrames();
    expect(await framed?.content()).not.toContain("red-ui");
  });

  it("has no luck with a name that it points at this machine (DNS rebinding)", async () => {
    // Not by fetch, which sets Host itself.
    const status = await new Promise<number | undefined>((resolve) =>
      request(`${leader.url}/api/v1/followers`, { headers: { host: "prize.example" } }, (response) =>
        resolve(response.resume().statusCode),
      ).end(),
    );
    expect(status).toBe(403);
  });
});
