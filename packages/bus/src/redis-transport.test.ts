/** What is Redis' own beside the conformance suite (redis.test.ts): who says wills and when, positions, refusals, TLS. */
import { createServer, type Socket } from "node:net";
import { Redis } from "ioredis";
import { FakeClock, systemClock, systemRandom } from "@skein/kit";
import { makeCertificates } from "../../../test/support/certificates";
import { freePort } from "../../../test/support/ports";
import { type RedisServer, startRedis } from "../../../test/support/redis-server";
import { tcpRelay } from "../../../test/support/tcp-relay";
import { tempDir } from "../../../test/support/temp-dir";
import type { BusAddress } from "./bus-address";
import { createTransport } from "./create-transport";
import { patternsOf } from "./redis-filters";
import { isLater } from "./redis-intake";
import { bytes, pause, until } from "./testing/stage";
import type { Incoming, LinkState, Transport } from "./transport";

interface Participant {
  readonly transport: Transport;
  readonly links: LinkState[];
  readonly heard: { topic: string; text: string; retained: boolean }[];
  readonly refused: string[];
  readonly up: () => boolean;
}

describe("The Redis transport", () => {
  let server: RedisServer;
  let participants: Participant[] = [];
  const endings: (() => void | Promise<void>)[] = [];
  let serial = 0;
  const name = (prefix: string): string => `${prefix}-${++serial}`;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());
  afterEach(async () => {
    await Promise.all(participants.map(({ transport }) => transport.close()));
    participants = [];
    for (const ending of endings.splice(0)) await ending();
  });

  /** A participant whose will says its client id on `wills/CLIENT-ID`. */
  const join = async (
    clientId: string,
    options: Partial<BusAddress> & { will?: boolean; filters?: string[]; whileConnecting?: string } = {},
  ): Promise<Participant> => {
    const { will = false, filters = [], whileConnecting, ...address } = options;
    const transport = createTransport(
      { url: server.url, clientId, ...address },
      { clock: systemClock, random: systemRandom },
    );
    const links: LinkState[] = [];
    const refused: string[] = [];
    const heard: Participant["heard"] = [];
    for (const filter of filters) await transport.subscribe(filter);
    transport.start({
      will: () => {
        if (whileConnecting !== undefined) setImmediate(() => void transport.subscribe(whileConnecting));
        return will ? { topic: `wills/${clientId}`, payload: bytes(clientId), kind: "state" } : undefined;
      },
      onMessage: ({ topic, payload, retained }: Incoming) =>
        heard.push({ topic, text: Buffer.from(payload).toString(), retained }),
      onLink: (state) => links.push(state),
      onRefused: (filter) => refused.push(filter),
    });
    const participant = { transport, links, heard, refused, up: () => links.at(-1)?.up === true };
    participants.push(participant);
    await until(() => links.length > 0);
    return participant;
  };
  const texts = ({ heard }: Participant): string[] => heard.map(({ text }) => text);

  describe("says a will", () => {
    it("once, though two watch for the dead", async () => {
      const who = name("f");
      const watcher = await join(name("leader"), { reaper: true });
      await join(name("leader"), { reaper: true });
      await watcher.transport.subscribe(`wills/${who}`);
      const victim = await join(who, { will: true });
      victim.transport.kill();
      await until(() => texts(watcher).includes(who));
      await pause(1500);
      expect(watcher.heard).toEqual([{ topic: `wills/${who}`, text: who, retained: false }]);
    });

    it("when a leader comes, if none was there when the connection died", async () => {
      const who = name("f");
      const watcher = await join(name("flows"));
      await watcher.transport.subscribe(`wills/${who}`);
      const victim = await join(who, { will: true });
      victim.transport.kill();
      await pause(1500);
      expect(watcher.heard).toEqual([]);
      await join(name("leader"), { reaper: true });
      await until(() => texts(watcher).includes(who));
    });

    it("of a half-open connection when its key has expired, and that connection begins anew when it thaws", async () => {
      const who = name("f");
      const relay = await tcpRelay(server.port);
      endings.push(() => relay.close());
      const watcher = await join(name("leader"), { reaper: true });
      await watcher.transport.subscribe(`wills/${who}`);
      const frozen = await join(who, { will: true, url: `redis://127.0.0.1:${relay.port}`, keepAliveS: 1 });
      relay.blackHole();
      await until(() => texts(watcher).includes(who));
      relay.heal();
      await until(() => frozen.links.some(({ up }) => !up) && frozen.up());
      expect(watcher.heard).toEqual([{ topic: `wills/${who}`, text: who, retained: false }]);
    });

    it("of a connection whose client id is taken over, which is told so", async () => {
      const who = name("f");
      const watcher = await join(name("flows"));
      await watcher.transport.subscribe(`wills/${who}`);
      const first = await join(who, { will: true });
      const second = await join(who, { will: true });
      await until(() => !first.up() && texts(watcher).includes(who));
      expect(first.links.at(-1)).toMatchObject({ up: false, code: "BUS_TAKEN_OVER" });
      expect(second.up()).toBe(true);
    });

    it("not for those whom a restart of Redis cut off", async () => {
      const [back, gone] = [name("f"), name("f")];
      const watcher = await join(name("leader"), { reaper: true });
      await watcher.transport.subscribe("wills/+");
      watcher.heard.length = 0;
      const stays = await join(back, { will: true, keepAliveS: 1 });
      const goes = await join(gone, { will: true, keepAliveS: 1 });
      await server.stop("SIGKILL");
      goes.transport.kill();
      await until(() => !stays.up());
      await pause(1600);
      await server.start();
      await until(
        () => stays.up() && watcher.up(),
        () => stays.links,
        10_000,
      );
      await pause(2500);
      expect(watcher.heard.filter(({ retained }) => !retained)).toEqual([]);
    });
  });

  it("gives an absent client the commands that are still worth carrying out, once", async () => {
    const who = name("f");
    const sender = await join(name("leader"));
    const first = await join(who);
    await first.transport.subscribe(`commands/${who}/#`);
    first.transport.kill();
    await sender.transport.publish(`commands/${who}/agent`, bytes("too late"), { kind: "command", expiresInMs: 50 });
    await sender.transport.publish(`commands/${who}/agent`, bytes("in time"), { kind: "command", expiresInMs: 60_000 });
    await sender.transport.publish(`commands/${who}/agent`, bytes("for ever"), { kind: "event" });
    await pause(100);
    const again = await join(who);
    expect(texts(again)).toEqual(["in time", "for ever"]);
    expect(again.links[0]).toEqual({ up: true, resumed: true });
    await again.transport.close();
    expect(texts(await join(who))).toEqual([]);
  });

  it("brings nothing any more after unsubscribing, now or later", async () => {
    const who = name("f");
    const sender = await join(name("leader"));
    const first = await join(who);
    await first.transport.subscribe("a/#");
    await first.transport.subscribe("a/b");
    await first.transport.unsubscribe("a/#");
    for (const topic of ["a/c", "a/b"]) await sender.transport.publish(topic, bytes(topic), { kind: "event" });
    await until(() => first.heard.length > 0);
    first.transport.kill();
    for (const topic of ["a/c", "a/b"])
      await sender.transport.publish(topic, bytes(`${topic} later`), { kind: "event" });
    const again = await join(who);
    expect([texts(first), texts(again).filter((text) => text.endsWith("later"))]).toEqual([["a/b"], ["a/b later"]]);
  });

  it("brings nothing any more of what was unsubscribed while there was no link", async () => {
    const who = name("f");
    const relay = await tcpRelay(server.port);
    endings.push(() => relay.close());
    const sender = await join(name("leader"));
    const first = await join(who, { url: `redis://127.0.0.1:${relay.port}`, keepAliveS: 1 });
    for (const filter of ["gone/#", "stays/#"]) await first.transport.subscribe(filter);
    relay.halfOpen();
    await until(() => !first.up());
    await first.transport.unsubscribe("gone/#");
    for (const topic of ["gone/x", "stays/x"]) await sender.transport.publish(topic, bytes(topic), { kind: "event" });
    await until(() => first.up() && first.heard.length > 0);
    first.transport.kill();
    for (const topic of ["gone/y", "stays/y"]) await sender.transport.publish(topic, bytes(topic), { kind: "event" });
    const again = await join(who);
    await until(() => again.heard.length > 0);
    expect([...texts(first), ...texts(again)]).toEqual(["stays/x", "stays/y"]);
  });

  it("tells of a filter that the access rules forbid, whenever it was asked for", async () => {
    const admin = new Redis(server.url);
    endings.push(() => admin.disconnect());
    await admin.call(
      "ACL",
      "SETUSER",
      "some",
      "on",
      ">pw",
      "~*",
      "+@all",
      "resetchannels",
      "&skein:here:*",
      "&skein:bus:a",
      "&skein:bus:a/*",
    );
    const address = { username: "some", password: "pw" };
    const some = await join(name("f"), address);
    const both = await Promise.allSettled([some.transport.subscribe("b/#"), some.transport.subscribe("b/#")]);
    const no = { status: "rejected", reason: expect.objectContaining({ code: "BUS_REFUSED" }) as Error };
    expect(both).toEqual([no, no]);
    const { transport, up, refused, heard } = await join(name("f"), { ...address, filters: ["b/#", "a/#"] });
    await until(() => up() && refused.length > 0);
    expect(refused).toEqual(["b/#"]);
    await some.transport.publish("a/x", bytes("heard"), { kind: "event" });
    await until(() => heard.length > 0);
    await transport.close();
  });

  it("still hears what it may when a filter that shares a pattern with it is refused, and calls that no wrong password", async () => {
    const admin = new Redis(server.url);
    endings.push(() => admin.disconnect());
    await admin.call(
      "ACL",
      "SETUSER",
      "deep",
      "on",
      ">pw",
      "~*",
      "+@all",
      "resetchannels",
      "&skein:here:*",
      "&skein:bus:x/*",
    );
    const deep = await join(name("f"), { username: "deep", password: "pw", filters: ["x/+"] });
    await expect(deep.transport.subscribe("x/#")).rejects.toMatchObject({ code: "BUS_REFUSED" });
    await deep.transport.publish("x/2", bytes("heard"), { kind: "event" });
    await until(() => deep.heard.length > 0);
    const late = await join(name("f"), { username: "deep", password: "pw", whileConnecting: "x/#" });
    await until(() => late.refused.length > 0);
    expect([late.refused, late.links]).toEqual([["x/#"], [expect.objectContaining({ up: true })]]);
  });

  it("falls and comes back when Redis is too busy to answer, and loads its scripts again when somebody has flushed them", async () => {
    const busy = await startRedis();
    const admin = new Redis(busy.url);
    endings.push(
      () => busy.close(),
      () => admin.disconnect(),
    );
    const sender = await join(name("f"), { url: busy.url });
    await admin.script("FLUSH");
    await sender.transport.publish("a", bytes("x"), { kind: "event" });
    await admin.config("SET", "lua-time-limit", "20");
    const long = admin.eval(
      "local t = redis.call('TIME') repeat local n = redis.call('TIME') until (n[1] - t[1]) * 1e6 + n[2] - t[2] > 1e6",
      0,
    );
    await pause(200);
    await expect(sender.transport.publish("a", bytes("x"), { kind: "event" })).rejects.toMatchObject({
      code: "BUS_DOWN",
    });
    await until(() => !sender.up());
    expect(sender.links.at(-1)).toMatchObject({
      code: "BUS_UNREACHABLE",
      why: expect.stringContaining("BUSY") as string,
    });
    await long;
    await until(() => sender.up());
    await sender.transport.publish("a", bytes("x"), { kind: "event" });
  });

  it("brings a message once though several filters match it, bytes as they were", async () => {
    const listener = await join(name("f"));
    for (const filter of ["x/#", "x/+", "x/y", "+/y"]) await listener.transport.subscribe(filter);
    const raw = Uint8Array.from({ length: 256 }, (_, n) => n);
    for (const kind of ["event", "state", "telemetry", "media"] as const)
      await listener.transport.publish("x/y", raw, { kind });
    await until(() => listener.heard.length >= 4);
    await pause(50);
    expect(texts(listener)).toEqual(Array(4).fill(Buffer.from(raw).toString()));
  });

  it("says who may not come in, and goes on trying", async () => {
    const locked = await startRedis({ password: "right" });
    endings.push(() => locked.close());
    const wrong = await join(name("f"), { url: locked.url, password: "wrong" });
    const none = await join(name("f"), { url: locked.url });
    expect([wrong.links[0], none.links[0]]).toMatchObject([
      { up: false, code: "BUS_NOT_AUTHORISED" },
      { up: false, code: "BUS_NOT_AUTHORISED" },
    ]);
    const right = await join(name("f"), { url: locked.url, password: "right" });
    expect(right.up()).toBe(true);
  });

  it("tells a sender when Redis takes nothing any more, and does not take that for silence", async () => {
    const full = await startRedis();
    endings.push(() => full.close());
    const sender = await join(name("f"), { url: full.url, keepAliveS: 1 });
    const admin = new Redis(full.url);
    await admin.config("SET", "maxmemory", "1");
    const publish = sender.transport.publish("a", bytes("x"), { kind: "event" });
    await expect(publish).rejects.toMatchObject({
      code: "BUS_REFUSED",
      message: expect.stringContaining("OOM") as string,
    });
    // Four beats: after three that nobody answers the connection would be over.
    await pause(1500);
    expect(sender.links).toEqual([expect.objectContaining({ up: true })]);
    admin.disconnect();
  });

  it("says BUS_DOWN without a link, and BUS_UNREACHABLE why", async () => {
    const lonely = await join(name("f"), { url: `redis://127.0.0.1:${await freePort()}` });
    expect(lonely.links[0]).toEqual({ up: false, code: "BUS_UNREACHABLE", why: "connection refused" });
    await expect(lonely.transport.publish("a", bytes("x"), { kind: "event" })).rejects.toMatchObject({
      code: "BUS_DOWN",
    });
  });

  it("gives up a Redis that takes the connection and then says nothing, and goes on trying", async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => void sockets.push(socket.on("error", () => undefined)));
    const port = await freePort();
    await new Promise<void>((resolve) => mute.listen(port, "127.0.0.1", resolve));
    endings.push(() => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    const clock = new FakeClock();
    const transport = createTransport(
      { url: `redis://127.0.0.1:${port}`, clientId: name("f") },
      { clock, random: systemRandom },
    );
    endings.push(() => transport.kill());
    const links: LinkState[] = [];
    transport.start({
      will: () => undefined,
      onMessage: () => undefined,
      onLink: (state) => void links.push(state),
    });
    await clock.advance(0);
    await until(() => sockets.length === 2);
    await clock.advance(10_000);
    expect(links).toEqual([{ up: false, code: "BUS_UNREACHABLE", why: "timed out" }]);
    await clock.advance(1000);
    await until(() => sockets.length === 4);
  });

  it("speaks TLS with a CA of one's own, and not with a stranger", async () => {
    const dir = tempDir();
    endings.push(() => dir.remove());
    const { ca, certFile, keyFile } = makeCertificates(dir.path);
    const port = await freePort();
    const secure = await startRedis({
      config: [`tls-port ${port}`, `tls-cert-file ${certFile}`, `tls-key-file ${keyFile}`, "tls-auth-clients no"],
    });
    endings.push(() => secure.close());
    const trusted = await join(name("f"), { url: `rediss://localhost:${port}`, tls: { ca } });
    expect(trusted.up()).toBe(true);
    const stranger = await join(name("f"), { url: `rediss://localhost:${port}` });
    expect(stranger.links[0]).toMatchObject({ up: false, code: "BUS_UNREACHABLE" });
  });
});

describe("A topic filter in Redis", () => {
  it.each([
    ["a/+/c", ["skein:bus:a/*/c"]],
    ["a/#", ["skein:bus:a", "skein:bus:a/*"]],
    ["#", ["skein:bus:*"]],
    ["a*[b]?/\\", ["skein:bus:a\\*\\[b\\]\\?/\\\\"]],
  ])("%s is %s", (filter, patterns) => expect(patternsOf(filter)).toEqual(patterns));

  it.each([
    ["2-0", "1-9", true],
    ["10-0", "9-0", true],
    ["1-10", "1-9", true],
    ["1-9", "1-9", false],
    ["1-0", "2-0", false],
  ])("%s is later than %s: %s", (id, than, later) => expect(isLater(id, than)).toBe(later));
});
