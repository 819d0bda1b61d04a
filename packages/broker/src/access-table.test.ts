/** Who may say and hear what, seen by what is delivered over real sockets: the same table on our broker and on Mosquitto. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { userInfo } from "node:os";
import { answers, freePort } from "../../../test/support/ports";
import { startBroker } from "./broker";
import { mosquittoAcl, mosquittoConfig } from "./mosquitto";
import { type House, PEOPLE, createHouse } from "./testing-house";
import { readUsers } from "./users";

const ALL = ["leader", "flow-host", "kitchen", "attic"];

/** Topic under skein/v1/; who may write it; who hears it. */
const TABLE: readonly (readonly [topic: string, writers: string[], hearers: string[]])[] = [
  ["followers/kitchen/heartbeat", ["kitchen"], ["leader", "flow-host", "kitchen"]],
  ["followers/attic/presence", ["attic"], ["leader", "flow-host", "attic"]],
  ["followers/kitchen/capabilities/vision/detections", ["kitchen"], ["leader", "flow-host", "kitchen"]],
  ["followers/kitchen/replies/attic", ["kitchen"], ["leader", "flow-host", "kitchen"]],
  ["followers/kitchen/replies/leader", ["kitchen"], ["leader", "flow-host", "kitchen"]],
  ["followers/leader/birth", [], []],
  ["followers/flow-host/birth", [], []],
  ["commands/kitchen/agent/leader", ["leader"], ["leader", "flow-host", "kitchen"]],
  ["commands/kitchen/agent/attic", [], []],
  ["commands/kitchen/agent/kitchen", [], []],
  ["commands/leader/maintenance/attic", [], []],
  ["commands/virtual-home/host/attic", [], []],
  ["commands/attic/agent/flow-host", ["flow-host"], ["leader", "flow-host", "attic"]],
  ["commands/leader/maintenance/flow-host", ["flow-host"], ["leader", "flow-host"]],
  ["leader/status", ["leader"], ALL],
  ["leader/verdicts/kitchen", ["leader"], ALL],
  ["leader/replies/flow-host", ["leader"], ALL],
  ["flows/flow-host/events/bell", ["flow-host"], ["leader", "flow-host"]],
  ["flows/other-host/events/bell", [], []],
  ["somewhere/else", [], []],
];

/** Everybody subscribes to every topic by its name, then everybody writes on every topic: who heard whom, by topic. */
async function whoHearsWhom(house: House): Promise<Record<string, { writers: string[]; hearers: string[] }>> {
  const people = await Promise.all(ALL.map(async (name) => ({ name, client: await house.client(name) })));
  const found = Object.fromEntries(
    TABLE.map(([topic]) => [topic, { writers: new Set<string>(), hearers: new Set<string>() }]),
  );
  const finished = people.map(async ({ name, client }) => {
    const done = new Set<string>();
    const heardAll = new Promise<void>((resolve) =>
      client.on("message", (full, payload) => {
        const topic = full.slice("skein/v1/".length);
        const writer = payload.toString();
        if (topic === "leader/clock") done.add(writer);
        else {
          found[topic]?.writers.add(writer);
          found[topic]?.hearers.add(name);
        }
        if (done.size > 0) resolve();
      }),
    );
    await client.subscribeAsync("skein/v1/leader/clock", { qos: 1 });
    // A refused subscription is an answer too.
    for (const [topic] of TABLE) await client.subscribeAsync(`skein/v1/${topic}`, { qos: 1 }).catch(() => undefined);
    return { heardAll };
  });
  const ready = await Promise.all(finished);
  for (const { name, client } of people)
    for (const [topic] of TABLE)
      await client.publishAsync(`skein/v1/${topic}`, name, { qos: 1 }).catch(() => undefined);
  await people[0]?.client.publishAsync("skein/v1/leader/clock", "the end", { qos: 1 });
  await Promise.all(ready.map(({ heardAll }) => heardAll));
  return Object.fromEntries(
    Object.entries(found).map(([topic, { writers, hearers }]) => [
      topic,
      { writers: inOrder(writers), hearers: inOrder(hearers) },
    ]),
  );
}

const inOrder = (names: Set<string>): string[] => ALL.filter((name) => names.has(name));
const EXPECTED = Object.fromEntries(
  TABLE.map(([topic, writers, hearers]) => [topic, { writers: inOrder(new Set(writers)), hearers }]),
);

describe("Who may say and hear what", () => {
  let house: House;
  let close: () => Promise<void>;

  beforeEach(() => {
    house = createHouse();
  });
  afterEach(async () => {
    await close();
    house.close();
  });

  it("is as the table says on the house's own broker", async () => {
    const broker = await startBroker({ port: 0, dataDir: house.dataDir, usersFile: house.usersFile });
    close = () => broker.close();
    house.port = broker.port;
    expect(await whoHearsWhom(house)).toEqual(EXPECTED);
    expect(broker.stats().refused).toMatchObject({
      publish: TABLE.length * ALL.length - TABLE.flatMap(([, writers]) => writers).length,
    });
  });

  it("is the same on Mosquitto with the files made from the same rules", async () => {
    const mosquitto = await startMosquitto(house);
    close = async () => {
      mosquitto.kill("SIGKILL");
    };
    expect(await whoHearsWhom(house)).toEqual(EXPECTED);
  });
});

/** A real Mosquitto on mosquittoConfig and mosquittoAcl, with everybody's password. */
async function startMosquitto(house: House): Promise<ChildProcess> {
  const dir = join(house.dir, "mosquitto");
  mkdirSync(dir);
  const [passwordFile, aclFile] = [join(dir, "passwords"), join(dir, "acl")];
  writeFileSync(passwordFile, "", { mode: 0o600 });
  for (const name of Object.keys(PEOPLE))
    execFileSync("mosquitto_passwd", ["-b", passwordFile, name, house.password(name)], { stdio: "pipe" });
  writeFileSync(aclFile, mosquittoAcl(readUsers(house.usersFile)));
  chmodSync(aclFile, 0o600);
  house.port = await freePort();
  const config = mosquittoConfig({ port: house.port, passwordFile, aclFile, persistenceDir: dir });
  writeFileSync(join(dir, "mosquitto.conf"), `user ${userInfo().username}\n${config}`);
  const child = spawn("mosquitto", ["-c", join(dir, "mosquitto.conf")], { stdio: "ignore" });
  while (!(await answers(house.port))) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
    await wait(20);
  }
  return child;
}
