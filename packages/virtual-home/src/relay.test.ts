import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { createRelay, type Relay } from "./relay";

/** A server and a client on loopback with the relay between them, and what each has heard. */
describe("the wire between an agent and the broker", () => {
  const opened: Socket[] = [];
  const server = createServer({ allowHalfOpen: false }, (socket) => opened.push(watch(socket)));
  const clients: Socket[] = [];
  let relay: Relay;
  const heard = new WeakMap<Socket, string>();
  const fate = new WeakMap<Socket, string>();

  const watch = (socket: Socket): Socket => {
    heard.set(socket, "");
    socket.on("data", (chunk) => heard.set(socket, (heard.get(socket) ?? "") + chunk.toString()));
    socket.on("end", () => fate.set(socket, fate.get(socket) ?? "ended"));
    socket.on("error", (error: NodeJS.ErrnoException) => fate.set(socket, error.code ?? "error"));
    return socket;
  };
  const until = async (check: () => boolean, what: string): Promise<void> => {
    for (let i = 0; i < 400; i++) {
      if (check()) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`not yet: ${what}`);
  };
  /** Long enough for loopback to deliver what it would. */
  const while_ = () => new Promise((resolve) => setTimeout(resolve, 60));
  const client = async (): Promise<Socket> => {
    const socket = watch(connect({ port: relay.port, host: "127.0.0.1" }));
    clients.push(socket);
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  const pair = async (): Promise<{ agent: Socket; broker: Socket }> => {
    const before = opened.length;
    const agent = await client();
    await until(() => opened.length > before, "the relay reaches the server");
    return { agent, broker: opened.at(-1) as Socket };
  };
  const hears = (socket: Socket, text: string) =>
    until(() => heard.get(socket) === text, `hears ${text}, has heard ${heard.get(socket)}`);

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  beforeEach(async () => {
    relay = await createRelay({ port: (server.address() as AddressInfo).port });
  });
  afterEach(async () => {
    for (const socket of [...clients.splice(0), ...opened.splice(0)]) socket.destroy();
    await relay.close();
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("passes what both say, and their ends", async () => {
    const { agent, broker } = await pair();
    agent.write("hello");
    await hears(broker, "hello");
    broker.write("welcome");
    await hears(agent, "welcome");
    agent.end("bye");
    await hears(broker, "hellobye");
    await until(() => fate.get(broker) === "ended", "the server sees the end");
  });

  it("lets nothing through while it is cut and tells nobody, and goes on where it was", async () => {
    const { agent, broker } = await pair();
    relay.blackHole();
    agent.write("up");
    broker.write("down");
    await while_();
    expect([heard.get(broker), heard.get(agent)]).toEqual(["", ""]);
    expect([broker.readyState, agent.readyState]).toEqual(["open", "open"]);
    relay.pass();
    await hears(broker, "up");
    await hears(agent, "down");
  });

  it("swallows a new connection while it is cut, and connects it when it is mended", async () => {
    relay.blackHole();
    const agent = await client();
    agent.write("knock");
    await while_();
    expect(opened).toHaveLength(0);
    relay.pass();
    await until(() => opened.length === 1, "the server is reached");
    await hears(opened[0] ?? agent, "knock");
  });

  it("resets an agent whose broker gave the connection up while it was cut", async () => {
    const { agent, broker } = await pair();
    relay.blackHole();
    broker.destroy();
    await while_();
    expect(agent.readyState).toBe("open");
    relay.pass();
    await until(() => fate.get(agent) === "ECONNRESET", "the agent is told");
  });

  it("leaves the broker with a half-open connection when the host lost its power, until it says something", async () => {
    const { agent, broker } = await pair();
    relay.unplug();
    agent.write("my last words");
    agent.destroy();
    await while_();
    relay.pass();
    await while_();
    expect(heard.get(broker)).toBe("");
    expect(broker.readyState).toBe("open");
    broker.write("are you there?");
    await until(() => fate.get(broker) === "ECONNRESET", "the broker is told");
  });

  it("delivers the end of a process that died while the wire was cut but the host had power", async () => {
    const { agent, broker } = await pair();
    relay.blackHole();
    agent.end("last words");
    await while_();
    expect(broker.readyState).toBe("open");
    relay.pass();
    await hears(broker, "last words");
    await until(() => fate.get(broker) === "ended", "the broker sees the end");
  });

  it("resets everything when it is dropped, and takes new connections", async () => {
    const { agent, broker } = await pair();
    relay.drop();
    await until(() => fate.get(agent) === "ECONNRESET" && fate.get(broker) === "ECONNRESET", "both are told");
    const again = await pair();
    again.agent.write("hello");
    await hears(again.broker, "hello");
  });

  it("resets an agent at once when there is no broker", async () => {
    const dead = await createRelay({ port: 1 });
    const socket = watch(connect({ port: dead.port, host: "127.0.0.1" }));
    clients.push(socket);
    await until(() => fate.get(socket) === "ECONNRESET", "the agent is told");
    await dead.close();
  });
});
