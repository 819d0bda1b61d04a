import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { startMosquitto } from "../../../test/support/mosquitto";
import { tempDir } from "../../../test/support/temp-dir";
import type { Refusal } from "./index";
import { aedes } from "./testing/rows";
import { bytes, linked, listeningLogger, Stage, type Row, type TestBroker, until } from "./testing/stage";

/** What a broker's access rules forbid must be said, whenever it was asked for. */

/** A Mosquitto that refuses SUBSCRIBE: an acl_file only filters what is delivered, its plugin answers. */
const dynamicSecurity: Row = {
  name: "Mosquitto with dynamic security",
  willMs: 3000,
  async start() {
    const dir = tempDir();
    const allow = (acltype: string, topic: string, allow = true) => ({
      acltype,
      topic,
      allow,
      priority: allow ? 0 : 1,
    });
    writeFileSync(
      dir.join("security.json"),
      JSON.stringify({
        roles: [{ rolename: "house", acls: [allow("subscribePattern", "skein/v1/followers/other/#", false)] }],
        groups: [{ groupname: "anybody", roles: [{ rolename: "house" }] }],
        anonymousGroup: "anybody",
        defaultACLAccess: { publishClientSend: true, publishClientReceive: true, subscribe: true, unsubscribe: true },
      }),
      { mode: 0o600 },
    );
    const plugin = readdirSync("/usr/lib")
      .map((folder) => `/usr/lib/${folder}/mosquitto_dynamic_security.so`)
      .find((file) => existsSync(file));
    const server = await startMosquitto({
      config: [`plugin ${plugin ?? "is not installed"}`, `plugin_opt_config_file ${dir.join("security.json")}`],
    });
    return {
      port: server.port,
      address: ({ clientId }) => ({ url: server.url, clientId }),
      stop: (signal) => server.stop(signal),
      start: () => server.start(),
      async close() {
        await server.close();
        dir.remove();
      },
    };
  },
};

describe("what the embedded broker forbids to write", () => {
  let broker: TestBroker;
  let stage: Stage;
  beforeAll(async () => {
    broker = await aedes.start();
    stage = new Stage(broker);
  });
  afterAll(async () => {
    await stage.end();
    await broker.close();
  });

  test("is told to its sender, who speaks a version without reason codes, and nothing else is", async () => {
    const flow = await stage.join(stage.id("flow"));
    expect(flow.features).toMatchObject({ messageExpiry: false, reasonCodes: true });
    const write = (topic: string) => flow.publishRaw(topic, bytes("1"), "event");
    const answers = await Promise.allSettled([
      write("a/b"),
      write("skein/v1/leader/verdicts/attic"),
      write("a/c"),
      write("$SYS/x"),
    ]);
    const no = { status: "rejected", reason: expect.objectContaining({ code: "BUS_REFUSED" }) as Error };
    const yes = { status: "fulfilled", value: undefined };
    expect(answers).toEqual([yes, no, yes, no]);
    expect(flow.stats).toMatchObject({ connections: 1, dropped: { event: 2 } });
  });
});

describe.each([aedes, dynamicSecurity])("a subscription that $name forbids", (row) => {
  let broker: TestBroker;
  let stage: Stage;
  beforeAll(async () => {
    broker = await row.start();
  });
  afterAll(() => broker.close());
  beforeEach(() => void (stage = new Stage(broker)));
  afterEach(() => stage.end());
  const forbidden = "skein/v1/followers/other/#";
  const ignore = () => undefined;

  test("is refused to whoever asks for it", async () => {
    const follower = await stage.join(stage.id("f"));
    await expect(follower.subscribeRaw(forbidden, ignore)).rejects.toMatchObject({ code: "BUS_REFUSED" });
    // And to the next one, and what is allowed goes on.
    await expect(follower.subscribeRaw(forbidden, ignore)).rejects.toMatchObject({ code: "BUS_REFUSED" });
    await expect(follower.subscribeRaw("skein/v1/leader/#", ignore)).resolves.toBeInstanceOf(Function);
    expect(follower.stats.connections).toBe(1);
  });

  test("is told of after the connection when it was asked for before, and the others stand", async () => {
    const { logger, warnings } = listeningLogger();
    const leader = await stage.join("leader");
    const follower = await stage.join(stage.id("f"), { early: true, logger });
    const told: Refusal[] = [];
    const heard: string[] = [];
    follower.onRefused((refusal) => told.push(refusal));
    await follower.subscribeRaw("skein/v1/leader/notice", ({ topic }) => heard.push(topic));
    await follower.subscribeRaw(forbidden, ignore);
    await linked(follower);
    await until(() => told.length > 0);
    expect(told).toEqual([
      { action: "read", topic: forbidden, error: expect.objectContaining({ code: "BUS_REFUSED" }) as Error },
    ]);
    expect(warnings).toEqual([{ code: "BUS_REFUSED", topic: forbidden }]);
    await leader.publishRaw("skein/v1/leader/notice", bytes("news"), "event");
    await until(() => heard.length > 0);
  });
});
