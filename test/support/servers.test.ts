import { connect } from "node:tls";
import { startMosquitto } from "./mosquitto";
import { answers } from "./ports";
import { startRedis } from "./redis-server";

test("mosquitto starts with TLS and websockets, and comes back on its port after SIGKILL", async () => {
  const server = await startMosquitto({ tls: true, ws: true, users: { a: "b" }, acl: ["user a", "topic readwrite #"] });
  try {
    const port = Number(new URL(server.tlsUrl.replace("mqtts", "https")).port);
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", ca: server.certificates?.ca }, () => (socket.end(), resolve()));
      socket.once("error", reject);
    });
    await server.stop("SIGKILL");
    expect(await answers(server.port)).toBe(false);
    await server.start();
    expect(await answers(server.port)).toBe(true);
  } finally {
    await server.close();
  }
  expect(await answers(server.port)).toBe(false);
});

test("redis starts, stops and starts again", async () => {
  const server = await startRedis();
  try {
    await server.stop();
    expect(await answers(server.port)).toBe(false);
    await server.start();
    expect(await answers(server.port)).toBe(true);
  } finally {
    await server.close();
  }
});

test("a server that cannot start says why", async () => {
  await expect(startMosquitto({ config: ["no_such_option 1"] })).rejects.toThrow(/no_such_option/);
});
