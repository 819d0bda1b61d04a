/** The node in a Node-RED without a leader, against emulated devices on real sockets. */
import helper from "node-red-node-test-helper";
import { createLan, OWNER, type Lan } from "../../../packages/kasa/src/testing/lan";
import type { DeviceEmulator } from "../../../packages/kasa/src/emulator";
import { eventually, until } from "../../../test/support/eventually";
import type { Offers } from "./config";
import registerDirect = require("./direct");
import registerLight = require("./kasa-light");

helper.init(require.resolve("node-red"));

interface Told {
  topic: string;
  payload: { on: boolean; before?: object };
  error?: { code: string };
}

const at = { z: "tab", x: 1, y: 1 };

describe("a direct connection", () => {
  let lan: Lan;
  let lamp: DeviceEmulator;
  let newer: DeviceEmulator;

  const load = async (targets: string[]) => {
    helper.settings({});
    const flow = [
      { id: "tab", type: "tab" },
      { id: "direct", type: "skein-kasa-direct" },
      { id: "n", type: "skein-kasa-light", direct: "direct", targets, wires: [["confirmed"], ["elsewhere"]], ...at },
      { id: "confirmed", type: "helper", ...at },
      { id: "elsewhere", type: "helper", ...at },
      { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]], ...at },
      { id: "caught", type: "helper", ...at },
    ];
    const addresses = lan
      .askAt()
      .map(({ host }) => host)
      .join(", ");
    const credentials = { direct: { ...OWNER, addresses } };
    await helper.load([registerDirect, registerLight] as never, flow as never, credentials as never);
  };
  const collect = (id: string): Told[] => {
    const heard: Told[] = [];
    helper.getNode(id).on("input", (message) => void heard.push(message as never));
    return heard;
  };
  const send = (payload: unknown) => helper.getNode("n").receive({ payload } as never);
  const status = () =>
    (helper.getNode("n") as unknown as { status: { lastCall: { args: unknown[] } | null } }).status.lastCall?.args[0];

  beforeAll(() => new Promise<void>((resolve) => helper.startServer(resolve as never)));
  afterAll(() => new Promise<void>((resolve) => helper.stopServer(resolve)));
  beforeEach(async () => {
    lan = createLan();
    lamp = await lan.device({ alias: "Lamp" });
    newer = await lan.device({ alias: "Newer", protocol: "klap-v2" });
  });
  afterEach(async () => {
    await helper.unload();
    await lan.close();
  });

  it("finds the lights, sets them at once, keeps scenes, and tells of a hand on the wall switch", async () => {
    await load([]);
    const [confirmed, elsewhere, caught] = [collect("confirmed"), collect("elsewhere"), collect("caught")];
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
    await eventually(async () => {
      const { body } = (await helper.request().get("/skein/kasa-light/offers?direct=direct")) as { body: Offers };
      expect(body.devices.map(({ name }) => name).toSorted()).toEqual(["Lamp", "Newer"]);
    });

    const before = lamp.requests.length;
    send({ on: true, brightness: 30 });
    await until(() => confirmed.length === 1);
    expect(confirmed[0]).toMatchObject({
      topic: "devices",
      payload: { on: true, devices: { [lamp.id]: { on: true, brightness: 30 } } },
    });
    expect([lamp, newer].map((each) => each.look()[0]?.state)).toMatchObject([{ brightness: 30 }, { brightness: 30 }]);
    const isChange = ({ request }: { request: object }) => JSON.stringify(request).includes("transition_light_state");
    expect(lamp.requests.slice(before).filter(isChange)).toHaveLength(1);

    send({ saveScene: "Movie" });
    send("off");
    await until(() => confirmed.length === 3);
    expect(lamp.look()[0]?.state.on).toBe(false);
    send({ scene: "movie" });
    await until(() => confirmed.length === 4);
    expect([lamp, newer].map((each) => each.look()[0]?.state)).toMatchObject([
      { on: true, brightness: 30 },
      { on: true, brightness: 30 },
    ]);
    send({ scene: "Gone" });
    await eventually(() => expect(caught).toMatchObject([{ error: { code: "SCENE_UNKNOWN" } }]));

    expect(elsewhere).toEqual([]);
    // A hand right after an order would be taken for what the order led to.
    const looks = () => lamp.requests.filter(({ request }) => "system" in request).length;
    const looked = looks();
    await until(() => looks() > looked);
    lamp.wallSwitch();
    await until(() => elsewhere.length > 0);
    expect(elsewhere).toMatchObject([
      { topic: `devices/${lamp.id}`, payload: { on: false, name: "Lamp", before: { on: true } } },
    ]);
  });

  it("says which light is not reached, and has the others follow", async () => {
    await load([lamp.id, newer.id]);
    const [confirmed, caught] = [collect("confirmed"), collect("caught")];
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }));
    await newer.powerCut();
    send("on");
    await until(() => caught.length === 1);
    expect(caught[0]?.error?.code).toBe("DEVICE_UNREACHABLE");
    expect(confirmed).toMatchObject([{ payload: { devices: { [lamp.id]: { on: true } } } }]);
    await eventually(() => expect(status()).toMatchObject({ fill: "yellow", shape: "ring" }));
    await newer.powerUp();
    await eventually(() => expect(status()).toMatchObject({ fill: "green", shape: "dot" }), 30_000);
  });
});
