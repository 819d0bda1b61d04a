import { flowEvent, flowState, REFUSED_TOPIC } from "@skein/contracts";
import { FakeClock, systemClock, systemRandom } from "@skein/kit";
import { type Mosquitto, startMosquitto } from "../../../test/support/mosquitto";
import { freePort } from "../../../test/support/ports";
import { tcpRelay } from "../../../test/support/tcp-relay";
import { type BusAddress, createTransport, type LinkState } from "./index";
import { createMqttTransport } from "./mqtt";
import type { MqttVersion } from "./mqtt-session";
import { linked, Stage, type TestBroker, until } from "./testing/stage";
import { frontDoor } from "./testing/front-door";

/** What only MQTT has: TLS, websockets, two versions, reason codes, client ids that are taken over. */

let server: Mosquitto;
beforeAll(async () => {
  server = await startMosquitto({
    tls: true,
    ws: true,
    users: { "flow-a": "secret-a", "flow-b": "secret-b", leader: "secret-l" },
    acl: ["user leader", "topic readwrite skein/v1/#", "pattern write skein/v1/flows/%u/#", "pattern read skein/v1/#"],
  });
});
afterAll(() => server.close());

let stage: Stage;
const over = (change: (who: { id: string; clientId: string }) => Partial<BusAddress>): TestBroker => ({
  port: server.port,
  address: ({ id, clientId }) => ({
    url: server.url,
    clientId,
    username: id,
    password: id === "leader" ? "secret-l" : `secret-${id.slice(-1)}`,
    ...change({ id, clientId }),
  }),
  stop: (signal) => server.stop(signal),
  start: () => server.start(),
  close: async () => undefined,
});
beforeEach(() => {
  stage = new Stage(over(() => ({})));
});
afterEach(() => stage.end());

test.each([
  ["TLS with the house's CA", () => ({ url: server.tlsUrl, tls: { ca: server.certificates?.ca ?? "" } })],
  ["websockets", () => ({ url: server.wsUrl })],
])("events go over %s", async (_what, address) => {
  const secure = new Stage(over(address));
  try {
    const [leader, flow] = [await secure.join("leader"), await secure.join("flow-a")];
    const heard: unknown[] = [];
    await leader.subscribe(flowEvent, { host: "flow-a" }, ({ data }) => heard.push(data));
    await flow.publish(flowEvent, { host: "flow-a", name: "n" }, "over the wire");
    await until(() => heard.length === 1);
    expect(flow.features).toEqual({ wills: "broker", messageExpiry: true, reasonCodes: true });
  } finally {
    await secure.end();
  }
});

/** The first thing that a transport of this address says of its link. */
const firstWord = (address: Partial<BusAddress>): Promise<LinkState> =>
  new Promise((resolve) => {
    const all = {
      url: server.url,
      clientId: "skein-flow-a-first",
      username: "flow-a",
      password: "secret-a",
      ...address,
    };
    const transport = createTransport(all, { clock: systemClock, random: systemRandom });
    transport.start({
      will: () => undefined,
      onMessage: () => undefined,
      onLink(state) {
        transport.kill();
        resolve(state);
      },
    });
  });

test("a wrong password, a stranger's certificate, and nobody at all are told apart", async () => {
  expect(await firstWord({ password: "wrong" })).toMatchObject({ up: false, code: "BUS_NOT_AUTHORISED" });
  expect(await firstWord({ url: server.tlsUrl })).toMatchObject({
    up: false,
    code: "BUS_UNREACHABLE",
    why: expect.stringMatching(/certificate/) as string,
  });
  expect(await firstWord({ url: "mqtt://127.0.0.1:1" })).toEqual({
    up: false,
    code: "BUS_UNREACHABLE",
    why: "connection refused",
  });
  expect(await firstWord({})).toMatchObject({ up: true });
});

