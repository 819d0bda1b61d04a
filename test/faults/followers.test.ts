import type { VerdictState } from "@skein/contracts";
import { AgentProcess, type AgentOptions } from "../support/agent";
import { startLeader, type Leader } from "../support/leader";
import { startMosquitto, type Mosquitto } from "../support/mosquitto";
import { tcpRelay, type TcpRelay } from "../support/tcp-relay";
import { tempDir } from "../support/temp-dir";
import { VerdictLog } from "../support/verdict-log";
import { BEAT_MS, fleetSettings, PATIENCE_MS, realTime, scaled, steadied, WILL_GRACE_MS } from "./intervals";
import { staleWill } from "./stale-will";

/**
 * What happens to one follower: a real agent each, one real Mosquitto, one real leader. The misfortunes run side by side,
 * since each is its follower's own; every test then reads the whole of what the leader said of that follower.
 */
const dir = tempDir("skein-faults-");
/** Longer than the others' when scaled: what a stall of 8 s leaves until death is little, and the machine's hiccups do not scale. */
const STALLED_BEAT_MS = realTime ? BEAT_MS : 2_500;
const STALLS = realTime ? 5 : 3;
/** What the machine may add to a limit. It does not scale. */
const MACHINE_MS = realTime ? 500 : 5_000;
/** Scaled down, what is left until death is less than a busy machine may take, but not each time. */
const TRIES = realTime ? 1 : 3;
/** Between the starts of two misfortunes: a dozen agents that start at once are slow to start. */
const STAGGER_MS = 300;
const agents: AgentProcess[] = [];
const relays: TcpRelay[] = [];
let mosquitto: Mosquitto;
let leader: Leader;
let log: VerdictLog;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts an agent and waits until the leader has heard a few of its beats. */
async function alive(id: string, options: Partial<AgentOptions> = {}): Promise<AgentProcess> {
  const { heartbeatMs = BEAT_MS } = options;
  const agent = new AgentProcess({ id, folder: dir.path, busUrl: mosquitto.url, heartbeatMs, ...options });
  agents.push(agent);
  agent.start();
  await log.wait(id, "alive", { withinMs: PATIENCE_MS });
  await pause(4 * heartbeatMs);
  return agent;
}

async function relayed(): Promise<TcpRelay> {
  const relay = await tcpRelay(mosquitto.port);
  relays.push(relay);
  return relay;
}

