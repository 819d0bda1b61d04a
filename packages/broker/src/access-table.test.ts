/**
 * Who may say and hear what, seen by what is delivered over real sockets and not by what a broker answers: every topic of the
 * contracts, everybody, writing and subscribing; the same table on our broker and on a real Mosquitto.
 */
import { connect } from "node:net";
import { PREFIX } from "@skein/contracts";
import type { MqttClient } from "mqtt";
import { generate } from "mqtt-packet";
import { startHouseMosquitto } from "../../../test/support/house-mosquitto";
import { startBroker } from "./broker";
import { type House, PEOPLE, createHouse } from "./testing-house";
import { matrix } from "./testing-matrix";

const ALL = Object.keys(PEOPLE);
const TABLE = matrix();
const TOPICS = TABLE.map(({ topic }) => PREFIX + topic);
/** Filters that reach beyond what a follower may hear. */
const GREEDY = ["#", "skein/#", `${PREFIX}#`, `${PREFIX}+/+/+/+`, `${PREFIX}+/+/+`, `$share/all/${PREFIX}#`];
const END = `${PREFIX}leader/clock`;

interface Found {
  readonly writers: Set<string>;
  readonly hearers: Set<string>;
}

/** Everybody subscribes to `filters`, then everybody, and somebody without a login, writes on every topic: who heard whom. */
async function whoHearsWhom(
  house: House,
  people: readonly (readonly [string, MqttClient])[],
  filters: readonly string[],
): Promise<Map<string, Found>> {
  const found = new Map<string, Found>(
    TABLE.map(({ topic }) => [topic, { writers: new Set<string>(), hearers: new Set<string>() }]),
  );
  const ready = people.map(async ([name, client]) => {
    let heardAll = (): void => {};
    const heard = new Promise<void>((resolve) => (heardAll = resolve));
    client.on("message", (topic, payload) => {
      const writer = payload.toString();
      if (topic === END && writer === "the end") return heardAll();
      found.get(topic.slice(PREFIX.length))?.writers.add(writer);
      found.get(topic.slice(PREFIX.length))?.hearers.add(name);
    });
    // A refused subscription is an answer too.
    for (const filter of [[END], filters]) await client.subscribeAsync([...filter], { qos: 1 }).catch(() => undefined);
    return { heard };
  });
  const heard = await Promise.all(ready);
  await writeWithoutLogin(house.port);
  await Promise.all(
    people.flatMap(([name, client]) =>
      TOPICS.map((topic) => client.publishAsync(topic, name, { qos: 1 }).catch(() => undefined)),
    ),
  );
  await people[0]?.[1].publishAsync(END, "the end", { qos: 1 });
  await Promise.all(heard.map((one) => one.heard));
  for (const [, client] of people) {
    client.removeAllListeners("message");
    await client.unsubscribeAsync([...filters]);
  }
  return found;
}

/** Does not wait to be let in: its packets are on the way before the broker says no. */
async function writeWithoutLogin(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  const say = (packet: Parameters<typeof generate>[0]) => void socket.write(generate(packet));
  say({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "skein-leader", clean: true, keepalive: 0 });
  say({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: `${PREFIX}#`, qos: 1 }] });
  for (const topic of TOPICS) say({ cmd: "publish", topic, payload: "nobody", qos: 0, retain: false, dup: false });
  let bytes = 0;
  socket.on("data", (chunk) => (bytes += chunk.length));
  // Mosquitto may reset the connection, since there is more that it did not read.
  await new Promise((resolve) => socket.once("close", resolve));
  // A CONNACK that says no, and nothing after it.
  expect(bytes).toBeLessThanOrEqual(4);
}

const inOrder = (names: Iterable<string>): string[] => [...names].toSorted((a, b) => a.localeCompare(b));
const shown = (found: ReadonlyMap<string, Found>) =>
  [...found].map(
    ([topic, { writers, hearers }]) => `${topic}: ${inOrder(writers).join()} > ${inOrder(hearers).join()}`,
  );
/** Where nobody may write, nobody hears anything. */
const EXPECTED = TABLE.map(
  ({ topic, writers, hearers }) =>
    `${topic}: ${inOrder(writers).join()} > ${writers.length > 0 ? inOrder(hearers).join() : ""}`,
);

const BROKERS = {
  "the house's own broker": async (house: House) => {
    const broker = await startBroker({ port: 0, dataDir: house.dataDir, usersFile: house.usersFile });
    house.port = broker.port;
    return broker;
  },
  "Mosquitto with the files made from the same rules": async (house: House) => {
    const broker = await startHouseMosquitto(house);
    house.port = broker.port;
    return broker;
  },
};

describe.each(Object.entries(BROKERS))("On %s", (_what, start) => {
  let house: House;
  let broker: { close(): Promise<void> };
  let people: readonly (readonly [string, MqttClient])[];

  beforeAll(async () => {
    house = createHouse();
    broker = await start(house);
    people = await Promise.all(ALL.map(async (name) => [name, await house.client(name)] as const));
  });
  afterAll(() => house.close(broker));

  it("everybody writes and hears what the table says, and whoever has no login nothing", async () => {
    expect(shown(await whoHearsWhom(house, people, TOPICS))).toEqual(EXPECTED);
  });

  it("no filter, however wide, brings anybody more", async () => {
    const found = await whoHearsWhom(house, people, GREEDY);
    const tooMuch = TABLE.flatMap(({ topic, hearers }) =>
      [...(found.get(topic)?.hearers ?? [])].filter((name) => !hearers.includes(name)).map((name) => [name, topic]),
    );
    expect(tooMuch).toEqual([]);
    // The leader, who may hear all, did: the filters themselves work.
    const heard = TABLE.filter(({ topic }) => found.get(topic)?.hearers.has("leader"));
    expect(heard).toHaveLength(TABLE.filter(({ writers }) => writers.length > 0).length);
  });

  it("nobody throws off another by calling itself like it", async () => {
    const [, kitchen] = people.find(([name]) => name === "kitchen") ?? [];
    if (!kitchen) throw new Error("no kitchen");
    await people.find(([name]) => name === "attic")?.[1].endAsync();
    const intruder = await house
      .client("attic", { clientId: "skein-kitchen", protocolVersion: 4 })
      .catch(() => undefined);
    await kitchen.subscribeAsync(END, { qos: 1 });
    const heard = new Promise((resolve) => kitchen.once("message", (_topic, payload) => resolve(payload.toString())));
    await people[0]?.[1].publishAsync(END, "still there?", { qos: 1 });
    expect(await heard).toBe("still there?");
    expect(kitchen.connected).toBe(true);
    intruder?.end(true);
  });
});

it("the table has a row for each message of the contracts, and some that nobody may write", () => {
  expect(TABLE.length).toBeGreaterThan(90);
  expect(new Set(TOPICS).size).toBe(TOPICS.length);
  for (const name of ALL) expect(TABLE.some(({ writers }) => writers.includes(name))).toBe(true);
});
