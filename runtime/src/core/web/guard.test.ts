/** The fence over real HTTP: each kind of route, each kind of caller. */
import { connect } from "node:net";
import { bearer } from "../testing/owner";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";

let house: CoreOnMemory;
beforeAll(async () => {
  house = await coreOnMemory({ allowedHosts: ["house.example", "other.example:8443"] });
});
afterAll(() => house?.stop());

const ROUTES = [
  ["GET", "/"],
  ["GET", "/healthz"],
  ["GET", "/metrics"],
  ["GET", "/api/v1/followers"],
  ["POST", "/api/v1/followers/x/maintenance"],
  ["DELETE", "/api/v1/followers/x"],
  ["POST", "/api/v1/broker"],
  ["GET", "/api/v1/palette/catalogue.json"],
  ["GET", "/editor/"],
  ["POST", "/editor/flows"],
  ["POST", "/editor/nodes"],
  ["GET", "/hooks/light"],
  ["POST", "/hooks/light"],
  ["GET", "/io/?EIO=4&transport=polling"],
  ["POST", "/io/?EIO=4&transport=polling"],
  ["GET", "/no/such/page"],
  ["UPGRADE", "/io/?EIO=4&transport=websocket"],
  ["UPGRADE", "/editor/comms"],
  ["UPGRADE", "/hooks/socket"],
  ["UPGRADE", "/elsewhere"],
] as const;

/** The status line's number for a request as it is put on the wire. PORT stands for ours. */
function ask(method: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const upgrade: Record<string, string> =
    method === "UPGRADE"
      ? {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
      : { Connection: "close" };
  const body = method === "POST" ? "{}" : "";
  const all: Record<string, string> = {
    ...upgrade,
    ...(method === "POST" ? { "Content-Type": "application/json", "Content-Length": "2" } : {}),
    ...headers,
  };
  const lines = [
    `${method === "UPGRADE" ? "GET" : method} ${path} HTTP/1.1`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value.replaceAll("PORT", String(house.port))}`),
  ];
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(house.port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`));
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(" 101 ")) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve({ status: Number(text.split(" ")[1]), text }));
  });
}

const OUR_HOST = { Host: "127.0.0.1:PORT" };
const refusedBy = async (headers: Record<string, string>) => {
  const passed: string[] = [];
  for (const [method, path] of ROUTES) {
    const { status, text } = await ask(method, path, headers);
    const refused = status === 403 && (method === "UPGRADE" || /HOST_REFUSED|ORIGIN_REFUSED/.test(text));
    if (!refused) passed.push(`${method} ${path} ${status}`);
  }
  return passed;
};

describe("no route answers", () => {
  it.each`
    headers                                                                                                      | because
    ${{ Host: "evil.example:PORT" }}                                                                             | ${"a name that was made to point here (DNS rebinding)"}
    ${{ Host: "evil.example" }}                                                                                  | ${"a foreign name without a port"}
    ${{ Host: "127.0.0.1" }}                                                                                     | ${"another port than ours"}
    ${{ Host: "localhost.evil.example:PORT" }}                                                                   | ${"a name that begins like ours"}
    ${{ Host: "127.0.0.1.evil.example:PORT" }}                                                                   | ${"a name that begins like our address"}
    ${{ Host: "evil@127.0.0.1:PORT" }}                                                                           | ${"something before our address"}
    ${{ Host: "other.example:9999" }}                                                                            | ${"an allowed name on another port than allowed"}
    ${{ Host: "" }}                                                                                              | ${"no name at all"}
    ${{ ...OUR_HOST, Origin: "http://evil.example" }}                                                            | ${"a foreign page"}
    ${{ ...OUR_HOST, Origin: "https://127.0.0.1:1" }}                                                            | ${"a page on another port of this machine"}
    ${{ ...OUR_HOST, Origin: "null" }}                                                                           | ${"a page without an origin (a sandbox, a file)"}
    ${{ ...OUR_HOST, Origin: "http://localhost:PORT" }}                                                          | ${"the same machine under another name than the one that was asked"}
    ${{ ...OUR_HOST, Origin: "http://127.0.0.1:PORT.evil.example" }}                                             | ${"an origin that begins like ours"}
    ${{ ...OUR_HOST, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" }}   | ${"a picture on a foreign page"}
    ${{ ...OUR_HOST, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty" }}       | ${"another port of this machine"}
    ${{ ...OUR_HOST, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" }} | ${"a frame on a foreign page"}
  `("$because", async ({ headers }) => {
    expect(await refusedBy(headers)).toEqual([]);
  });
});

