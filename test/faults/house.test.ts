import { AgentProcess } from "../support/agent";
import { eventually } from "../support/eventually";
import { startLeader, type Leader } from "../support/leader";
import { startMosquitto, type Mosquitto } from "../support/mosquitto";
import { tempDir } from "../support/temp-dir";
import { VerdictLog } from "../support/verdict-log";
import { BEAT_MS, fleetSettings, PATIENCE_MS, scaled, steadied } from "./intervals";

/** What happens to the house itself: nobody may be called dead for what the broker or the leader suffers. */
const FOLLOWERS = ["north", "south", "west"];
const dir = tempDir("skein-faults-");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let mosquitto: Mosquitto;
let leader: Leader;
let agents: AgentProcess[];
let log: VerdictLog;

/** Everything said of the followers since a moment, as words. */
const said = (since: number) => FOLLOWERS.map((id) => log.words(id, since));

async function allAlive(since: number): Promise<void> {
  for (const id of FOLLOWERS) await log.wait(id, "alive", { since, withinMs: PATIENCE_MS });
}

/** The last word on them is that they live. */
const inTheEndAlive = (ids: readonly string[]) =>
  eventually(() => {
    for (const id of ids) expect([id, log.words(id).at(-1)]).toEqual([id, expect.stringMatching(/^alive/)]);
  });

beforeAll(async () => {
  mosquitto = await startMosquitto();
  leader = await startLeader({ settings: { bus: { kind: "mqtt", url: mosquitto.url }, fleet: fleetSettings } });
  log = await VerdictLog.start({ url: mosquitto.url });
  agents = FOLLOWERS.map(
    (id) => new AgentProcess({ id, folder: dir.path, busUrl: mosquitto.url, heartbeatMs: BEAT_MS }),
  );
  for (const agent of agents) agent.start();
  await allAlive(0);
  await pause(4 * BEAT_MS);
}, 2 * PATIENCE_MS);

afterAll(async () => {
  await Promise.all((agents ?? []).map((agent) => agent.end("SIGKILL")));
  await log?.close();
  await leader?.stop();
  await mosquitto?.close();
  dir.remove();
}, PATIENCE_MS);

describe("nobody is called dead when", () => {
  const within = 6 * PATIENCE_MS;

  // Once for longer than a silence may last; else just so, since agents that try in vain take longer to come back.
  it.each([
    ["SIGTERM", 4 * BEAT_MS, "all that it knew"],
    ["SIGKILL", BEAT_MS, "what it had saved"],
    ["SIGKILL", BEAT_MS, "no sessions and nothing kept"],
  ] as const)(
    "the broker goes by %s, for %i ms, and comes back with %s: the bus was down, and that is all",
    async (signal, downMs, left) => {
      const at = performance.now();
      await mosquitto.stop(signal);
      if (left === "no sessions and nothing kept") mosquitto.forget();
      await pause(downMs);
      // Nobody beats before the log listens again: an `unknown` that is over is kept nowhere.
      for (const agent of agents) agent.signal("SIGSTOP");
      await mosquitto.start();
      await log.listens();
      for (const agent of agents) agent.signal("SIGCONT");
      await allAlive(at);
      // Long enough for a false death by silence or by a will from before.
      await pause(Math.max(4_000, 4 * BEAT_MS));
      await inTheEndAlive(FOLLOWERS);
      for (const words of said(at)) {
        expect(words).toContain("unknown bus-down");
        expect(words.join()).not.toMatch(/dead|left/);
      }
    },
    within,
  );

  it(
    "the leader's core is paused for 20 s: it doubts itself before it doubts followers",
    async () => {
      const at = performance.now();
      const core = leader.pid("core");
      process.kill(core, "SIGSTOP");
      await pause(scaled(20_000));
      process.kill(core, "SIGCONT");
      expect(leader.pid("core")).toBe(core);
      await pause(Math.max(5_000, 4 * BEAT_MS));
      for (const words of said(at)) expect(steadied(words).join()).not.toMatch(/dead|suspect/);
      expect(said(at).flat()).toContain("unknown observer-late");
      await inTheEndAlive(FOLLOWERS);
    },
    within,
  );

  it(
    "the leader's core is killed and started again; whoever died meanwhile is found afterwards, and nobody else",
    async () => {
      const at = performance.now();
      process.kill(leader.pid("core"), "SIGKILL");
      await agents[0]!.end("SIGKILL");
      await log.wait(FOLLOWERS[0]!, "dead", { since: at, withinMs: PATIENCE_MS });
      await leader.ready();
      await pause(2 * BEAT_MS);
      const others = FOLLOWERS.slice(1);
      for (const id of others)
        expect(steadied(log.words(id, at)).join()).not.toMatch(/dead|suspect|left|reboot|restart/);
      await inTheEndAlive(others);
    },
    within,
  );
});
