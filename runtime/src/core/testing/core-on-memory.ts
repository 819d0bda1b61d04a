/**
 * A real core on a memory bus, for tests: everything but the flow host, whose place a double takes that says what it got, and
 * the launcher, whose place the test takes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBus, createTransport, memoryHub, type Bus } from "@skein/bus";
import { birth, heartbeat, type InputOf } from "@skein/contracts";
import { createIds, every, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { leaderSettings } from "../../settings";
import { startCore, type Core } from "../core";
import { refuseUpgrade } from "../web/web-server";

export const BOOT_ID = "0190a5a4-4f6b-7c3e-8b7e-0123456789ab";

export interface CoreOnMemory {
  readonly port: number;
  readonly url: string;
  readonly core: Core;
  readonly hub: ReturnType<typeof memoryHub>;
  /** What core asked of the launcher. */
  readonly asked: { type: string; action: string }[];
  /** A participant of the bus. */
  bus(id: string, as?: "follower" | "none"): Bus;
  /** A follower that has been born and has beaten once, and beats on, as long as its bus is open. */
  follower(id: string, data?: Partial<InputOf<typeof birth>>): Promise<Bus>;
  /** Core ends as after SIGTERM and starts again on the same port and directory. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

let hubs = 0;
const parts = { clock: systemClock, random: systemRandom };

export async function coreOnMemory(options: { demo?: boolean; allowedHosts?: string[] } = {}): Promise<CoreOnMemory> {
  const dir = mkdtempSync(join(tmpdir(), "skein-core-"));
  const hub = `core-${process.pid}-${++hubs}`;
  const port = await freePort();
  const buses: Bus[] = [];
  const hearts: (() => void)[] = [];
  const asked: { type: string; action: string }[] = [];
  const demo = options.demo ?? false;
  const start = () =>
    startCore(
      {
        type: "init",
        settings: leaderSettings.parse({
          http: { allowedHosts: options.allowedHosts ?? [] },
          fleet: { clockMs: 1000 },
        }),
        dataDir: dir,
        version: "1.2.3",
        demo,
        bus: { url: `memory:${hub}`, clientId: "skein-leader" },
        flowHostSocket: join(dir, "flow-host.sock"),
        ports: { http: port, broker: 1 },
      },
      {
        ...parts,
        logger: silentLogger,
        askLauncher: (message) => void asked.push(message),
        createProxy: () => ({
          request: (req, res) => res.end(`flow host got ${req.method} ${req.url}`),
          upgrade: (req, socket) => refuseUpgrade(socket, 418, `flow host got upgrade ${req.url}`),
        }),
        root: dir,
      },
    );
  let core = await start();
  const bus = (id: string, as: "follower" | "none" = "none") => {
    const transport = createTransport({ url: `memory:${hub}`, clientId: `skein-${id}` }, parts);
    const made = createBus({ id, transport, ...parts, ids: createIds(systemClock, systemRandom), presence: { as } });
    buses.push(made);
    return made;
  };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get core() {
      return core;
    },
    hub: memoryHub(hub),
    asked,
    bus,
    async follower(id, data = {}) {
      const made = bus(id, "follower");
      await made.publish(
        birth,
        { id },
        { name: id, bootId: BOOT_ID, host: {}, versions: { agent: "1" }, capabilities: [{ name: "health" }], ...data },
      );
      const beat = () =>
        made.publish(heartbeat, { id }, { bootId: BOOT_ID, nextInMs: 5000, capabilities: { health: "ok" } });
      await beat();
      hearts.push(every(systemClock, 2000, () => void beat().catch(() => {})));
      return made;
    },
    async restart() {
      await core.stop();
      core = await start();
    },
    async stop() {
      for (const stop of hearts) stop();
      for (const made of buses) await made.close(100);
      await core.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