describe("every route hears", () => {
  it.each`
    headers                                                                       | because
    ${OUR_HOST}                                                                   | ${"a program on this machine"}
    ${{ Host: "localhost:PORT" }}                                                 | ${"by name"}
    ${{ Host: "LOCALHOST:PORT" }}                                                 | ${"in any case"}
    ${{ Host: "[::1]:PORT" }}                                                     | ${"by the other loopback address"}
    ${{ Host: "house.example" }}                                                  | ${"through a proxy under an allowed name"}
    ${{ Host: "other.example:8443", Origin: "https://other.example:8443" }}       | ${"our own page through a proxy that speaks TLS"}
    ${{ ...OUR_HOST, Origin: "http://127.0.0.1:PORT" }}                           | ${"our own page"}
    ${{ ...OUR_HOST, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors" }} | ${"our own page, marked by the browser"}
    ${{ ...OUR_HOST, "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate" }}    | ${"an address that was typed"}
  `("$because", async ({ headers }) => {
    for (const [method, path] of ROUTES) {
      const { status } = await ask(method, path, headers);
      expect({ route: `${method} ${path}`, status }).not.toEqual({ route: `${method} ${path}`, status: 403 });
    }
  });
});

it("lets a link on a foreign page open ours, but set nothing off", async () => {
  const link = {
    ...OUR_HOST,
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    Cookie: `skein_session_PORT=${house.owner.session}`,
  };
  expect((await ask("GET", "/editor/", link)).status).toBe(200);
  expect((await ask("GET", "/hooks/light", link)).status).toBe(403);
  expect((await ask("POST", "/hooks/light", link)).status).toBe(403);
});

it("answers a connection that says nothing, or nonsense, without falling over", async () => {
  const nonsense = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(house.port, "127.0.0.1", () => socket.write("\x16\x03\x01 this is no HTTP\r\n\r\n"));
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    socket.on("close", () => resolve(text));
  });
  expect(nonsense).toContain("400 Bad Request");
  expect(
    (await ask("GET", "/metrics", { ...OUR_HOST, Authorization: bearer(house.owner).authorization })).text,
  ).toMatch(/skein_http_refused_total\{code="ORIGIN_REFUSED"\} [1-9]/);
});

describe("a browser that marks nothing, over plain http to an allowed name,", () => {
  const browser = { Host: "house.example", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" };
  it.each`
    headers                                                    | path          | passes   | because
    ${browser}                                                 | ${"/hooks/x"} | ${false} | ${"a picture on a foreign page, which hides where it stands"}
    ${{ ...browser, Referer: "http://evil.example/" }}         | ${"/hooks/x"} | ${false} | ${"a picture on a foreign page"}
    ${{ ...browser, Referer: "http://house.example.evil/" }}   | ${"/hooks/x"} | ${false} | ${"a page whose name begins like ours"}
    ${{ ...browser, Referer: "http://evil.example/" }}         | ${"/io/x"}    | ${false} | ${"a foreign page that opens a session"}
    ${{ ...browser, Referer: "http://house.example/editor/" }} | ${"/hooks/x"} | ${true}  | ${"our own page"}
    ${{ ...browser, Referer: "https://house.example/" }}       | ${"/io/x"}    | ${true}  | ${"our own page behind a proxy that speaks TLS"}
    ${browser}                                                 | ${"/healthz"} | ${true}  | ${"nothing is set off"}
    ${{ Host: "house.example", "User-Agent": "ESP8266" }}      | ${"/hooks/x"} | ${true}  | ${"a device"}
    ${{ Host: "house.example" }}                               | ${"/hooks/x"} | ${true}  | ${"a program"}
    ${{ ...browser, Host: "127.0.0.1:PORT" }}                  | ${"/hooks/x"} | ${true}  | ${"on this machine browsers mark what they send"}
  `("$path passes: $passes, for it is $because", async ({ headers, path, passes }) => {
    const { status } = await ask("GET", path as string, headers as Record<string, string>);
    expect(status === 403).toBe(!passes);
  });
});
