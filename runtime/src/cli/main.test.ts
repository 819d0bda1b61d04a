import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { readUsers, verifyUser } from "@skein/broker";
import { seededRandom } from "@skein/kit";
import { parse } from "yaml";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { firstOutside } from "../core/joining/leader-url";
import { prepareDataDir } from "../launcher/data-dir";
import { lockDataDir } from "../launcher/leader-lock";
import { skein } from "./main";

let dir: TempDir;
const random = seededRandom(1);
beforeEach(() => {
  dir = tempDir();
});
afterEach(() => dir.remove());

function run(...argv: string[]) {
  let out = "";
  const said: string[] = [];
  const code = skein(argv, {
    env: { SKEIN_DATA_DIR: dir.join("var") },
    random,
    print: (text) => (out += text),
    say: (line) => said.push(line),
  });
  // Functions for what is said later, by a command that takes its time.
  return { code, out, said: said.join("\n"), words: () => said.join("\n"), printed: () => out };
}
const users = () => readUsers(dir.join("var", "secrets", "bus-users.json"));

it("lets a follower onto the bus and prints what its agent needs", () => {
  const { code, out } = run("follower", "add", "kitchen", "--name", "Kitchen");
  expect(code).toBe(0);
  const yaml = parse(out) as { id: string; name: string; bus: { url: string; username: string; password: string } };
  expect(yaml).toMatchObject({
    id: "kitchen",
    name: "Kitchen",
    bus: { url: "mqtt://127.0.0.1:1883", username: "kitchen" },
  });
  expect(verifyUser(users(), "kitchen", yaml.bus.password)).toMatchObject({ role: "follower", id: "kitchen" });
});

