import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { freePort } from "./ports";
import { type OwnServer, startServer } from "./server-process";
import { tempDir } from "./temp-dir";
import { makeCertificates, type Certificates } from "./certificates";

export interface MosquittoOptions {
  /** Name to password. Left out: anybody may connect. */
  readonly users?: Readonly<Record<string, string>>;
  /** Lines of an ACL file (`user NAME`, `topic readwrite a/#`, `pattern write skein/v1/followers/%u/#`). */
  readonly acl?: readonly string[];
  /** Also listens for TLS with a certificate of a CA made for the test. */
  readonly tls?: boolean;
  /** Also listens for websockets. */
  readonly ws?: boolean;
  /** Further lines of mosquitto.conf, before any listener. */
  readonly config?: readonly string[];
  /** A port of your choosing (one that was free a moment ago), for a broker that must be where another was. */
  readonly port?: number;
}

export interface Mosquitto extends OwnServer {
  readonly url: string;
  /** Set with `tls`. */
  readonly tlsUrl: string;
  readonly certificates: Certificates | undefined;
  /** Set with `ws`. */
  readonly wsUrl: string;
  /** While it is stopped: takes away what it has saved, so that it comes back without sessions and with nothing kept. */
  forget(): void;
}

/** A real Mosquitto on free loopback ports, which keeps its state over stop and start (also over SIGKILL, as far as it was saved). */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const dir = tempDir("skein-mosquitto-");
  const [plain, tls, ws] = [options.port ?? (await freePort()), await freePort(), await freePort()];
  const certificates = options.tls ? makeCertificates(dir.path) : undefined;
  const lines = [
    "per_listener_settings false",
    `user ${userInfo().username}`,
    `allow_anonymous ${options.users ? "false" : "true"}`,
    "set_tcp_nodelay true",
    "persistence true",
    `persistence_location ${dir.path}/`,
    "max_queued_messages 0",
    "max_packet_size 1048576",
    "log_type error",
    "log_type warning",
    "log_type notice",
    ...(options.config ?? []),
  ];
  if (options.users) {
    const file = dir.join("passwords");
    writeFileSync(file, "", { mode: 0o600 });
    for (const [name, password] of Object.entries(options.users))
      execFileSync("mosquitto_passwd", ["-b", file, name, password], { stdio: "pipe" });
    lines.push(`password_file ${file}`);
  }
  if (options.acl) {
    writeFileSync(dir.join("acl"), `${options.acl.join("\n")}\n`, { mode: 0o600 });
    lines.push(`acl_file ${dir.join("acl")}`);
  }
  lines.push(`listener ${plain} 127.0.0.1`);
  if (certificates)
    lines.push(`listener ${tls} 127.0.0.1`, `certfile ${certificates.certFile}`, `keyfile ${certificates.keyFile}`);
  if (options.ws) lines.push(`listener ${ws} 127.0.0.1`, "protocol websockets");
  writeFileSync(dir.join("mosquitto.conf"), `${lines.join("\n")}\n`);
  const server = await startServer(dir, {
    command: "mosquitto",
    args: ["-c", dir.join("mosquitto.conf")],
    port: plain,
  });
  return Object.assign(server, {
    url: `mqtt://127.0.0.1:${plain}`,
    tlsUrl: `mqtts://127.0.0.1:${tls}`,
    wsUrl: `ws://127.0.0.1:${ws}`,
    certificates,
    forget: () => rmSync(dir.join("mosquitto.db"), { force: true }),
  });
}
