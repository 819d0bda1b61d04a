import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCode } from "@skein/kit";
import { childEnv, leaderOptions, type LeaderOptions } from "./settings";

const before = process.cwd();
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "skein-settings-"));
  process.chdir(dir);
});
afterEach(() => {
  process.chdir(before);
  rmSync(dir, { recursive: true });
});

const file = (text: string, name = "skein.yaml") => writeFileSync(name, text);
const ports = ({ httpPort, brokerPort }: LeaderOptions) => [httpPort, brokerPort];
const refusal = (argv: string[], env: NodeJS.ProcessEnv = {}) => {
  try {
    leaderOptions(argv, env);
  } catch (error) {
    if (hasCode(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("it was taken");
};

describe("what a leader is told", () => {
  it.each`
    argv                                     | env                                              | yaml                            | expected                           | because
    ${[]}                                    | ${{}}                                            | ${""}                           | ${["var", 1880, 1883, true]}       | ${"defaults"}
    ${["--demo"]}                            | ${{}}                                            | ${""}                           | ${["var-demo", 1890, 1893, false]} | ${"the demo is a house of its own, without this machine's follower"}
    ${[]}                                    | ${{}}                                            | ${"http: {port: 2000}"}         | ${["var", 2000, 1883, true]}       | ${"the file beats the default"}
    ${[]}                                    | ${{ SKEIN_PORT: "2001", SKEIN_DATA_DIR: "d" }}   | ${"http: {port: 2000}"}         | ${["d", 2001, 1883, true]}         | ${"the environment beats the file"}
    ${["--port", "2002", "--data-dir", "e"]} | ${{ SKEIN_PORT: "2001", SKEIN_DATA_DIR: "d" }}   | ${"http: {port: 2000}"}         | ${["e", 2002, 1883, true]}         | ${"the command line beats the environment"}
    ${["--port=0", "--broker-port=0"]}       | ${{}}                                            | ${"http: {port: 2000}"}         | ${["var", 0, 0, true]}             | ${"0 is a choice, not an absence"}
    ${[]}                                    | ${{ SKEIN_PORT: "", SKEIN_BROKER_PORT: "2003" }} | ${""}                           | ${["var", 1880, 2003, true]}       | ${"an empty variable is none"}
    ${["--no-follower"]}                     | ${{}}                                            | ${""}                           | ${["var", 1880, 1883, false]}      | ${"no follower by the command line"}
    ${[]}                                    | ${{}}                                            | ${"follower: {enabled: false}"} | ${["var", 1880, 1883, false]}      | ${"no follower by the file"}
    ${["--demo"]}                            | ${{}}                                            | ${"http: {port: 2000}"}         | ${["var-demo", 1890, 1893, false]} | ${"the demo does not read the real house's file"}
    ${["--demo", "--config", "skein.yaml"]}  | ${{}}                                            | ${"http: {port: 2000}"}         | ${["var-demo", 2000, 1893, false]} | ${"unless it is named"}
    ${["--demo"]}                            | ${{ SKEIN_BROKER_PORT: "2004" }}                 | ${""}                           | ${["var-demo", 1890, 2004, false]} | ${"the demo hears the environment too"}
  `("$because", ({ argv, env, yaml, expected }) => {
    if (yaml) file(yaml);
    const options = leaderOptions(argv, env);
    expect([options.dataDir, ...ports(options), options.follower]).toEqual(expected);
  });

  it("reads another file when one is named, by the environment or, stronger, by the command line", () => {
    file("house: {name: A}", "a.yaml");
    file("house: {name: B}", "b.yaml");
    expect(leaderOptions([], { SKEIN_CONFIG: "a.yaml" }).settings.house.name).toBe("A");
    expect(leaderOptions(["--config", "b.yaml"], { SKEIN_CONFIG: "a.yaml" }).settings.house.name).toBe("B");
  });

  it("takes secrets from the environment", () => {
    file(
      "bus: {kind: mqtt, url: 'mqtts://broker', username: leader, password: '${PASSWORD}', flowHost: {username: flow-host, password: x}}",
    );
    expect(leaderOptions(["--no-follower"], { PASSWORD: "s3cret" }).settings.bus.password).toBe("s3cret");
  });
});

describe("what is refused, and how it is said", () => {
  it.each`
    argv                       | env                     | yaml                                             | said
    ${["--prot", "1"]}         | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: there is no option --prot. Did you mean --port\?$/}
    ${["--port", "x"]}         | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: --port "x" is no port/}
    ${["--port", "-1"]}        | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: --port "-1" is no port: a number from 0 to 65535\.$/}
    ${["--host", "0.0.0.0"]}   | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: there is no option --host: .*choose a password first, then set http\.host in skein\.yaml\.$/}
    ${["--host=::"]}           | ${{}}                   | ${""}                                            | ${/set http\.host in skein\.yaml/}
    ${["--port", "65536"]}     | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: --port "65536" is no port/}
    ${[]}                      | ${{ SKEIN_PORT: "-1" }} | ${""}                                            | ${/^OPTION_INVALID: SKEIN_PORT "-1" is no port/}
    ${["--port"]}              | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: --port needs a value. --help/}
    ${["--data-dir", ""]}      | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: --data-dir names no directory/}
    ${["--data-dir="]}         | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: --data-dir names no directory/}
    ${["extra"]}               | ${{}}                   | ${""}                                            | ${/^OPTION_INVALID: /}
    ${["--config", "no.yaml"]} | ${{}}                   | ${""}                                            | ${/^CONFIG_UNREADABLE: cannot read the config file no.yaml/}
    ${[]}                      | ${{}}                   | ${"htpp: {port: 1}"}                             | ${/^CONFIG_INVALID: .*unknown key "htpp"; did you mean "http"\?/}
    ${[]}                      | ${{}}                   | ${"launcher: {stalMs: 1}"}                       | ${/^CONFIG_INVALID: .*unknown key "launcher.stalMs"; did you mean "launcher.stallMs"\?/}
    ${[]}                      | ${{}}                   | ${"http: {host: house.example}"}                 | ${/^CONFIG_INVALID: .*http\.host: must be an IP address of this machine, or 0\.0\.0\.0 for every one/}
    ${[]}                      | ${{}}                   | ${"http: {trustedProxies: [all]}"}               | ${/^CONFIG_INVALID: .*http\.trustedProxies\.0: must be an address, a range/}
    ${[]}                      | ${{}}                   | ${"http: {tls: {cert: a.pem}}"}                  | ${/^CONFIG_INVALID: .*http\.tls\.key: is missing/}
    ${[]}                      | ${{}}                   | ${"http: {port: 70000}"}                         | ${/^CONFIG_INVALID: .*http.port/}
    ${[]}                      | ${{}}                   | ${"bus: {kind: mqtt}"}                           | ${/^CONFIG_INVALID: .*bus.url: "kind: mqtt" needs one/}
    ${[]}                      | ${{}}                   | ${"bus: {url: 'mqtt://x'}"}                      | ${/^CONFIG_INVALID: .*bus.url: goes with/}
    ${[]}                      | ${{}}                   | ${"bus: {kind: mqtt, url: 'http://x'}"}          | ${/bus.url: must be an address: mqtt:/}
    ${[]}                      | ${{}}                   | ${"house: {name: ''}"}                           | ${/^CONFIG_INVALID: skein.yaml: house.name: must not be empty\.$/}
    ${[]}                      | ${{}}                   | ${"house: {name: '${NOPE:-x}'}"}                 | ${/^CONFIG_INVALID: skein.yaml: house.name: after .*there is no other form, and no default\.$/}
    ${[]}                      | ${{}}                   | ${"bus: {username: a}"}                          | ${/^CONFIG_INVALID: .*bus.username: goes with "kind: mqtt"/}
    ${[]}                      | ${{}}                   | ${"bus: {password: a}"}                          | ${/^CONFIG_INVALID: .*bus.password: goes with/}
    ${[]}                      | ${{}}                   | ${"bus: {flowHost: {username: a, password: b}}"} | ${/^CONFIG_INVALID: .*bus.flowHost: goes with/}
    ${[]}                      | ${{}}                   | ${"bus: {kind: embedded, tls: {}}"}              | ${/^CONFIG_INVALID: .*bus.tls: goes with/}
    ${[]}                      | ${{}}                   | ${"bus: {kind: mqtt, url: 'mqtt://x', port: 1}"} | ${/^CONFIG_INVALID: .*bus.port: goes with "kind: embedded"/}
    ${[]}                      | ${{}}                   | ${"bus: {kind: redis, url: 'mqtt://x'}"}         | ${/^CONFIG_INVALID: .*bus.url: redis:/}
    ${[]}                      | ${{}}                   | ${"bus: {kind: mqtt, url: 'redis://x'}"}         | ${/^CONFIG_INVALID: .*bus.url: mqtt:/}
    ${[]}                      | ${{}}                   | ${"a: [1"}                                       | ${/^CONFIG_INVALID: skein.yaml is no YAML/}
  `("$argv $env $yaml", ({ argv, env, yaml, said }) => {
    if (yaml) file(yaml);
    expect(refusal(argv, env)).toMatch(said);
  });
});

describe("a broker of the owner's with logins", () => {
  const flowHost = "flowHost: {username: flow-host, password: b}";
  it.each`
    kind       | bus         | follower                             | argv                 | said
    ${"mqtt"}  | ${flowHost} | ${"{username: garage, password: c}"} | ${[]}                | ${undefined}
    ${"mqtt"}  | ${flowHost} | ${"{enabled: false}"}                | ${[]}                | ${undefined}
    ${"mqtt"}  | ${flowHost} | ${"{}"}                              | ${["--no-follower"]} | ${undefined}
    ${"mqtt"}  | ${flowHost} | ${"{id: garage}"}                    | ${[]}                | ${/^CONFIG_INVALID: skein.yaml: follower.username: needed .* Write follower: { id: garage, username: garage, .* or follower: { enabled: false }/}
    ${"redis"} | ${flowHost} | ${"{}"}                              | ${[]}                | ${/^CONFIG_INVALID: .*follower.username: needed/}
    ${"mqtt"}  | ${""}       | ${"{username: garage, password: c}"} | ${[]}                | ${/^CONFIG_INVALID: .*bus.flowHost: needed with bus.username.*write flowHost: { username: flow-host/}
  `("$kind $bus $follower $argv", ({ kind, bus, follower, argv, said }) => {
    file(`bus: {kind: ${kind}, url: '${kind}://b', username: leader, password: a, ${bus}}\nfollower: ${follower}\n`);
    if (said) expect(refusal(argv)).toMatch(said);
    else expect(() => leaderOptions(argv, {})).not.toThrow();
  });
});

it("takes the paths in a file from the folder in which the file lies", () => {
  mkdirSync("etc");
  file("bus: {kind: mqtt, url: 'mqtts://b', tls: {ca: ca.pem, key: /key.pem}}\n", "etc/skein.yaml");
  expect(leaderOptions(["--config", "etc/skein.yaml"], {}).settings.bus.tls).toEqual({
    ca: join(process.cwd(), "etc", "ca.pem"),
    key: "/key.pem",
    rejectUnauthorized: true,
  });
});

it("keeps the owner's secrets from its children, and nothing else", () => {
  file("bus: {kind: mqtt, url: 'mqtt://b', password: '${BUS_SECRET}', tls: {ca: '${HOME}/ca.pem'}}\nlogLevel: warn\n");
  const env = { BUS_SECRET: "s3cret", HOME: "/home/me", PATH: "/bin", OTHER: "x" };
  const options = leaderOptions([], env);
  expect(options.settings.bus.password).toBe("s3cret");
  expect(childEnv(options, env)).toEqual({ HOME: "/home/me", PATH: "/bin", OTHER: "x", SKEIN_LOG_LEVEL: "warn" });
});

describe("limits of the failure detector", () => {
  it.each`
    fleet                                         | refused
    ${"{minBeats: 8, maxBeats: 3}"}               | ${/fleet.minBeats: 8 is more than maxBeats, 3/}
    ${"{minBeats: 2.5}"}                          | ${/fleet.minBeats: 2.5 is more than maxBeats, 2/}
    ${"{maxBeats: 3, deadBeats: 2.5}"}            | ${/fleet.maxBeats: 3 is not less than deadBeats, 2.5/}
    ${"{maxBeats: 2.9}"}                          | ${/fleet.maxBeats: 2.9 is not less than deadBeats, 2.9/}
    ${"{minBeats: 2, maxBeats: 2}"}               | ${undefined}
    ${"{minBeats: 3, maxBeats: 4, deadBeats: 5}"} | ${undefined}
  `("that contradict each other are refused: $fleet", ({ fleet, refused }: { fleet: string; refused?: RegExp }) => {
    file(`fleet: ${fleet}\n`);
    if (refused) expect(refusal([])).toMatch(refused);
    else expect(() => leaderOptions([], {})).not.toThrow();
  });
});
