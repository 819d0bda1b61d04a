/** Where the broker listens: several addresses on one port, and TLS beside them. */
import { silentLogger, systemClock } from "@skein/kit";
import { connect as connectSocket } from "node:net";
import { connect, type MqttClient } from "mqtt";
import { makeCertificates } from "../../../test/support/certificates";
import { freePort } from "../../../test/support/ports";
import { startBroker, type Broker } from "./broker";
import { type House, createHouse } from "./testing-house";
import { readFileSync } from "node:fs";

let house: House;
let broker: Broker | undefined;
beforeEach(() => {
  house = createHouse();
});
afterEach(() => house.close(broker));

const parts = () => ({
  dataDir: house.dataDir,
  usersFile: house.usersFile,
  logger: silentLogger,
  clock: systemClock,
});
const login = () => ({
  username: "kitchen",
  password: house.password("kitchen"),
  clientId: "skein-kitchen",
  reconnectPeriod: 0,
});
const connected = (client: MqttClient) =>
  new Promise<string>((resolve) => {
    client.once("connect", () => resolve("in"));
    client.once("error", (error) => resolve(error.message));
  }).finally(() => client.end(true));

it("listens on each address it was given, all of this machine's, and at no other", async () => {
  const port = await freePort();
  broker = await startBroker({ ...parts(), host: ["127.0.0.1", "127.0.0.2"], port });
  const at = (host: string) => connected(connect({ host, port, ...login() }));
  expect([await at("127.0.0.1"), await at("127.0.0.2")]).toEqual(["in", "in"]);
  expect(await at("127.0.0.3")).toMatch(/ECONNREFUSED/);
});

const pem = () => {
  const { ca, certFile, keyFile } = makeCertificates(house.dir);
  return { ca, tls: { port: 0, cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") } };
};

it("speaks TLS with its own certificate to whoever trusts it, under the same rules", async () => {
  const { ca, tls } = pem();
  broker = await startBroker({ ...parts(), port: 0, tls });
  const to = (more: object) => connected(connect(`mqtts://127.0.0.1:${broker?.tlsPort}`, { ...login(), ...more }));
  expect(await to({ ca })).toBe("in");
  expect(await to({ ca, password: "wrong" })).toMatch(/Bad username or password/);
  expect(await to({})).toMatch(/certificate/);
});

/** Opens a connection, says this, and is told when the other side has hung up. */
const raw = (port: number | undefined, words: string) => {
  const socket = connectSocket(port ?? 0, "127.0.0.1", () => socket.write(words));
  socket.resume();
  socket.on("error", () => {});
  return new Promise<string>((resolve) => socket.once("close", () => resolve("hung up")));
};

it("hangs up on who does not get through the TLS handshake: half of it said and no more, or something else", async () => {
  const { ca, tls } = pem();
  broker = await startBroker({ ...parts(), port: 0, tls, limits: { connectTimeoutMs: 300 } });
  // A record of a handshake, of which the rest never comes.
  expect(await raw(broker.tlsPort, "\u0016\u0003\u0001\u0001\u0000")).toBe("hung up");
  expect(await raw(broker.tlsPort, "GET / HTTP/1.1\r\n\r\n")).toBe("hung up");
  expect(broker.stats().refused.protocol).toBe(2);
  expect(await connected(connect(`mqtts://127.0.0.1:${broker.tlsPort}`, { ...login(), ca }))).toBe("in");
});

it("does not wait at its end for a handshake that is under way", async () => {
  broker = await startBroker({ ...parts(), port: 0, tls: pem().tls, limits: { connectTimeoutMs: 3_600_000 } });
  const hung = raw(broker.tlsPort, "\u0016\u0003");
  // Another's handshake, begun later, is over: so this one's had begun.
  await connected(connect(`mqtts://127.0.0.1:${broker.tlsPort}`, { ...login(), rejectUnauthorized: false }));
  await broker.close();
  expect(await hung).toBe("hung up");
});

it("says so when the certificate is none, and leaves nothing open", async () => {
  const port = await freePort();
  await expect(startBroker({ ...parts(), port, tls: { port: 0, cert: "no PEM", key: "none" } })).rejects.toMatchObject({
    code: "BUS_CERTIFICATE_INVALID",
  });
  broker = await startBroker({ ...parts(), port });
  expect(broker.port).toBe(port);
});
