/** A real core at its port: what is sent slowly, too much or to the wrong place; TLS; proxies; and the network. */
import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import request from "supertest";
import { makeCertificates, type Certificates } from "../../../../test/support/certificates";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { packTinyNode } from "../../../../test/support/tiny-node";
import { bearer } from "../testing/owner";
import { coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";

const KIB = 1024;

describe("a core that is sent what nobody should send", () => {
  let house: CoreOnMemory;
  beforeAll(async () => {
    house = await coreOnMemory({
      webLimits: { headersMs: 300, requestMs: 600, checkMs: 50 },
      prepare(dir) {
        mkdirSync(join(dir, "runtime/dashboard/dist/assets"), { recursive: true });
        writeFileSync(join(dir, "runtime/dashboard/dist/index.html"), "the page");
      },
    });
  });
  afterAll(() => house?.stop());

  /** Sends raw text; resolves with the whole answer when the other side closes. */
  const raw = (text: string, onOpen: (socket: Socket) => void = () => {}) =>
    new Promise<string>((resolve) => {
      let answer = "";
      const socket = connect(house.port, "127.0.0.1", () => {
        socket.write(text);
        onOpen(socket);
      });
      socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
      // Closed in the middle of what we send: that is an answer too.
      socket.on("error", () => {});
      socket.on("close", () => resolve(answer));
    });
  const host = () => `Host: 127.0.0.1:${house.port}\r\n`;
  const login = () => `Authorization: Bearer ${house.owner.token}\r\n`;

  it.each`
    begin                                                                                                 | what
    ${"GET /healthz HTTP/1.1\r\nX-"}                                                                      | ${"headers that never end"}
    ${"POST /api/v1/login HTTP/1.1\r\nHOSTContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"} | ${"a body that never ends"}
  `("gives up on $what, however often another byte comes", async ({ begin }) => {
    let timer: NodeJS.Timeout | undefined;
    const answer = await raw((begin as string).replace("HOST", host()), (socket) => {
      timer = setInterval(() => socket.write("a"), 20);
    });
    clearInterval(timer);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("reads no megabyte of headers", async () => {
    expect(await raw(`GET /healthz HTTP/1.1\r\n${host()}X-Bomb: ${"a".repeat(KIB * KIB)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    const many = Array.from({ length: 20_000 }, (_, n) => `X-${n}: ${n}\r\n`).join("");
    expect(await raw(`GET /healthz HTTP/1.1\r\n${host()}${many}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("reads no megabyte of body, and of a stranger none at all", async () => {
    const post = `POST /api/v1/followers/x/maintenance HTTP/1.1\r\n${host()}Content-Type: application/json\r\nConnection: close\r\n`;
    const body = `Content-Length: ${100 * KIB * KIB}\r\n\r\n{`;
    expect(await raw(`${post}${login()}${body}`)).toMatch(/^HTTP\/1\.1 413 [^]*BODY_TOO_LARGE/);
    expect(await raw(`${post}${body}`)).toMatch(/^HTTP\/1\.1 401 [^]*LOGIN_NEEDED/);
    const chunk = `${(8 * KIB).toString(16)}\r\n${"a".repeat(8 * KIB)}\r\n`;
    expect(await raw(`${post}${login()}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
  });

  it.each`
    body                                         | code                 | because
    ${"[".repeat(8000)}                          | ${"BODY_TOO_DEEP"}   | ${"it is nested very deeply"}
    ${`${'{"a":'.repeat(65)}1${"}".repeat(65)}`} | ${"BODY_TOO_DEEP"}   | ${"it is nested deeper than anything of ours"}
    ${`{"reason":"${"[".repeat(100)}"}`}         | ${undefined}         | ${"brackets in a text are none"}
    ${`{"reason":"\\"${"[".repeat(100)}"}`}      | ${undefined}         | ${"nor after a quotation mark in it"}
    ${'{"__proto__":{"forMs":5}}'}               | ${"REQUEST_INVALID"} | ${"it would change what all objects are"}
  `("answers $code to a body, for $because", async ({ body, code }) => {
    await house.follower("attic");
    const answer = await request(house.url)
      .post("/api/v1/followers/attic/maintenance")
      .set({ "content-type": "application/json", ...bearer(house.owner) })
      .send(body as string);
    expect((answer.body as { code?: string }).code).toBe(code);
  });

  it("unpacks no bomb", async () => {
    const { gzipSync } = await import("node:zlib");
    const answer = await fetch(`${house.url}/api/v1/followers/attic/maintenance`, {
      method: "POST",
      headers: { ...bearer(house.owner), "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync(`{"reason":"${"a".repeat(10 * KIB * KIB)}"}`),
    });
    expect(answer.status).toBe(413);
  });

  it("shows its page's files and nothing beside or above them", async () => {
    const get = (path: string) => raw(`GET ${path} HTTP/1.1\r\n${host()}${login()}Connection: close\r\n\r\n`);
    expect(await get("/index.html")).toMatch(/^HTTP\/1\.1 200 [^]*the page/);
    const secret = "core/accounts.json";
    for (const up of ["..", "%2e%2e", "%2E.", "..%2f..", "..%5c..", "..\\..", "....//", "%252e%252e", "assets/..%00"])
      for (const path of [
        `/${up}/${up}/${up}/${secret}`,
        `/assets/${up}/${up}/${up}/${up}/${secret}`,
        `//${up}/${secret}`,
        `/api/${up}/${secret}`,
        `/api/v1/palette/tarballs/${"a".repeat(64)}/${up}/${up}/${secret}`,
        `/api/v1/palette/tarballs/${up}/${secret}`,
      ]) {
        const answer = await get(path);
        expect([path, answer.split("\r\n")[0]]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 4\d\d /)]);
        expect(answer).not.toContain('"accounts"');
        expect(answer).not.toContain("$scrypt");
      }
  });

  it("answers others as if nothing were", async () => {
    await request(house.url).get("/api/v1/followers").set(bearer(house.owner)).expect(200);
  });
});

describe("with a certificate of its own", () => {
  let dir: TempDir;
  let house: CoreOnMemory;
  let certificates: Certificates;
  beforeAll(async () => {
    dir = tempDir();
    certificates = makeCertificates(dir.join("."));
    const { certFile: cert, keyFile: key } = certificates;
    house = await coreOnMemory({
      http: { tls: { cert, key, hsts: true } },
      prepare(folder) {
        mkdirSync(join(folder, "palette"));
        copyFileSync(packTinyNode(dir.join("tiny")), join(folder, "palette", "shout.tgz"));
      },
    });
  });
  afterAll(async () => {
    await house?.stop();
    dir?.remove();
  });
  const ask = (path: string, method = "GET", body?: object) =>
    new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; text: string }>(
      (resolve, reject) => {
        const url = `https://127.0.0.1:${house.port}${path}`;
        const headers = { "content-type": "application/json", ...bearer(house.owner) };
        const asked = httpsRequest(url, { ca: certificates.ca, method, headers, agent: false }, (answer) => {
          let text = "";
          answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
          answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
        });
        asked.on("error", reject);
        asked.end(body && JSON.stringify(body));
      },
    );

  it("is there by TLS alone, and its cookie too", async () => {
    expect(await ask("/api/v1/followers")).toMatchObject({
      status: 200,
      headers: { "strict-transport-security": "max-age=31536000" },
    });
    const { account, password } = house.owner;
    const { headers } = await ask("/api/v1/login", "POST", { account, password });
    expect(headers["set-cookie"]).toEqual([expect.stringMatching(/; Secure/)]);
    await expect(fetch(`${house.url}/healthz`)).rejects.toThrow();
  });

  it("tells a board its fingerprint, by which it is believed", async () => {
    const { text } = await ask("/api/v1/join-codes", "POST", {});
    const { fingerprint256 } = new X509Certificate(readFileSync(certificates.certFile));
    expect((JSON.parse(text) as { command: string }).command).toMatch(
      new RegExp(`--leader https://127.0.0.1:${house.port} --fingerprint ${fingerprint256.replaceAll(":", "")}$`),
    );
  });

  it("lets this machine's npm fetch tarballs, and nothing else, without it", async () => {
    const { text } = await ask("/api/v1/palette/catalogue.json");
    const [module] = (JSON.parse(text) as { modules: { pkg_url: string }[] }).modules;
    const tarball = new URL(module?.pkg_url ?? "");
    expect([tarball.protocol, tarball.hostname, tarball.port === String(house.port)]).toEqual([
      "http:",
      "127.0.0.1",
      false,
    ]);
    expect((await fetch(tarball)).headers.get("content-type")).toBe("application/gzip");
    for (const path of ["/", "/api/v1/followers", "/api/v1/login", "/metrics", "/healthz", "/editor/", "/hooks/x"])
      expect([path, (await fetch(new URL(path, tarball), { headers: bearer(house.owner) })).status]).toEqual([
        path,
        404,
      ]);
  });
});

describe("behind a proxy", () => {
  const FORWARDED = {
    "x-forwarded-for": "198.51.100.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "house.example",
  };
  const asked = async (trustedProxies: string[]) => {
    const house = await coreOnMemory({ allowedHosts: ["house.example"], http: { trustedProxies } });
    try {
      const { account, password, token } = house.owner;
      const post = request(house.url).post("/api/v1/login").set(FORWARDED);
      const login = await post.set("origin", "https://house.example").send({ account, password });
      const cookie = login.headers["set-cookie"];
      const sessions = await request(house.url).get("/api/v1/sessions").set(bearer({ token }));
      const { body } = sessions as { body: { sessions?: { address: string }[] } };
      return {
        status: login.status,
        secure: /; Secure/.test(cookie ?? ""),
        addresses: body.sessions?.map(({ address }) => address),
      };
    } finally {
      await house.stop();
    }
  };

  it("believes what a trusted one tells", async () => {
    expect(await asked(["127.0.0.1"])).toEqual({
      status: 200,
      secure: true,
      addresses: expect.arrayContaining(["198.51.100.7"]) as string[],
    });
  });

  it("has boards come through the proxy, to the names that it has there", async () => {
    const house = await coreOnMemory({
      allowedHosts: ["house.example"],
      http: { trustedProxies: ["127.0.0.1"] },
      settings: { bus: { host: "0.0.0.0" } },
    });
    try {
      const post = (path: string, body: object) =>
        request(house.url).post(`/api/v1${path}`).set(FORWARDED).set(bearer(house.owner)).send(body);
      const { body: made } = (await post("/join-codes", {})) as { body: { code: string; command: string } };
      expect(made.command).toMatch(/--leader https:\/\/house\.example$/);
      const { body: joined } = (await post("/join", { code: made.code })) as { body: { bus: { url: string } } };
      expect(joined.bus.url).toBe("mqtt://house.example:1");
    } finally {
      await house.stop();
    }
  });

  it("believes no other", async () => {
    // The page's Origin is then not the name that it was asked by.
    expect(await asked([])).toMatchObject({ status: 403 });
  });
});

describe("open to the network", () => {
  it("is no house that has no owner yet", async () => {
    await expect(coreOnMemory({ http: { host: "0.0.0.0" }, accounts: [] })).rejects.toMatchObject({
      code: "OWNER_NEEDED",
    });
  });

  it("is one that has, at every address", async () => {
    const house = await coreOnMemory({ http: { host: "0.0.0.0" } });
    try {
      const get = (name: string, at = "127.0.0.1") =>
        request(`http://${at}:${house.port}`)
          .get("/api/v1/followers")
          .set({ host: `${name}:${house.port}`, ...bearer(house.owner) });
      await get("127.0.0.1").expect(200);
      // Another address of this machine, by which a house on loopback alone is not reached.
      await get("127.0.0.9", "127.0.0.9").expect(200);
      await get("192.0.2.1", "127.0.0.9").expect(403);
      await get(hostname()).expect(200);
      await get(`${hostname().split(".")[0]}.local`).expect(200);
      await get("evil.example").expect(403);
    } finally {
      await house.stop();
    }
  });

  it("is not asked of one that listens on loopback alone", async () => {
    const house = await coreOnMemory();
    try {
      await expect(fetch(`http://127.0.0.9:${house.port}/healthz`)).rejects.toThrow();
    } finally {
      await house.stop();
    }
  });
});
