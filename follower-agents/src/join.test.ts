/** Joining, against a leader of the test's own making: what is written, and what is said when it goes wrong. */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificates, type Certificates } from "../../test/support/certificates";
import { freePort } from "../../test/support/ports";
import { tempDir, type TempDir } from "../../test/support/temp-dir";
import type { LeaderTrust } from "./ask-leader";
import { parseCommandLine } from "./command-line";
import { loadAgentSettings } from "./config";
import { joinHouse } from "./join";
import { SENSES_ALLOWED_FILE } from "./privacy-guard";

const BUS = { url: "mqtts://192.168.1.5:8883", username: "garage", password: "a-b_c", ca: "-----PEM-----\n" };

let dir: TempDir;
let server: Server;
let answer: { status: number; body: unknown };
const asked: { path: string | undefined; body: unknown }[] = [];

async function bodyOf(req: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  return JSON.parse(text);
}

const onRequest: RequestListener = (req, res) =>
  void bodyOf(req).then((body) => {
    asked.push({ path: req.url, body });
    res.writeHead(answer.status, { "content-type": "application/json" });
    res.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });

beforeAll(async () => {
  server = createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  dir = tempDir("skein-join-");
  asked.length = 0;
  answer = { status: 200, body: { id: "garage", name: "Garage", bus: BUS } };
});
afterEach(() => dir.remove());

const leader = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const join = (more: Partial<Parameters<typeof joinHouse>[0]> = {}) =>
  joinHouse(
    { code: "K7QM-2XNP", leader: leader(), trust: {}, dir: dir.path, replace: false, ...more },
    { hostname: "garage-pi", host: { cores: 8 } },
  );

it("writes settings with which the agent runs, for its user alone", async () => {
  const joined = await join();
  expect(joined).toEqual({ id: "garage", file: dir.join("follower.yaml") });
  expect(asked).toEqual([
    { path: "/api/v1/join", body: { code: "K7QM-2XNP", hostname: "garage-pi", host: { cores: 8 } } },
  ]);
  const { url, username, password, ca } = BUS;
  expect(loadAgentSettings(joined.file)).toMatchObject({
    id: "garage",
    name: "Garage",
    bus: { url, username, password, tls: { caFile: dir.join("house-ca.pem") } },
    stateDir: dir.join("state"),
  });
  expect(readFileSync(dir.join("house-ca.pem"), "utf8")).toBe(ca);
  expect(statSync(joined.file).mode & 0o777).toBe(0o600);
  expect(statSync(dir.join("state")).isDirectory()).toBe(true);
});

it("takes a name as it is, whatever stands in it", async () => {
  const name = 'The "big" ${HOME}: # garage\nüber';
  answer.body = { id: "garage", name, bus: { ...BUS, ca: undefined } };
  const { file } = await join();
  expect(loadAgentSettings(file)).toMatchObject({ name: name.replace("${", "{"), bus: { username: "garage" } });
});

it("does not write over a follower that is there, and asks nobody, unless it is told to", async () => {
  writeFileSync(dir.join("follower.yaml"), "id: old\n");
  await expect(join()).rejects.toMatchObject({ code: "FILE_EXISTS" });
  expect(asked).toEqual([]);
  await join({ replace: true });
  expect(readFileSync(dir.join("follower.yaml"), "utf8")).toContain('id: "garage"');
});

it("takes back that its senses may be on: the leader that it joins has not said so, and keeps what else it knows", async () => {
  const { file } = await join();
  const allowed = dir.join("state", SENSES_ALLOWED_FILE);
  writeFileSync(allowed, "");
  writeFileSync(dir.join("state", "settings.json"), "{}");
  answer.status = 403;
  await expect(join({ replace: true })).rejects.toThrow();
  expect(statSync(allowed).isFile()).toBe(true);
  answer.status = 200;
  await join({ replace: true });
  expect(() => statSync(allowed)).toThrow("ENOENT");
  expect(statSync(dir.join("state", "settings.json")).isFile()).toBe(true);
  expect(loadAgentSettings(file)).toMatchObject({ id: "garage" });
});