test.each<[MqttVersion, number]>([
  [5, 133],
  [4, 2],
])(
  "a client id that the broker does not take is a login refused (version %d of the protocol)",
  async (version, code) => {
    const door = await frontDoor("refuses the id");
    stage.atEnd(() => door.close());
    const transport = createMqttTransport(
      { url: door.url, clientId: "skein-flow-b" },
      { clock: systemClock, random: systemRandom },
      version,
    );
    stage.atEnd(async () => transport.kill());
    const word = await new Promise<LinkState>((resolve) =>
      transport.start({ will: () => undefined, onMessage: () => undefined, onLink: resolve }),
    );
    expect(word).toEqual({
      up: false,
      code: "BUS_NOT_AUTHORISED",
      why: `the broker does not take our client id skein-flow-b (${code})`,
    });
  },
);

test("what the access rules forbid is refused with a code, and the bus goes on", async () => {
  const flow = await stage.join("flow-a");
  await expect(flow.publish(flowState, { host: "flow-b", name: "n" }, 1)).rejects.toMatchObject({
    code: "BUS_REFUSED",
  });
  await expect(flow.publish(flowState, { host: "flow-a", name: "n" }, 1)).resolves.toMatchObject({ from: "flow-a" });
  // Mosquitto 2.0.11 hangs up after it has refused; what was refused is not said again, so that it ends there.
  await linked(flow);
  expect(flow.stats.connections).toBeLessThanOrEqual(2);
});

test("whoever loses its client id to another is told so", async () => {
  const door = await frontDoor("speaks 5");
  stage.atEnd(() => door.close());
  const transport = createTransport(
    { url: door.url, clientId: "skein-flow-a" },
    { clock: systemClock, random: systemRandom },
  );
  const flow = await stage.join("flow-a", { transport });
  door.takeOver();
  await linked(flow, false);
  expect(flow.link).toMatchObject({ code: "BUS_TAKEN_OVER" });
});

test.each<[MqttVersion, MqttVersion]>([
  [5, 4],
  [4, 5],
])("who speaks version %d of the protocol and who speaks %d hear each other", async (one, other) => {
  const bus = async (id: string, version: MqttVersion) => {
    const address = {
      url: server.url,
      clientId: `skein-${id}-v${version}`,
      username: id,
      password: id === "leader" ? "secret-l" : "secret-a",
    };
    return stage.join(id, {
      transport: createMqttTransport(address, { clock: systemClock, random: systemRandom }, version),
    });
  };
  const [leader, flow] = [await bus("leader", one), await bus("flow-a", other)];
  const heard: unknown[] = [];
  await flow.publish(flowState, { host: "flow-a", name: "v" }, `kept ${other}`);
  await leader.subscribe(flowState, { host: "flow-a", name: "v" }, ({ data }) => heard.push(data));
  await until(() => heard.length === 1);
  await flow.publish(flowState, { host: "flow-a", name: "v" }, `new ${other}`);
  await until(() => heard.length === 2);
  expect(heard).toEqual([`kept ${other}`, `new ${other}`]);
  expect([leader, flow].map(({ features }) => features.reasonCodes)).toEqual([one === 5, other === 5]);
});

test.each(["refuses 5", "hangs up on 5"] as const)(
  "a broker that %s is spoken to in 3.1.1, and that is remembered",
  async (how) => {
    const door = await frontDoor(how);
    stage.atEnd(() => door.close());
    const transport = createTransport(
      { url: door.url, clientId: "skein-flow-a" },
      { clock: systemClock, random: systemRandom },
    );
    const flow = await stage.join("flow-a", { transport });
    expect(door.asked).toEqual([5, 4]);
    expect(flow.features).toEqual({ wills: "broker", messageExpiry: false, reasonCodes: false });
    door.cut();
    await linked(flow, false);
    await linked(flow);
    expect(door.asked).toEqual([5, 4, 4]);
  },
);

