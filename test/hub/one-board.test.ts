/**
 * The hub's own firmware, as a Linux program, at the end of a line: it keeps to the link; and behind a real agent, broker and leader it is a
 * follower of its own, which is driven over the bus and whose verdict tells a lost cable from a lost bridge.
 */
import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import {
  hubChannelState,
  hubCommand,
  hubDescription,
  hubEvent,
  type HubCommand,
  type HubDescription,
} from "@skein/contracts";
import { createBus, createTransport, type Bus } from "@skein/bus";
import { createIds, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { serialWire, tryBoard, type Result } from "@skein/stm32-link";
import { AgentProcess } from "../support/agent";
import { eventually } from "../support/eventually";
import { buildHubBoard, HubBoard } from "../support/hub-board";
import { startLeader, type Leader } from "../support/leader";
import { freePort } from "../support/ports";
import { VerdictLog } from "../support/verdict-log";

beforeAll(buildHubBoard, 180_000);

it("keeps to the link, over a serial line", async () => {
  const board = new HubBoard();
  await board.start();
  try {
    const results: Result[] = [];
    await tryBoard(serialWire(board.pty), systemClock, (result) => results.push(result));
    expect(results.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
    expect(results.length).toBeGreaterThan(10);
  } finally {
    await board.stop();
  }
});

describe("A board in the house", () => {
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  let leader: Leader;
  let board: HubBoard;
  let bridge: AgentProcess;
  let bus: Bus;
  let verdicts: VerdictLog;
  let description: HubDescription | undefined;
  const states = new Map<number, number | undefined>();
  const events: string[] = [];

  const channel = (name: string) => {
    const found = description?.channels.find((each) => each.name === name);
    if (!found)
      throw new Error(`no channel "${name}" among ${description?.channels.map((each) => each.name).join(", ")}`);
    return found.id;
  };
  const order = (data: HubCommand) => bus.request(hubCommand, { target: "door-robot" }, data, { timeoutMs: 10_000 });
  const drive = (name: string, value: number) => order({ action: "set", changes: [{ channel: channel(name), value }] });

  beforeAll(async () => {
    leader = await startLeader();
    board = new HubBoard(await freePort());
    await board.start();
    const hub = leader.busUser("door-robot", "follower");
    const config = `${leader.dataDir}/door-robot.yaml`;
    const { url, username, password } = hub;
    writeFileSync(
      config,
      stringify({ id: "door-robot", bus: { url, username, password }, stateDir: `${leader.dataDir}/door-robot` }),
    );
    const garage = leader.busUser("garage", "follower");
    bridge = new AgentProcess({
      id: "garage",
      folder: leader.dataDir,
      busUrl: garage.url,
      username: garage.username,
      password: garage.password,
      capabilities: { "serial-bridge": { boards: [{ config, tcp: board.tcp }] } },
    });
    const witness = leader.busUser("witness", "flows");
    verdicts = await VerdictLog.start(witness);
    const flows = leader.busUser("trial", "flows");
    const transport = createTransport({ ...flows, clientId: "skein-trial" }, parts);
    bus = createBus({
      id: "trial",
      transport,
      ...parts,
      ids: createIds(systemClock, systemRandom),
      presence: { as: "none" },
    });
    await bus.subscribe(hubDescription, {}, ({ data }) => (description = data));
    await bus.subscribe(hubChannelState, {}, ({ ids, data }) => states.set(Number(ids.channel), data.value));
    await bus.subscribe(hubEvent, {}, ({ data }) => events.push(data.event));
    bridge.start();
    await eventually(() => expect(description).toBeDefined(), 30_000);
  }, 120_000);
  afterAll(async () => {
    await bus?.close();
    await verdicts?.bus.close();
    await bridge?.end("SIGTERM");
    await board?.stop();
    await leader?.stop();
  });

  it("is a follower of its own, via its bridge", async () => {
    await verdicts.wait("door-robot", "alive", { withinMs: 30_000 });
    await eventually(async () => expect(await leader.follower("door-robot")).toMatchObject({ via: "garage" }));
  });

  it("measures the room, and drives a fan that moves in its world", async () => {
    await eventually(() => expect(states.get(channel("temperature"))).toBeGreaterThan(-40));
    expect(await drive("fan", 60)).toMatchObject({ ok: true, result: { channels: [{ value: 60 }] } });
    await eventually(() => expect(board.plant["fanPercent"]).toBeCloseTo(60, 0));
  });

  it("closes the door only when armed, and stops at a foot", async () => {
    expect(await drive("door", -50)).toMatchObject({ ok: false, code: "HUB_REFUSED" });
    expect(await order({ action: "arm", armed: true })).toMatchObject({ ok: true });
    expect(await drive("door", 60)).toMatchObject({ ok: true });
    await eventually(() => expect(board.plant["doorOpen"]).toBe(true), 30_000);
    events.length = 0;
    board.do({ foot: true, footMm: 200 });
    expect(await drive("door", -60)).toMatchObject({ ok: true });
    await eventually(() => expect(events).toContain("obstacle"), 20_000);
    expect(board.plant["doorMm"]).toBeGreaterThan(100);
    board.do({ foot: false });
  });

  it("that is unplugged has a lost cable, and is itself again when it is back", async () => {
    const pulled = performance.now();
    await board.stop();
    await verdicts.wait("door-robot", "dead", { cause: "link-lost", since: pulled, withinMs: 40_000 });
    const plugged = performance.now();
    await board.start();
    await verdicts.wait("door-robot", "alive", { since: plugged, withinMs: 40_000 });
  });

  it("whose bridge is killed is behind a lost gateway", async () => {
    const killed = performance.now();
    await bridge.end("SIGKILL");
    await verdicts.wait("garage", "dead", { since: killed, withinMs: 40_000 });
    await verdicts.wait("door-robot", "unknown", { cause: "gateway-lost", since: killed, withinMs: 40_000 });
  });
});
