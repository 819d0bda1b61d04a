/** Users on a real Mosquitto whose files are ours: let in, thrown off, and kept out. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beginRemoval, createUsers, type Login } from "@skein/broker";
import { silentLogger, systemClock, systemRandom } from "@skein/kit";
import { connect, type MqttClient } from "mqtt";
import { eventually } from "../../../../test/support/eventually";
import { startHouseMosquitto, type HouseMosquitto } from "../../../../test/support/house-mosquitto";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { mosquittoAccounts } from "./bus-accounts";
import { endRemovals } from "./end-removals";
import { knockUntil } from "./knock";

let dir: TempDir;
let broker: HouseMosquitto;
let usersFile: string;
let leader: Login;
const clients: MqttClient[] = [];

beforeAll(async () => {
  dir = tempDir("skein-accounts-");
  usersFile = join(dir.path, "bus-users.json");
  [leader] = createUsers(usersFile, [{ role: "leader", id: "leader" }], systemRandom) as [Login];
  broker = await startHouseMosquitto({ dir: dir.path, usersFile });
});
afterAll(async () => {
  for (const client of clients) client.end(true);
  await broker?.close();
  dir?.remove();
});

const url = () => `mqtt://127.0.0.1:${broker.port}`;
const accounts = (pidFile: string | undefined = broker.pidFile, clock = systemClock) =>
  mosquittoAccounts({
    usersFile,
    random: systemRandom,
    mosquitto: { dir: broker.dir, pidFile },
    until: knockUntil({ url: url(), clientId: "skein-leader" }, clock),
  });

/** mqtt.js types its events, which Node's own `once` cannot read. */
const event = async (client: MqttClient, name: "connect" | "close" | "message"): Promise<unknown> =>
  ((await once(client as unknown as NodeJS.EventEmitter, name)) as unknown[])[0];

async function join_({ username, password }: Login): Promise<MqttClient> {
  const client = connect(url(), {
    username,
    password,
    clientId: `skein-${username}`,
    clean: false,
    reconnectPeriod: 0,
  });
  clients.push(client);
  client.on("error", () => undefined);
  await Promise.race([
    event(client, "connect"),
    event(client, "close").then(() => Promise.reject(new Error("refused"))),
  ]);
  return client;
}

it("lets a follower in as soon as it has joined, with its own rights only", async () => {
  const login = await accounts().create("garage");
  const [garage, house] = [await join_(login), await join_(leader)];
  const heard: string[] = [];
  house.on("message", (topic) => heard.push(topic));
  await house.subscribeAsync("skein/v1/#", { qos: 1 });
  for (const id of ["attic", "garage"])
    await garage.publishAsync(`skein/v1/followers/${id}/heartbeat`, "x", { qos: 1 });
  await house.publishAsync("skein/v1/leader/clock", "x", { qos: 1 });
  while (heard.length < 2) await event(house, "message");
  expect(heard).toEqual(["skein/v1/followers/garage/heartbeat", "skein/v1/leader/clock"]);
  await house.endAsync();
});

it("throws off who is removed, at once, and keeps it out, while the others stay", async () => {
  const [gone, stays] = [await accounts().create("shed"), await accounts().create("hall")];
  const [shed, hall] = [await join_(gone), await join_(stays)];
  await shed.subscribeAsync("skein/v1/commands/shed/#", { qos: 1 });
  const thrownOff = event(shed, "close");
  await accounts().remove("shed");
  await thrownOff;
  await expect(join_(gone)).rejects.toThrow("refused");
  expect(accounts().has("shed")).toBe(false);
  expect(hall.connected).toBe(true);
  // Joined again, it finds nothing of its old session there.
  const again = connect(url(), { ...(await accounts().create("shed")), clientId: "skein-shed", clean: false });
  clients.push(again);
  expect(await event(again, "connect")).toMatchObject({ sessionPresent: false });
});

/** No pid file, no helper; and no 15 s of waiting either. */
function unheard() {
  let now = 0;
  const hasty = {
    ...systemClock,
    monotonic: () => (now += 2000),
    setTimer: (callback: () => void) => systemClock.setTimer(callback, 1),
  };
  return mosquittoAccounts({
    usersFile,
    random: systemRandom,
    mosquitto: { dir: broker.dir },
    until: knockUntil({ url: url(), clientId: "skein-leader" }, hasty),
  });
}

it("says so when nobody has the broker read its files, and takes the new user back", async () => {
  await expect(unheard().create("cellar")).rejects.toMatchObject({ code: "BUS_USERS_NOT_TAKEN" });
  expect(unheard().has("cellar")).toBe(false);
});

const handedOver = () => ["acl", "passwords"].map((name) => readFileSync(join(broker.dir, name), "utf8")).join("");

it("a removal that nobody had the broker take over is told of, and ended when it is asked for again", async () => {
  const login = await accounts().create("porch");
  const porch = await join_(login);
  await expect(unheard().remove("porch")).rejects.toMatchObject({ code: "BUS_USERS_NOT_TAKEN" });
  expect([porch.connected, accounts().has("porch"), accounts().leaving()]).toEqual([true, true, ["porch"]]);
  // It is in none of the files: whoever has the broker read them, throws it off.
  expect(handedOver()).not.toContain("porch");
  const thrownOff = event(porch, "close");
  await accounts().remove("porch");
  await thrownOff;
  await expect(join_(login)).rejects.toThrow("refused");
  expect([accounts().has("porch"), accounts().leaving()]).toEqual([false, []]);
  expect(handedOver()).not.toContain("porch");
});

it("a removal over which the leader died is ended by its next start, while two ask for it", async () => {
  const login = await accounts().create("loft");
  const loft = await join_(login);
  beginRemoval(usersFile, "loft", systemRandom);
  const thrownOff = event(loft, "close");
  const again = accounts();
  const out: string[] = [];
  const stop = endRemovals({ accounts: again, onOut: (id) => out.push(id), clock: systemClock, logger: silentLogger });
  await again.remove("loft");
  await eventually(() => expect(out).toEqual(["loft"]));
  stop();
  await thrownOff;
  await expect(join_(login)).rejects.toThrow("refused");
  expect(again.has("loft")).toBe(false);
  expect(handedOver()).not.toContain("loft");
});