it("writes it into a file that only its owner may read", () => {
  const file = dir.join("kitchen.yaml");
  expect(run("follower", "add", "kitchen", "--out", file)).toMatchObject({ code: 0, out: "" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toContain("id: kitchen");
});

it("does not take anybody's password or file away by mistake", () => {
  run("follower", "add", "kitchen");
  const before = users();
  expect(run("follower", "add", "kitchen").said).toMatch(/"kitchen" is already a user.*BUS_USER_EXISTS/);
  writeFileSync(dir.join("there.yaml"), "mine");
  expect(run("follower", "add", "attic", "--out", dir.join("there.yaml")).said).toMatch(/FILE_EXISTS/);
  expect(users()).toEqual(before);
  expect(run("follower", "add", "kitchen", "--new-password").code).toBe(0);
  expect(users()["kitchen"]?.hash).not.toBe(before["kitchen"]?.hash);
});

it("makes a link that logs in once, beside a house that does not run, and for nobody who is not there", async () => {
  const link = run("login-link");
  expect(await link.code).toBe(0);
  expect(link.printed()).toMatch(/^http:\/\/127\.0\.0\.1:1880\/#setup=[\w-]{43}\n$/);
  const kept = readdirSync(dir.join("var", "core", "login-links")).join();
  expect(kept).not.toContain(link.printed().trim().split("=")[1]);
  const other = run("login-link", "anna");
  expect(await other.code).toBe(1);
  expect(other.words()).toMatch(/ACCOUNT_UNKNOWN/);
});

it("makes no user whose password nobody would know", () => {
  writeFileSync(dir.join("in-the-way"), "");
  expect(run("follower", "add", "kitchen", "--out", dir.join("in-the-way", "kitchen.yaml")).code).toBe(1);
  expect(users()).toEqual({});
  expect(run("follower", "add", "kitchen", "--out", dir.join("kitchen.yaml")).code).toBe(0);
});

it("names the port of the leader that runs, and not of one that was killed", () => {
  const bus = (id: string) => (parse(run("follower", "add", id).out) as { bus: { url: string } }).bus.url;
  prepareDataDir(dir.join("var"));
  writeFileSync(dir.join("var", "run", "pids.json"), JSON.stringify({ broker: 4321 }));
  expect(bus("kitchen")).toBe("mqtt://127.0.0.1:1883");
  const unlock = lockDataDir(dir.join("var"));
  expect(bus("attic")).toBe("mqtt://127.0.0.1:4321");
  unlock();
});

const OPEN = "host: 10.1.2.3";
const TLS = "listenTls: { cert: broker.pem, key: broker.key, ca: ca.pem }";
const elsewhere = firstOutside(networkInterfaces()) ?? "127.0.0.1";
it.each`
  bus                                                              | url                           | ca           | because
  ${OPEN}                                                          | ${"mqtt://10.1.2.3:1883"}     | ${undefined} | ${"others find the broker at its address"}
  ${"host: 0.0.0.0"}                                               | ${`mqtt://${elsewhere}:1883`} | ${undefined} | ${"or at the machine's"}
  ${`${OPEN}, ${TLS}`}                                             | ${"mqtts://10.1.2.3:8883"}    | ${"ca.pem"}  | ${"over TLS, with the authority that it is to believe"}
  ${`${OPEN}, listenTls: { cert: b.pem, key: b.key, port: 8884 }`} | ${"mqtts://10.1.2.3:8884"}    | ${"b.pem"}   | ${"which may be the certificate itself"}
  ${`${OPEN}, ${TLS}, advertise: "mqtts://h.lan:1"`}               | ${"mqtts://h.lan:1"}          | ${"ca.pem"}  | ${"where the owner says that it is"}
  ${"advertise: mqtt://h.lan:2"}                                   | ${"mqtt://h.lan:2"}           | ${undefined} | ${"as he says it"}
  ${TLS}                                                           | ${"mqtt://127.0.0.1:1883"}    | ${undefined} | ${"this machine needs no TLS"}
`("writes $url: $because", ({ bus, url, ca }: { bus: string; url: string; ca: string | undefined }) => {
  writeFileSync(dir.join("skein.yaml"), `bus: { ${bus} }`);
  const { out } = run("follower", "add", "attic", "--config", dir.join("skein.yaml"));
  const made = (parse(out) as { bus: { url: string; tls?: { caFile: string } } }).bus;
  expect([made.url, made.tls?.caFile]).toEqual([url, ca && dir.join(ca)]);
});

it("lets a program onto the bus", () => {
  const { code, out } = run("bus-user", "add", "stock", "--role", "flows");
  expect(code).toBe(0);
  const { username, password } = parse(out) as { username: string; password: string };
  expect(verifyUser(users(), username, password)).toMatchObject({ role: "flows" });
});

it("leaves the users of the owner's own broker to its owner", () => {
  writeFileSync(dir.join("skein.yaml"), "bus: {kind: mqtt, url: 'mqtts://10.0.0.2', tls: {ca: house.pem}}");
  expect(run("bus-user", "add", "stock", "--role", "flows", "--config", dir.join("skein.yaml")).said).toMatch(
    /BUS_NOT_OURS/,
  );
  const { out } = run("follower", "add", "attic", "--config", dir.join("skein.yaml"));
  expect(parse(out)).toMatchObject({
    bus: {
      url: "mqtts://10.0.0.2",
      username: "attic",
      password: "${SKEIN_BUS_PASSWORD}",
      tls: { caFile: dir.join("house.pem"), rejectUnauthorized: true },
    },
  });
  expect(existsSync(dir.join("var", "secrets"))).toBe(false);
});

describe("what is refused", () => {
  it.each`
    argv                                                   | code | said
    ${["folower", "add", "x"]}                             | ${2} | ${/no command "folower add"; did you mean "follower add"\?/}
    ${["follower"]}                                        | ${2} | ${/did you mean "follower add"\?/}
    ${["bus-user", "make", "x"]}                           | ${2} | ${/did you mean "bus-user add"\?/}
    ${["imprt", "x"]}                                      | ${2} | ${/did you mean "import"\?/}
    ${["follower", "add"]}                                 | ${2} | ${/one id is needed. Usage: skein follower add ID/}
    ${["follower", "add", "a", "b"]}                       | ${2} | ${/one id is needed/}
    ${["follower", "add", "a", "--nam", "x"]}              | ${2} | ${/no option --nam. Did you mean --name\?/}
    ${["follower", "add", "Kitchen"]}                      | ${1} | ${/"Kitchen" cannot be a follower's id.*BUS_USER_INVALID/}
    ${["follower", "add", "leader"]}                       | ${1} | ${/BUS_USER_INVALID/}
    ${["follower", "add", "flow-host"]}                    | ${1} | ${/BUS_USER_INVALID/}
    ${["bus-user", "add", "flow-host", "--role", "flows"]} | ${1} | ${/"flow-host" cannot be a user of the bus/}
    ${["bus-user", "add", "x"]}                            | ${2} | ${/--role is missing: flows .* or follower/}
    ${["bus-user", "add", "x", "--role", "leader"]}        | ${2} | ${/--role "leader" is none/}
    ${["follower", "add", "a", "--config", "none.yaml"]}   | ${1} | ${/CONFIG_UNREADABLE/}
  `("$argv", ({ argv, code, said }: { argv: string[]; code: number; said: RegExp }) => {
    const result = run(...argv);
    expect(result.said).toMatch(said);
    expect(result).toMatchObject({ code, out: "" });
  });
});

it("tells what there is", () => {
  for (const argv of [[], ["--help"], ["follower", "add", "--help"]])
    expect(run(...argv)).toMatchObject({ code: 0, out: expect.stringContaining("skein COMMAND") });
});
