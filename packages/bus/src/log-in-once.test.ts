import { once } from "node:events";
import { connect, type MqttClient } from "mqtt";
import { type Mosquitto, startMosquitto } from "../../../test/support/mosquitto";
import { freePort } from "../../../test/support/ports";
import { logInOnce } from "./log-in-once";

let server: Mosquitto;
beforeAll(async () => {
  server = await startMosquitto({ users: { garage: "right" } });
});
afterAll(() => server.close());

/** mqtt.js types its events, which Node's own `once` cannot read. */
const event = async (client: MqttClient, name: "connect" | "close"): Promise<unknown> =>
  ((await once(client as unknown as NodeJS.EventEmitter, name)) as unknown[])[0];
const address = (password: string) => ({ url: server.url, clientId: "skein-garage", username: "garage", password });

test.each`
  password   | outcome
  ${"right"} | ${"in"}
  ${"wrong"} | ${"refused"}
`("whoever has the $password password is $outcome", async ({ password, outcome }: Record<string, string>) => {
  expect(await logInOnce(address(password ?? ""))).toBe(outcome);
});

test("where nobody listens, the broker is away", async () => {
  expect(await logInOnce({ ...address("right"), url: `mqtt://127.0.0.1:${await freePort()}` })).toBe("away");
});

test("whoever was there under the client id is thrown off, and its session is forgotten", async () => {
  const options = { clientId: "skein-garage", username: "garage", password: "right", clean: false, reconnectPeriod: 0 };
  const before = connect(server.url, options);
  await event(before, "connect");
  await before.subscribeAsync("skein/v1/commands/garage/#", { qos: 1 });
  const thrownOff = event(before, "close");
  expect(await logInOnce(address("right"))).toBe("in");
  await thrownOff;
  const after = connect(server.url, options);
  expect(await event(after, "connect")).toMatchObject({ sessionPresent: false });
  await after.endAsync();
});
