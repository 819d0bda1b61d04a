import { writeFileSync } from "node:fs";
import { freePort } from "./ports";
import { type ServerProcess, serverProcess } from "./server-process";
import { tempDir } from "./temp-dir";

export interface RedisOptions {
  readonly password?: string;
  /** Further lines of redis.conf. */
  readonly config?: readonly string[];
}

export interface RedisServer extends ServerProcess {
  readonly url: string;
  /** Stops it and removes its directory. */
  close(): Promise<void>;
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
  const server = serverProcess({
    command: "redis-server",
    args: [dir.join("redis.conf")],
    port,
    logFile: dir.join("log"),
  });
  const close = async () => {
    server.signal("SIGCONT");
    await server.stop("SIGKILL");
    dir.remove();
  };
  try {
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  return Object.assign(server, { url: `redis://127.0.0.1:${port}`, close });
}
