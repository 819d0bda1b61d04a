import { connectAsync } from "mqtt";
import { WebSocket } from "ws";
import { type Broker, startBroker } from "./broker";
import { type House, createHouse, listen } from "./testing-house";

describe("MQTT over WebSocket", () => {
  let house: House;
  let broker: Broker;
  const url = (): string => `ws://127.0.0.1:${broker.wsPort}`;

  beforeEach(async () => {
    house = createHouse();
    broker = await startBroker({ port: 0, wsPort: 0, dataDir: house.dataDir, usersFile: house.usersFile });
    house.port = broker.port;
  });
  afterEach(() => house.close(broker));

  it("carries the same messages under the same rules", async () => {
    const leader = await house.client("leader");
    const messages = listen(leader);
    await leader.subscribeAsync("skein/v1/#", { qos: 1 });
    const kitchen = await connectAsync(url(), {
      username: "kitchen",
      password: house.password("kitchen"),
      clientId: "skein-kitchen",
      reconnectPeriod: 0,
    });
    await kitchen.publishAsync("skein/v1/leader/status", "lie", { qos: 1 });
    await kitchen.publishAsync("skein/v1/followers/kitchen/heartbeat", "beat", { qos: 1 });
    await messages.until("beat");
    expect(messages.heard.map(({ text }) => text)).toEqual(["beat"]);
    const closed = new Promise<void>((resolve) => kitchen.once("close", () => resolve()));
    kitchen.publish("skein/v1/followers/kitchen/media/x", Buffer.alloc(400 * 1024));
    await closed;
    kitchen.end(true);
  });

  it("refuses a web page of whatever origin", async () => {
    const status = await new Promise((resolve) => {
      const socket = new WebSocket(url(), "mqtt", { origin: "http://example.org" });
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
      socket.on("open", () => resolve("open"));
      socket.on("error", () => undefined);
    });
    expect(status).toBe(401);
  });
});
