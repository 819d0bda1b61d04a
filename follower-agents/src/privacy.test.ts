/** The privacy switch as an agent obeys it: real agents on a memory bus, with a camera of the test's own. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createBus, createTransport, type Bus } from "@skein/bus";
import { birth, heartbeat, privacyState, type DataOf } from "@skein/contracts";
import { createIds, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { z } from "zod";
import { always, eventually } from "../../test/support/eventually";
import { tempDir, type TempDir } from "../../test/support/temp-dir";
import { startAgent, type Agent } from "./agent";
import { capabilities } from "./capabilities";
import { defineCapability, type Capability } from "./capabilities/capability";
import { agentSettings, virtualHostSettings } from "./config";
import { virtualHost } from "./host/virtual-host";
import { openPrivacyGuard, SENSES_ALLOWED_FILE } from "./privacy-guard";

const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
const BOOT_ID = "0190a5a4-4f6b-7c3e-8b7e-0123456789ab";
let hubs = 0;

let dir: TempDir;
let hub: string;
let leader: Bus;
let agent: Agent | undefined;
let beats: DataOf<typeof heartbeat>[];
let births: DataOf<typeof birth>[];
/** What the camera of this test does. */
let camera: { seeing: boolean; starts: number; jammed: boolean };

const busOf = (id: string, as: "follower" | "none"): Bus =>
  createBus({
    id,
    transport: createTransport({ url: `memory:${hub}`, clientId: `skein-${id}` }, parts),
    ...parts,
    ids: createIds(systemClock, systemRandom),
    presence: { as },
  });
const testCamera = (): Capability =>
  defineCapability({
    name: "made-up-camera",
    sense: "camera",
    optional: true,
    settings: z.strictObject({ label: z.string().default("") }),
    start() {
      camera.seeing = true;
      camera.starts++;
      return {
        condition: () => "ok",
        apply: () => {},
        stop() {
          if (camera.jammed) throw new Error("the shutter is jammed");
          camera.seeing = false;
        },
      };
    },
  });

async function start(wanted: object = { "made-up-camera": {} }): Promise<void> {
  beats.length = 0;
  const settings = agentSettings.parse({
    id: "hall",
    bus: { url: `memory:${hub}` },
    stateDir: dir.path,
    // Only what is told at once counts here: the next beat of the grid is far away.
    capabilities: { health: { heartbeatMs: 60_000 }, ...wanted },
    host: { virtual: { bootId: BOOT_ID } },
  });
  agent = await startAgent({
    ...parts,
    settings,
    version: "1",
    host: virtualHost(virtualHostSettings.parse({ bootId: BOOT_ID }), systemClock),
    bus: busOf("hall", "follower"),
    capabilities: [capabilities[0] as Capability, testCamera()],
    runTimeSettings: { changed: {}, keep: () => {} },
    privacy: openPrivacyGuard(dir.path, silentLogger),
    setLogLevel: () => {},
    onRestart: () => {},
  });
}
const restart = async () => {
  await agent?.stop();
  camera.seeing = false;
  await start();
};
const say = (on: boolean) => leader.publish(privacyState, {}, { on, since: 1, by: "owner" });
const said = () => beats.at(-1)?.capabilities["made-up-camera"];

beforeEach(async () => {
  dir = tempDir("skein-privacy-");
  hub = `privacy-${process.pid}-${++hubs}`;
  camera = { seeing: false, starts: 0, jammed: false };
  beats = [];
  births = [];
  leader = busOf("leader", "none");
  await leader.subscribe(heartbeat, {}, ({ data }) => void beats.push(data));
  await leader.subscribe(birth, {}, ({ data }) => void births.push(data));
});
afterEach(async () => {
  camera.jammed = false;
  await agent?.stop();
  await leader.close(100);
  dir.remove();
});

it("keeps the camera of a follower off that never heard the leader, and says which capability senses", async () => {
  await start();
  await eventually(() => expect(said()).toBe("off"));
  await always(() => expect(camera.starts).toBe(0), 50);
  expect(births.at(-1)?.capabilities).toMatchObject([{ name: "health" }, { name: "made-up-camera", sense: "camera" }]);
});

it("switches on and off at the leader's word, and tells so at once", async () => {
  await start();
  await say(false);
  await eventually(() => expect(said()).toBe("ok"));
  expect(camera.seeing).toBe(true);
  await say(true);
  await eventually(() => expect(said()).toBe("off"));
  expect(camera.seeing).toBe(false);
  // To and fro in one breath: the last word counts.
  await Promise.all([say(false), say(true), say(false)]);
  await eventually(() => expect(said()).toBe("ok"));
  expect(camera.seeing).toBe(true);
});

it("stays off over a restart while privacy is on, with the leader there and without", async () => {
  await start();
  await say(false);
  await eventually(() => expect(camera.seeing).toBe(true));
  await say(true);
  await eventually(() => expect(said()).toBe("off"));
  const before = camera.starts;
  await restart();
  await eventually(() => expect(said()).toBe("off"));
  // The broker has lost everything, and the leader is away.
  await leader.publishRaw(privacyState.topic({}), new Uint8Array(), "state");
  await restart();
  await eventually(() => expect(said()).toBe("off"));
  expect(camera.starts).toBe(before);
});

it("goes on seeing after a restart without a leader when the last word allowed it", async () => {
  await start();
  await say(false);
  await eventually(() => expect(existsSync(dir.join(SENSES_ALLOWED_FILE))).toBe(true));
  await leader.publishRaw(privacyState.topic({}), new Uint8Array(), "state");
  await restart();
  await eventually(() => expect(said()).toBe("ok"));
  expect(camera.seeing).toBe(true);
});

it("does not call off what does not stop", async () => {
  await start();
  await say(false);
  await eventually(() => expect(said()).toBe("ok"));
  camera.jammed = true;
  await say(true);
  await eventually(() => expect(said()).toBe("failed"));
});

it("obeys although its folder is gone", async () => {
  await start();
  rmSync(dir.path, { recursive: true });
  writeFileSync(dir.path, "a file where the folder was");
  await say(false);
  await eventually(() => expect(said()).toBe("ok"));
  await say(true);
  await eventually(() => expect(said()).toBe("off"));
});

it("has no camera where follower.yaml names none, and takes a made-up one on made-up hosts only", async () => {
  await start({});
  await eventually(() => expect(births.at(-1)?.capabilities.map(({ name }) => name)).toEqual(["health"]));
  const real = { id: "hall", bus: { url: "mqtt://x" }, stateDir: "/tmp" };
  expect(agentSettings.safeParse(real).success).toBe(true);
  const result = agentSettings.safeParse({ ...real, capabilities: { "made-up-camera": {} } });
  expect(result.error?.issues).toMatchObject([{ path: ["capabilities", "made-up-camera"] }]);
});
