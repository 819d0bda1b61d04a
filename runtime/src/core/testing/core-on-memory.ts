/**
 * A real core on a memory bus, for tests: everything but the flow host, whose place a double takes that says what it got, and
 * the launcher, whose place the test takes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBus, createTransport, memoryHub, type Bus } from "@skein/bus";
import { birth, heartbeat, type InputOf, type Role } from "@skein/contracts";
import type { KasaClient, KasaOptions } from "@skein/kasa";
import { createIds, every, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { leaderSettings } from "../../settings";
import { startCore, type Core } from "../core";
import { createFakeKasa } from "../devices/testing/fake-kasa";
import type { WebLimits } from "../web/limits";
import { refuseUpgrade } from "../web/web-server";
import { makeAccounts, type TestLogin } from "./owner";

export const BOOT_ID = "0190a5a4-4f6b-7c3e-8b7e-0123456789ab";

export interface CoreOnMemory {
  readonly port: number;
  readonly url: string;
  readonly core: Core;
  /** Its data directory. */
  readonly dir: string;
  /** The set-up links that it had printed. */
  readonly setupLinks: readonly string[];
  /** The house's owner; with `accounts: []` there is none. */
  readonly owner: TestLogin;
  /** Of each role that was asked for. */
  readonly logins: Readonly<Record<Role, TestLogin>>;
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

export interface CoreOnMemoryOptions {
  readonly demo?: boolean;
  readonly allowedHosts?: string[];
  /** Further settings of `http`. */
  readonly http?: object;
  readonly webLimits?: Partial<WebLimits>;
  /** Called with the data directory, which is the repository's root for this core, before it starts. */
  readonly prepare?: (dir: string) => void;
  /** Where its data directory is made. Default: where temporary things lie. */
  readonly folder?: string;
  /** For whom accounts are made. Default: the owner alone. */
  readonly accounts?: readonly Role[];
  /** Further settings of skein.yaml. */
  readonly settings?: object;
  /** Default: one that finds nothing. */
  readonly createKasa?: (options: KasaOptions) => KasaClient;
}

let hubs = 0;
const parts = { clock: systemClock, random: systemRandom };

export async function coreOnMemory(options: CoreOnMemoryOptions = {}): Promise<CoreOnMemory> {
  const dir = mkdtempSync(join(options.folder ?? tmpdir(), "skein-core-"));
  const hub = `core-${process.pid}-${++hubs}`;
  const port = await freePort();
  const buses: Bus[] = [];
  const hearts: (() => void)[] = [];
  const setupLinks: string[] = [];
  const asked: { type: string; action: string }[] = [];
  const demo = options.demo ?? false;
  const start = () =>
    startCore(
      {
        type: "init",
        settings: leaderSettings.parse({
          http: { allowedHosts: options.allowedHosts ?? [], ...options.http },
          fleet: { clockMs: 1000 },
          ...options.settings,
        }),
        dataDir: dir,
        version: "1.2.3",
        demo,
        bus: { url: `memory:${hub}`, clientId: "skein-leader" },
        flowHostSocket: join(dir, "flow-host.sock"),
        flowHostKey: "the key of this start",
        ports: { http: port, broker: 1 },
        ownUsers: ["leader", "flow-host"],
      },
      {
        ...parts,
        logger: silentLogger,
        askLauncher: (message) => void asked.push(message),
        tellSetupLink: (token) => void setupLinks.push(token),
        createProxy: () => ({
          request: (req, res) => res.end(`flow host got ${req.method} ${req.url}`),
          upgrade: (req, socket) => refuseUpgrade(socket, 418, `flow host got upgrade ${req.url}`),
        }),
        createKasa: options.createKasa ?? createFakeKasa,
        root: dir,
        webLimits: options.webLimits,
      },
    );
  const logins = await makeAccounts<Role>(dir, options.accounts ?? ["admin"]);
  options.prepare?.(dir);
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
    dir,
    logins,
    owner: logins.admin,
    setupLinks,
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
      // As in history's own tests: its look at the file after a start may be under way.
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
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