it.each`
  what                             | status | body                                                 | code                       | words
  ${"a wrong code"}                | ${403} | ${{ code: "JOIN_CODE_WRONG", detail: "no board." }}  | ${"JOIN_CODE_WRONG"}       | ${"no board."}
  ${"a code that is over"}         | ${410} | ${{ code: "JOIN_CODE_OVER", detail: "it is over." }} | ${"JOIN_CODE_OVER"}        | ${"it is over."}
  ${"another program"}             | ${404} | ${"<html>not here</html>"}                           | ${"LEADER_ANSWER_INVALID"} | ${"status 404"}
  ${"one that answers 200 to all"} | ${200} | ${{ hello: "world" }}                                | ${"LEADER_ANSWER_INVALID"} | ${"no Skein leader"}
`(
  "$what ends with $code, and nothing is written",
  async ({ status, body, code, words }: { status: number; body: unknown; code: string; words: string }) => {
    answer = { status, body };
    await expect(join()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(() => statSync(dir.join("follower.yaml"))).toThrow("ENOENT");
  },
);

it("says so when no leader answers, and of what is no address or no folder", async () => {
  const nobody = `127.0.0.1:${await freePort()}`;
  await expect(join({ leader: nobody })).rejects.toMatchObject({
    code: "LEADER_UNREACHABLE",
    message: expect.stringMatching(`${nobody}: .*ECONNREFUSED`),
  });
  await expect(join({ leader: "http://" })).rejects.toMatchObject({ code: "OPTION_INVALID" });
  writeFileSync(dir.join("file"), "");
  await expect(join({ dir: dir.join("file") })).rejects.toMatchObject({ code: "DIR_UNUSABLE" });
});

describe("over https, with a certificate that nobody else signed", () => {
  let secure: Server;
  let files: Certificates;
  let fingerprint: string;
  let certificates: TempDir;

  beforeAll(async () => {
    certificates = tempDir("skein-join-tls-");
    files = makeCertificates(certificates.path);
    const cert = readFileSync(files.certFile);
    fingerprint = new X509Certificate(cert).fingerprint256;
    secure = createTlsServer({ cert, key: readFileSync(files.keyFile) }, onRequest);
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => secure.close(resolve));
    certificates.remove();
  });

  const joinBy = (trust: LeaderTrust, scheme = "https") =>
    join({ leader: `${scheme}://127.0.0.1:${(secure.address() as AddressInfo).port}`, trust });

  it("joins by the authority's file, and by the fingerprint of the very certificate", async () => {
    expect(await joinBy({ ca: files.caFile })).toMatchObject({ id: "garage" });
    rmSync(dir.join("follower.yaml"));
    expect(await joinBy({ fingerprint })).toMatchObject({ id: "garage" });
    rmSync(dir.join("follower.yaml"));
    expect(await joinBy({ fingerprint: fingerprint.replaceAll(":", "").toLowerCase() })).toMatchObject({
      id: "garage",
    });
    expect(asked).toHaveLength(3);
    expect(asked[2]).toMatchObject({ path: "/api/v1/join", body: { code: "K7QM-2XNP" } });
  });

  it("tells its code to nobody whom it does not believe", async () => {
    await expect(joinBy({})).rejects.toMatchObject({
      code: "LEADER_UNTRUSTED",
      message: expect.stringContaining("--fingerprint"),
    });
    await expect(joinBy({ fingerprint: "AB".repeat(32) })).rejects.toMatchObject({
      code: "LEADER_UNTRUSTED",
      message: expect.stringContaining(fingerprint.replaceAll(":", "")),
    });
    expect(asked).toEqual([]);
  });

  it("says so of what is no trust", async () => {
    const invalid = (words: string) => ({ code: "OPTION_INVALID", message: expect.stringContaining(words) });
    await expect(joinBy({ fingerprint: "AB" })).rejects.toMatchObject(invalid("no SHA-256"));
    await expect(joinBy({ ca: dir.join("away.pem") })).rejects.toMatchObject(invalid("away.pem"));
    await expect(joinBy({ ca: files.caFile }, "http")).rejects.toMatchObject(invalid("https://"));
  });
});

it.each`
  line                                            | read
  ${"join K7QM-2XNP --leader http://a:1"}         | ${{ do: "join", code: "K7QM-2XNP", leader: "http://a:1", trust: {}, dir: ".", replace: false, run: true }}
  ${"join k7qm 2xnp --leader a --dir d --no-run"} | ${{ do: "join", code: "k7qm2xnp", leader: "a", trust: {}, dir: "d", replace: false, run: false }}
  ${"join K7QM2XNP --leader a --fingerprint A1"}  | ${{ do: "join", code: "K7QM2XNP", leader: "a", trust: { fingerprint: "A1" }, dir: ".", replace: false, run: true }}
  ${"join --help"}                                | ${{ do: "help" }}
`("$line", ({ line, read }: { line: string; read: object }) => {
  expect(parseCommandLine(line.split(" "))).toEqual(read);
});

it.each`
  line                              | words
  ${"join"}                         | ${"needs a code"}
  ${"join K7QM-2XNP"}               | ${"needs the leader's address"}
  ${"join K7QM-2XNP --leeder http"} | ${"Did you mean --leader?"}
  ${"K7QM-2XNP"}                    | ${"is no option"}
`("$line is refused: $words", ({ line, words }: { line: string; words: string }) => {
  expect(() => parseCommandLine(line.split(" "))).toThrow(words);
});
