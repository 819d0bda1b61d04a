import { resolve } from "node:path";
import { createUser } from "@skein/broker";
import { systemRandom } from "@skein/kit";
import { startMosquitto } from "../../../../test/support/mosquitto";
import { freePort } from "../../../../test/support/ports";
import { serverProcess } from "../../../../test/support/server-process";
import { tempDir } from "../../../../test/support/temp-dir";
import { memoryHub } from "../memory-hub";
import type { Row } from "./stage";
import { leaderNode } from "../../../../test/support/leader-node";

let hubs = 0;

export const memory: Row = {
  name: "memory",
  willMs: 500,
  async start() {
    const name = `conformance-${++hubs}`;
    const hub = memoryHub(name);
    return {
      port: undefined,
      address: ({ clientId }) => ({ url: `memory:${name}`, clientId }),
      stop: async () => hub.stop(),
      start: async () => hub.start(),
      close: async () => hub.stop(),
      halfOpen: (clientId) => hub.halfOpen(clientId),
    };
  },
};

/** Saves at every change, so that a SIGKILL loses as little as a Mosquitto can lose. */
const SAVE_OFTEN = ["autosave_interval 1", "autosave_on_changes true"];

export const mosquitto: Row = {
  name: "Mosquitto",
  willMs: 3000,
  async start() {
    const server = await startMosquitto({ config: SAVE_OFTEN });
    return {
      port: server.port,
      address: ({ clientId, port }) => ({ url: `mqtt://127.0.0.1:${port ?? server.port}`, clientId }),
      stop: (signal) => server.stop(signal),
      start: () => server.start(),
      close: () => server.close(),
    };
  },
};

const ROOT = resolve(__dirname, "../../../..");

/** The house's own broker, in a process of its own and with its access rules. */
export const aedes: Row = {
  name: "embedded Aedes",
  willMs: 3000,
  async start() {
    const dir = tempDir("skein-aedes-");
    const users = dir.join("bus-users.json");
    const passwords = new Map<string, string>();
    createUser(users, { role: "leader", id: "leader" }, systemRandom);
    const port = await freePort();
    const server = serverProcess({
      command: leaderNode,
      args: [
        resolve(ROOT, "packages/broker/dist/main.js"),
        "--port",
        String(port),
        "--data-dir",
        dir.join("data"),
        "--users",
        users,
      ],
      port,
      logFile: dir.join("log"),
    });
    await server.start();
    return {
      port,
      address({ id, role, clientId, port: other }) {
        const password = passwords.get(id) ?? createUser(users, { role, id }, systemRandom).password;
        passwords.set(id, password);
        return { url: `mqtt://127.0.0.1:${other ?? port}`, clientId, username: id, password };
      },
      stop: (signal) => server.stop(signal),
      start: () => server.start(),
      async close() {
        await server.stop("SIGKILL");
        dir.remove();
      },
    };
  },
};
