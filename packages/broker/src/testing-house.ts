/** For the broker's own tests: a house's users in a temporary folder, clients as them, and a look at what is delivered. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MqttClient, type IClientOptions, connect } from "mqtt";
import { systemRandom } from "@skein/kit";
import type { Role } from "./access";
import { createUser } from "./users";

export const PEOPLE: Readonly<Record<string, Role>> = {
  leader: "leader",
  "flow-host": "flows",
  kitchen: "follower",
  attic: "follower",
};

export interface House {
  readonly dir: string;
  readonly usersFile: string;
  readonly dataDir: string;
  /** Where clients connect; set once a broker listens. */
  port: number;
  password(username: string): string;
  /** Connects as `username`; fails where the broker says no. */
  client(username: string, options?: IClientOptions): Promise<MqttClient>;
  /** Ends all clients, then the broker that has its store here, and removes the folder: in this order, or the store loses its files while it works. */
  close(broker?: { close(): Promise<void> }): Promise<void>;
}

export function createHouse(): House {
  const dir = mkdtempSync(join(tmpdir(), "skein-broker-"));
  const usersFile = join(dir, "secrets", "bus-users.json");
  const passwords = new Map<string, string>();
  for (const [id, role] of Object.entries(PEOPLE))
    passwords.set(id, createUser(usersFile, { role, id }, systemRandom).password);
  const clients: MqttClient[] = [];
  const house: House = {
    dir,
    usersFile,
    dataDir: join(dir, "broker"),
    port: 0,
    password: (username) => passwords.get(username) ?? "",
    client: (username, options = {}) =>
      new Promise((resolve, reject) => {
        const client = connect({
          host: "127.0.0.1",
          port: house.port,
          username,
          password: house.password(username),
          clientId: `skein-${username}`,
          reconnectPeriod: 0,
          ...options,
        });
        clients.push(client);
        client.once("connect", () => resolve(client));
        client.once("error", reject);
        client.once("close", () => reject(new Error("closed")));
        client.on("error", () => undefined);
      }),
    async close(broker) {
      for (const client of clients) client.end(true);
      await broker?.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return house;
}

export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
}

/** What a client gets from now on; `until` waits for a message whose text is given. */
export function listen(client: MqttClient): { readonly heard: Heard[]; until: (text: string) => Promise<void> } {
  const heard: Heard[] = [];
  client.on("message", (topic, payload, packet) =>
    heard.push({ topic, text: payload.toString(), retain: packet.retain }),
  );
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!heard.some((message) => message.text === text)) return;
        client.off("message", look);
        resolve();
      };
      client.on("message", look);
      look();
    });
  return { heard, until };
}