test.each`
  times       | asked              | outcome
  ${1}        | ${[5, 4, 4, 4]}    | ${"is asked again: that was chance, and it is asked at the next connection too"}
  ${Infinity} | ${[5, 4, 4, 4, 4]} | ${"twice in a row is not asked a third time"}
`(
  "a broker of 3.1.1 whose link falls at the question what it refuses $outcome",
  async ({ times, asked }: { times: number; asked: number[] }) => {
    const door = await frontDoor("refuses 5", { hangsUpAt: REFUSED_TOPIC, times });
    stage.atEnd(() => door.close());
    const address = { url: door.url, clientId: "skein-flow-a" };
    const transport = createTransport(address, { clock: systemClock, random: systemRandom });
    const flow = await stage.join("flow-a", { transport });
    expect(flow.features.reasonCodes).toBe(false);
    door.cut();
    await linked(flow, false);
    await linked(flow);
    expect(door.asked).toEqual(asked);
    expect(door.questions).toBe(times === 1 ? 3 : 2);
  },
);

test("a dead wire is noticed by the keep-alive, and the bus connects anew", async () => {
  const relay = await tcpRelay(server.port);
  stage.atEnd(() => relay.close());
  const wired = new Stage(over(() => ({ url: `mqtt://127.0.0.1:${relay.port}`, keepAliveS: 1 })));
  stage.atEnd(() => wired.end());
  const flow = await wired.join("flow-a");
  relay.blackHole();
  await linked(flow, false);
  relay.heal();
  await linked(flow);
  expect(flow.stats.connections).toBe(2);
});

test.each(["", "127.0.0.1:1883", "http://127.0.0.1", "mqtt://", "mqtt://a:b@127.0.0.1"])(
  "%p is no address of a bus",
  (url) => {
    expect(() => createTransport({ url, clientId: "skein-x" }, { clock: systemClock, random: systemRandom })).toThrow(
      expect.objectContaining({ code: "BUS_ADDRESS_INVALID" }) as Error,
    );
  },
);

test("no wait before the next attempt is longer than the address says", async () => {
  const clock = new FakeClock();
  const random = { next: () => 1, bytes: () => new Uint8Array() };
  let [attempts, failures] = [0, 0];
  const transport = createTransport(
    { url: `mqtt://127.0.0.1:${await freePort()}`, clientId: "skein-flow-a", maxBackoffMs: 1000 },
    { clock, random },
  );
  transport.start({
    will: () => void attempts++,
    onMessage: () => undefined,
    onLink: () => void failures++,
  });
  for (let n = 1; n <= 6; n++) {
    await clock.advance(1000);
    expect(attempts).toBe(n);
    await until(() => failures === n);
  }
  transport.kill();
});

test("what is given up while the subscriptions are still being made does not come any more", async () => {
  const kept = "skein/v1/flows/flow-a/state/kept";
  const flow = await stage.join("flow-a");
  await flow.publish(flowState, { host: "flow-a", name: "kept" }, 1);
  const address = { url: server.url, clientId: "skein-flow-b", username: "flow-b", password: "secret-b" };
  const transport = createTransport(address, { clock: systemClock, random: systemRandom });
  stage.atEnd(async () => transport.kill());
  // They take two rounds: the kept state comes after the first.
  for (const filter of [kept, ...Array.from({ length: 150 }, (_, n) => `skein/v1/filler/${n}`)])
    await transport.subscribe(filter);
  let [up, heard] = [false, 0];
  transport.start({
    will: () => undefined,
    onMessage: () => {
      heard++;
      void transport.unsubscribe(kept);
    },
    onLink: (state) => (up = state.up),
  });
  await until(() => up);
  expect(heard).toBe(1);
  await transport.subscribe("skein/v1/flows/flow-a/events/end");
  await flow.publish(flowState, { host: "flow-a", name: "kept" }, 2);
  await flow.publish(flowEvent, { host: "flow-a", name: "end" }, 3);
  await until(() => heard > 1);
  expect(heard).toBe(2);
});