const misfortunes = {
  // The longest first.
  async stalled3(id: string) {
    return stalled(id, 3_000);
  },
  async stalled8(id: string) {
    return stalled(id, 8_000);
  },
  async killed(id: string) {
    const agent = await alive(id);
    const at = performance.now();
    await agent.end("SIGKILL");
    await log.wait(id, "dead", { since: at, withinMs: PATIENCE_MS });
    return at;
  },
  /** Its connection breaks while it cannot answer, and it is back before the grace is over. */
  async briefly(id: string) {
    const relay = await relayed();
    const agent = await alive(id, { busUrl: `mqtt://127.0.0.1:${relay.port}` });
    for (let tries = TRIES; ; tries--) {
      const at = performance.now();
      agent.signal("SIGSTOP");
      relay.halfOpen();
      relay.dropServerSide();
      await log.wait(id, "suspect", { since: at, cause: "will", withinMs: PATIENCE_MS });
      agent.signal("SIGCONT");
      await log.wait(id, "alive", { since: at, cause: "reconnect", withinMs: PATIENCE_MS });
      await pause(5_000);
      if (tries === 1 || !log.words(id, at).includes("dead will")) return at;
    }
  },
  async frozen(id: string) {
    const agent = await alive(id);
    const at = performance.now();
    agent.signal("SIGSTOP");
    await log.wait(id, "dead", { since: at, withinMs: PATIENCE_MS });
    return at;
  },
  async unplugged(id: string) {
    const relay = await relayed();
    const agent = await alive(id, { busUrl: `mqtt://127.0.0.1:${relay.port}` });
    const at = performance.now();
    relay.blackHole();
    await agent.end("SIGKILL");
    await log.wait(id, "dead", { since: at, withinMs: PATIENCE_MS });
    return at;
  },
  async rebooted(id: string) {
    const agent = await alive(id);
    const at = performance.now();
    await agent.end("SIGKILL");
    await log.wait(id, "dead", { since: at, withinMs: PATIENCE_MS });
    agent.newBoot();
    agent.start();
    await log.wait(id, "alive", { since: at, withinMs: PATIENCE_MS });
    await pause(2 * BEAT_MS);
    return at;
  },
  async restarted(id: string) {
    const agent = await alive(id);
    const at = performance.now();
    await agent.end("SIGKILL");
    agent.start();
    await log.wait(id, "alive", { since: at, cause: "agent-restart", withinMs: PATIENCE_MS });
    await pause(2 * BEAT_MS);
    return at;
  },
  async stopped(id: string) {
    const agent = await alive(id);
    const at = performance.now();
    await agent.end("SIGTERM");
    await log.wait(id, "left", { since: at, withinMs: PATIENCE_MS });
    await pause(4 * BEAT_MS);
    return at;
  },
  async clockstep(id: string) {
    const agent = await alive(id, { ownClock: true });
    const at = performance.now();
    agent.stepClock(3_600);
    await log.wait(id, "alive", { since: at, cause: "clock-skew", withinMs: PATIENCE_MS });
    await pause(4 * BEAT_MS);
    agent.stepClock(-3_600);
    await pause(4 * BEAT_MS);
    return at;
  },
  /** The old, half-open connection's will arrives after the follower is back on a new one. */
  async latewill(id: string) {
    await alive(id);
    const at = performance.now();
    await staleWill(mosquitto.url, id);
    await pause(5_000 + 2 * BEAT_MS);
    return at;
  },
  async steady(id: string) {
    await alive(id);
    const at = performance.now();
    await pause(10 * BEAT_MS);
    return at;
  },
};

/** TCP says nothing for a while of a house with 5 s beats and then catches up, again and again at another place in the beat. */
async function stalled(id: string, ms: number): Promise<number> {
  const relay = await relayed();
  await alive(id, { busUrl: `mqtt://127.0.0.1:${relay.port}`, heartbeatMs: STALLED_BEAT_MS });
  for (let tries = TRIES; ; tries--) {
    const at = performance.now();
    for (let round = 0; round < STALLS; round++) {
      relay.stall();
      await pause((ms * STALLED_BEAT_MS) / 5_000);
      relay.heal();
      await pause(STALLED_BEAT_MS + (round * STALLED_BEAT_MS) / STALLS);
    }
    if (tries === 1 || !log.words(id, at).join().includes("dead")) return at;
  }
}

type Name = keyof typeof misfortunes;
const running = new Map<Name, Promise<number>>();
/** Waits for a misfortune to be over; tells when it began and what was said from then on. */
async function story(name: Name) {
  const told = running.get(name);
  if (!told) throw new Error(`there is no misfortune "${name}"`);
  const at = await told;
  const first = (state: VerdictState) => {
    const found = log.of(name, at).find((entry) => entry.state === state);
    if (!found) throw new Error(`${name} was never ${state}: ${log.words(name, at).join(", ")}`);
    return found;
  };
  return { at, words: log.words(name, at), first };
}

beforeAll(async () => {
  mosquitto = await startMosquitto();
  leader = await startLeader({ settings: { bus: { kind: "mqtt", url: mosquitto.url }, fleet: fleetSettings } });
  log = await VerdictLog.start({ url: mosquitto.url });
  for (const [index, name] of (Object.keys(misfortunes) as Name[]).entries()) {
    const told = pause(index * STAGGER_MS).then(() => misfortunes[name](name));
    told.catch(() => {}); // each test awaits its own
    running.set(name, told);
  }
}, 2 * PATIENCE_MS);

