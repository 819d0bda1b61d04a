/** The helper for a Mosquitto that runs as another user than the leader: a real broker as Debian's `mosquitto`, the real script as well. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { createUsers, handOver, readUsers, removeUser, type Login } from "@skein/broker";
import { logInOnce } from "@skein/bus";
import { systemRandom } from "@skein/kit";
import { eventually } from "./support/eventually";
import { startHouseMosquitto, type HouseMosquitto } from "./support/house-mosquitto";
import { tempDir, type TempDir } from "./support/temp-dir";

const SCRIPT = join(__dirname, "../runtime/mosquitto/skein-mosquitto-reload");
const USER = "mosquitto";
const asMosquitto = ["--reuid", USER, "--regid", USER, "--init-groups"];
const idOf = (what: "-u" | "-g") => Number(execFileSync("id", [what, USER], { encoding: "utf8" }));

/** Only root can start programs as two users. */
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot("skein-mosquitto-reload (needs root: two users)", () => {
  let dir: TempDir;
  let from: string;
  let to: string;
  let usersFile: string;
  let broker: HouseMosquitto;
  let helper: ChildProcess;
  const logins = new Map<string, Login>();

  const make = (role: "leader" | "follower", ...ids: string[]) => {
    for (const login of createUsers(
      usersFile,
      ids.map((id) => ({ role, id })),
      systemRandom,
    ))
      logins.set(login.username, login);
    handOver(readUsers(usersFile), { dir: from });
  };
  const knock = (id: string) =>
    logInOnce({ url: `mqtt://127.0.0.1:${broker.port}`, clientId: `skein-${id}`, ...logins.get(id) });

  beforeAll(async () => {
    dir = tempDir("skein-reload-");
    chmodSync(dir.path, 0o755);
    usersFile = dir.join("bus-users.json");
    [from, to] = [dir.join("handed"), dir.join("brokers")];
    // As runtime/mosquitto/README.md has them made.
    mkdirSync(from);
    chownSync(from, 0, idOf("-g"));
    chmodSync(from, 0o2750);
    mkdirSync(to, { mode: 0o700 });
    chownSync(to, idOf("-u"), idOf("-g"));
    execFileSync("mosquitto_passwd", ["-c", "-b", join(to, "passwords.own"), "radio", "its own"], { stdio: "pipe" });
    writeFileSync(join(to, "acl.own"), "user radio\ntopic readwrite radio/#\n");
    for (const own of ["passwords.own", "acl.own"]) chownSync(join(to, own), idOf("-u"), idOf("-g"));
    logins.set("radio", { username: "radio", password: "its own" });
    make("leader", "leader");
    const run = dir.join("mosquitto");
    mkdirSync(run);
    chownSync(run, idOf("-u"), idOf("-g"));
    // Once by hand, before the broker's first start.
    execFileSync("setpriv", [...asMosquitto, SCRIPT, from, to, join(run, "mosquitto.pid")]);
    broker = await startHouseMosquitto({ dir: dir.path, usersFile, user: USER, filesIn: to });
    helper = spawn("setpriv", [
      ...asMosquitto,
      "--pdeathsig",
      "KILL",
      SCRIPT,
      from,
      to,
      broker.pidFile ?? "",
      "--watch",
    ]);
  });
  afterAll(async () => {
    helper?.kill("SIGKILL");
    await broker?.close();
    dir?.remove();
  });

  it("hands over files that are the broker's alone, with the owner's own users in them", () => {
    for (const name of ["passwords", "acl"])
      expect([name, statSync(join(to, name)).uid, statSync(join(to, name)).mode & 0o777]).toEqual([
        name,
        idOf("-u"),
        0o600,
      ]);
    expect(readFileSync(join(to, "passwords"), "utf8")).toMatch(/^radio:.*\nleader:.*\n$/);
    expect(statSync(join(from, "passwords")).mode & 0o777).toBe(0o640);
  });

  it("has the broker let in who is new, and no more who was removed, while the owner's own users stay", async () => {
    expect([await knock("leader"), await knock("radio")]).toEqual(["in", "in"]);
    make("follower", "garage", "attic");
    await eventually(async () => expect([await knock("garage"), await knock("attic")]).toEqual(["in", "in"]));
    removeUser(usersFile, "garage");
    handOver(readUsers(usersFile), { dir: from });
    await eventually(async () => expect(await knock("garage")).toBe("refused"));
    expect([await knock("attic"), await knock("radio")]).toEqual(["in", "in"]);
  });

  /** As its systemd unit runs it. */
  const runOnce = (pidFile = broker.pidFile ?? "", target = to) => {
    const { status, stderr } = spawnSync("setpriv", [...asMosquitto, SCRIPT, from, target, pidFile], {
      encoding: "utf8",
    });
    return { status, stderr };
  };

  it("ends with a sentence when something is not as it must be, and leaves the broker's files as they were", async () => {
    helper.kill("SIGKILL");
    await once(helper, "exit");
    const before = readFileSync(join(to, "passwords"), "utf8");
    const fails = (how: ReturnType<typeof runOnce>, words: string) => {
      expect(how).toEqual({ status: 1, stderr: expect.stringContaining(words) });
      expect(readFileSync(join(to, "passwords"), "utf8")).toBe(before);
    };
    renameSync(join(from, "acl"), join(from, "away"));
    fails(runOnce(), `cannot read ${join(from, "acl")}`);
    renameSync(join(from, "away"), join(from, "acl"));
    chmodSync(join(from, "passwords"), 0o600);
    fails(runOnce(), `cannot read ${join(from, "passwords")}`);
    chmodSync(join(from, "passwords"), 0o640);
    chownSync(join(to, "passwords.own"), 0, 0);
    chmodSync(join(to, "passwords.own"), 0o600);
    fails(runOnce(), "passwords.own");
    chownSync(join(to, "passwords.own"), idOf("-u"), idOf("-g"));
    fails(runOnce(broker.pidFile, dir.path), `cannot write into ${dir.path}`);
    expect(runOnce()).toEqual({ status: 0, stderr: "" });
  });

  it("owes the broker a signal that it could not send, and sends it the next time", async () => {
    make("follower", "cellar");
    const { status, stderr } = runOnce(dir.join("nowhere.pid"));
    expect([status, stderr]).toEqual([1, expect.stringContaining(`write 'pid_file ${dir.join("nowhere.pid")}'`)]);
    expect(await knock("cellar")).toBe("refused");
    expect(runOnce()).toEqual({ status: 0, stderr: "" });
    await eventually(async () => expect(await knock("cellar")).toBe("in"));
  });

  it("says that no broker runs, which is no failure: it reads its files when it starts", async () => {
    await broker.close();
    rmSync(broker.pidFile ?? "", { force: true });
    make("follower", "shed");
    expect(runOnce()).toEqual({ status: 0, stderr: expect.stringContaining("no broker runs under") });
  });

  it("does not run as root, who could be made to read what is none of the broker's business", () => {
    const { status, stderr } = spawnSync(SCRIPT, [from, to, broker.pidFile ?? ""], { encoding: "utf8" });
    expect([status, stderr]).toEqual([2, expect.stringContaining("not as root")]);
  });
});
