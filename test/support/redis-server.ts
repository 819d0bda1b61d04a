import { writeFileSync } from "node:fs";
import { freePort } from "./ports";
import { type OwnServer, startServer } from "./server-process";
import { tempDir } from "./temp-dir";

export interface RedisOptions {
  readonly password?: string;
  /** Further lines of redis.conf. */
  readonly config?: readonly string[];
}

export interface RedisServer extends OwnServer {
  readonly url: string;
}

/** A real redis-server on a free loopback port; what it holds is on disk at every write, so that it survives a SIGKILL. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const dir = tempDir("skein-redis-");
  const port = await freePort();
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${dir.path}`,
    "appendonly yes",
    "appendfsync always",
    'save ""',
    "daemonize no",
    ...(options.password === undefined ? [] : [`requirepass ${options.password}`]),
    ...(options.config ?? []),
  ];
  writeFileSync(dir.join("redis.conf"), `${lines.join("\n")}\n`, { mode: 0o600 });
  const server = await startServer(dir, { command: "redis-server", args: [dir.join("redis.conf")], port });
  return Object.assign(server, { url: `redis://127.0.0.1:${port}` });
}
