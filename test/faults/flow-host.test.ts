import { connectAsync } from "mqtt";
import { heartbeat } from "@skein/contracts";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";

/** A flow that never returns: it may stall the flow host and nothing else. */
const ENDLESS = [
  { id: "tab", type: "tab", label: "Endless" },
  {
    id: "start",
    type: "inject",
    z: "tab",
    once: true,
    onceDelay: "0.1",
    repeat: "",
    topic: "",
    payload: "",
    payloadType: "date",
    props: [{ p: "payload" }],
    wires: [["loop"]],
  },
  { id: "loop", type: "function", z: "tab", name: "while (true)", func: "while (true);", outputs: 1, wires: [[]] },
];
let leader: Leader;

const deploy = (flows: object[]) =>
  leader.fetch("/editor/flows", {
    method: "POST",
    headers: { "content-type": "application/json", "Node-RED-Deployment-Type": "full" },
    body: JSON.stringify(flows),
  });

beforeAll(async () => {
  leader = await startLeader({
    follower: true,
    settings: {
      follower: { id: "here", heartbeatMs: 1_000 },
      // Long enough for a healthy flow host on a busy machine to say that it is alive, and fewer deaths for that.
      launcher: { stallMs: 5_000, crashLoopDeaths: 2, restartMs: 100, restartMaxMs: 200 },
    },
  });
  await eventually(async () => expect((await leader.follower("here")).verdict.state).toBe("alive"));
}, 120_000);

afterAll(async () => {
  await leader?.stop();
});

describe("an endless loop in a function node", () => {
  it("stalls the flow host alone, which is restarted, and started with its flows stopped when it loops again and again", async () => {
    const first = leader.pid("flowHost");
    const core = leader.pid("core");
    const user = leader.busUser("listener", "flows");
    const bus = await connectAsync(user.url, {
      username: user.username,
      password: user.password,
      clientId: "skein-listener",
    });
    const beats: number[] = [];
    await bus.subscribeAsync(heartbeat.topic({ id: "here" }));
    bus.on("message", () => beats.push(performance.now()));
    expect((await deploy(ENDLESS)).status).toBeLessThan(300);

    // While it is stalled everything else answers, and the house says what is wrong with it.
    await eventually(async () => {
      const response = await leader.fetch("/healthz");
      expect(response.status).toBe(503);
      expect(((await response.json()) as { core: string }).core).toBe("up");
    });
    expect((await leader.fetch("/api/v1/followers")).status).toBe(200);
    await eventually(() => expect(leader.pid("flowHost")).not.toBe(first), 30_000);

    await eventually(
      async () => expect(await leader.health()).toMatchObject({ ok: true, flowHost: "up", safeMode: true }),
      60_000,
    );
    const kept = (await (await leader.fetch("/editor/flows")).json()) as { id: string }[];
    expect(kept.map(({ id }) => id)).toEqual(expect.arrayContaining(["start", "loop"]));
    expect(leader.pid("core")).toBe(core);
    await eventually(async () => expect((await leader.follower("here")).verdict.state).toBe("alive"));
    expect(beats.length).toBeGreaterThan(5);
    await bus.endAsync();
  }, 120_000);

  it("is over when the owner deploys a flow that is mended", async () => {
    const mended = ENDLESS.map((node) => (node.id === "loop" ? { ...node, func: "return msg;" } : node));
    expect((await deploy(mended)).status).toBeLessThan(300);
    await eventually(async () => expect(await leader.health()).toMatchObject({ ok: true, safeMode: false }), 30_000);
  }, 60_000);
});