afterAll(async () => {
  await Promise.allSettled(running.values());
  await Promise.all(agents.map((agent) => agent.end("SIGKILL")));
  await Promise.all(relays.map((relay) => relay.close()));
  await log?.close();
  await leader?.stop();
  await mosquitto?.close();
  dir.remove();
}, PATIENCE_MS);

describe("a follower that is", () => {
  const within = 6 * PATIENCE_MS;

  it(
    "killed is suspect by its will within 2 s, and dead 3 s later",
    async () => {
      const { at, words, first } = await story("killed");
      expect(steadied(words)).toEqual(["suspect will", "dead will"]);
      // By the leader's own times: when they arrive here is this machine's business.
      const [suspect, dead] = [first("suspect"), first("dead")];
      expect(suspect.since - at).toBeLessThan(2_000 + (realTime ? 0 : MACHINE_MS));
      expect(dead.since - at).toBeGreaterThan(WILL_GRACE_MS);
      expect(dead.since - suspect.since).toBeLessThan(WILL_GRACE_MS + MACHINE_MS);
    },
    within,
  );

  it(
    "killed and back at once is not called dead",
    async () => {
      const { words } = await story("briefly");
      expect(steadied(words).slice(0, 2)).toEqual(["suspect will", "alive reconnect"]);
      expect(words.join()).not.toContain("dead");
    },
    within,
  );

  it(
    "frozen is suspect by silence, and dead within 15 s of 5 s beats",
    async () => {
      const { at, words, first } = await story("frozen");
      expect(words.slice(-2)).toEqual(["suspect silence", "dead silence"]);
      expect(steadied(words.slice(0, -2))).toEqual([]);
      expect(first("dead").since - at).toBeLessThan(scaled(15_000) + MACHINE_MS);
    },
    within,
  );

  it(
    "unplugged is suspect by silence, and dead within 15 s of 5 s beats",
    async () => {
      const { at, words, first } = await story("unplugged");
      expect(words.slice(-2)).toEqual(["suspect silence", "dead silence"]);
      expect(steadied(words.slice(0, -2))).toEqual([]);
      expect(first("dead").since - at).toBeLessThan(scaled(15_000) + MACHINE_MS);
    },
    within,
  );

  it(
    "rebooted is alive again, and the cause says so",
    async () => {
      const { words } = await story("rebooted");
      // Scaled down, a grace that a busy machine draws out ends no sooner than the silence.
      const dead = expect.stringMatching(realTime ? /^dead will$/ : /^dead/) as string;
      expect(steadied(words).slice(0, 3)).toEqual(["suspect will", dead, "alive reboot"]);
    },
    within,
  );

  it(
    "started anew on the same boot is told from a reboot",
    async () => {
      const { words } = await story("restarted");
      expect(steadied(words).find((word) => word.startsWith("alive"))).toBe("alive agent-restart");
      expect(words.join()).not.toMatch(/reboot/);
      // It is a matter of how fast the machine starts it within the grace, which is short when scaled.
      if (realTime) expect(words.join()).not.toMatch(/dead/);
    },
    within,
  );

  it(
    "stopped cleanly has left, and is never called dead",
    async () => {
      const { words } = await story("stopped");
      expect(steadied(words)).toEqual(["left clean-stop"]);
    },
    within,
  );

  it.each(["stalled3", "stalled8"] as const)(
    "%s: behind a TCP connection that stalls, is never dead",
    async (name) => {
      const { words } = await story(name);
      expect(words.join()).not.toContain("dead");
    },
    within,
  );

  it(
    "an hour off with its clock, forth and back, is alive, and it is said",
    async () => {
      const words = steadied((await story("clockstep")).words);
      expect(words[0]).toBe("alive clock-skew");
      expect(words.join()).not.toMatch(/dead|suspect/);
    },
    within,
  );

  it(
    "back on a new connection is not harmed by the late will of the old one",
    async () => {
      const { words } = await story("latewill");
      expect(steadied(words).join()).not.toMatch(/dead|suspect/);
    },
    within,
  );

  it(
    "left alone is left alone",
    async () => {
      const { words } = await story("steady");
      expect(steadied(words)).toEqual([]);
    },
    within,
  );
});
