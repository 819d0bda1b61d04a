/** A house on a Mosquitto whose users the leader makes: its own parts log in, a board joins by code, and is thrown off when it is removed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readUsers } from "@skein/broker";
import type { JoinCodeView } from "@skein/contracts";
import { startAgentProcess, type StartedAgent } from "../support/agent-bundle";
import { eventually } from "../support/eventually";
import { startHouseMosquitto, type HouseMosquitto } from "../support/house-mosquitto";
import { startLeader, type Leader } from "../support/leader";
import { tempDir } from "../support/temp-dir";

const AGENT = join(__dirname, "../../follower-agents/dist/agent.js");
const dir = tempDir("skein-joining-mosquitto-");
let broker: HouseMosquitto;
let leader: Leader;
let board: StartedAgent | undefined;

beforeAll(async () => {
  // A broker before its house: no users yet.
  broker = await startHouseMosquitto({ dir: dir.path, usersFile: dir.join("nobody.json") });
  leader = await startHouse();
}, 90_000);

const startHouse = () =>
  startLeader({
    dataDir: dir.join("data"),
    settings: {
      bus: {
        kind: "mqtt",
        url: `mqtt://127.0.0.1:${broker.port}`,
        mosquitto: { dir: broker.dir, pidFile: broker.pidFile },
      },
    },
  });
const users = () => readUsers(dir.join("data", "secrets", "bus-users.json"));
const boardEnds = async () => {
  board?.child.kill("SIGKILL");
  await board?.exit;
};
afterAll(async () => {
  await boardEnds();
  await leader?.stop();
  await broker?.close();
  dir.remove();
});

it("lets a board in by a code, and throws it off for good when it is removed", async () => {
  const made = await leader.fetch("/api/v1/join-codes", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: "garage" }),
  });
  const { code, command } = (await made.json()) as JoinCodeView;
  // Word for word what the page shows: on the leader's own machine no address needs to be set.
  expect(command).toBe(`node agent.js join ${code} --leader ${leader.url}`);
  board = startAgentProcess(AGENT, [...command.split(" ").slice(2), "--dir", dir.join("board")]);
  await eventually(async () => expect((await leader.follower("garage")).verdict.state).toBe("alive"), 20_000);

  expect((await leader.fetch("/api/v1/followers/garage", { method: "DELETE" })).status).toBe(204);
  await eventually(() => expect(board?.output()).toContain("does not let this follower in"));
  expect((await leader.fetch("/api/v1/followers/garage")).status).toBe(404);
  expect((await leader.health()).ok).toBe(true);

  // Neither broker nor leader brings it back by being started anew.
  await boardEnds();
  await leader.stop();
  await broker.stop();
  await broker.start();
  leader = await startHouse();
  board = startAgentProcess(AGENT, ["--config", dir.join("board", "follower.yaml")]);
  await eventually(() => expect(board?.output()).toContain("does not let this follower in"), 20_000);
  expect((await leader.fetch("/api/v1/followers/garage")).status).toBe(404);
  for (const name of ["acl", "passwords"]) expect(readFileSync(join(broker.dir, name), "utf8")).not.toContain("garage");
}, 90_000);

it("ends a removal over which core died, while the broker was busy, as soon as it is started again", async () => {
  const made = await leader.fetch("/api/v1/join-codes", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: "attic" }),
  });
  const { command } = (await made.json()) as JoinCodeView;
  await boardEnds();
  board = startAgentProcess(AGENT, [...command.split(" ").slice(2), "--dir", dir.join("attic")]);
  await eventually(async () => expect((await leader.follower("attic")).verdict.state).toBe("alive"), 20_000);

  broker.signal("SIGSTOP");
  const removal = leader.fetch("/api/v1/followers/attic", { method: "DELETE" }).catch(() => undefined);
  await eventually(() => expect(users()["attic"]).toMatchObject({ leaving: true }));
  leader.signal("core", "SIGKILL");
  await removal;
  broker.signal("SIGCONT");
  await leader.ready();
  await eventually(() => expect(board?.output()).toContain("does not let this follower in"), 20_000);
  await eventually(async () => expect((await leader.fetch("/api/v1/followers/attic")).status).toBe(404), 20_000);
  expect(users()).not.toHaveProperty("attic");
}, 90_000);

it("outlives the starts of its leader, each of which has it read its files", async () => {
  const { pid } = broker;
  for (let starts = 0; starts < 2; starts++) {
    await leader.stop();
    leader = await startHouse();
  }
  expect((await leader.health()).ok).toBe(true);
  expect(broker.pid).toBe(pid);
}, 90_000);
