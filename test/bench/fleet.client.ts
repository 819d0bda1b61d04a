/** A follower's connection at the least cost: a socket, mqtt-packet and a few strings, so that thousands fit into one process. */
import { connect as connectSocket, type Socket } from "node:net";
import { randomUUID } from "node:crypto";
import { generate, parser, type Packet } from "mqtt-packet";

export interface LeanOptions {
  readonly port: number;
  readonly id: string;
  /** Left out: the broker takes anybody. */
  readonly password?: string | undefined;
}

const PREFIX = "skein/v1/followers";
const SPEC = { protocolVersion: 4 };
const METRICS = JSON.stringify({
  cpu: { percent: 12.5, perCorePercent: [10, 12, 9, 14, 15, 13, 11, 16], frequencyMhz: 1400 },
  memory: { totalBytes: 2_095_890_432, usedBytes: 512_000_000, availableBytes: 1_500_000_000 },
  swap: { totalBytes: 0, usedBytes: 0 },
  temperatureC: 51.5,
  temperaturesC: { cpu0: 51.5, gpu: 49 },
  disks: [{ mount: "/", totalBytes: 31_000_000_000, usedBytes: 9_000_000_000 }],
  network: [{ interface: "eth0", receivedBytesPerS: 5120, sentBytesPerS: 2048 }],
  load: [0.4, 0.3, 0.25],
  uptimeS: 86_400,
  throttled: false,
  agent: { cpuPercent: 0.4, rssBytes: 52_000_000, heapUsedBytes: 17_000_000, eventLoopLagMs: 2.5, dropped: 0 },
});

/** One follower: its own TCP connection, its own will, messages as the contracts have them. It answers pings. */
export class LeanFollower {
  readonly id: string;
  /** Calls at every message that comes in and is no command. */
  onMessage: ((topic: string, payload: Buffer) => void) | undefined;
  private socket: Socket | undefined;
  private readonly bootId = randomUUID();
  private readonly run = randomUUID();
  private session = "";
  private seq = 0;
  private packetId = 0;

  constructor(private readonly options: LeanOptions) {
    this.id = options.id;
  }

  get connected(): boolean {
    return this.socket !== undefined;
  }

  /** Resolves when the broker has accepted it. */
  connect(will = true): Promise<void> {
    this.session = randomUUID();
    this.seq = 0;
    const socket = connectSocket({ port: this.options.port, host: "127.0.0.1", noDelay: true });
    const input = parser(SPEC);
    return new Promise((resolve, reject) => {
      const fell = (error?: Error) => {
        if (this.socket === socket) this.socket = undefined;
        reject(error ?? new Error(`${this.id}: the broker hung up`));
      };
      socket.on("error", fell);
      socket.on("close", () => fell());
      socket.on("data", (chunk) => input.parse(chunk));
      input.on("packet", (packet) => {
        if (packet.cmd === "connack") {
          if (packet.returnCode !== 0) return fell(new Error(`${this.id}: refused with ${packet.returnCode}`));
          this.socket = socket;
          resolve();
        } else this.take(packet);
      });
      socket.on("connect", () => {
        const lost = {
          topic: `${PREFIX}/${this.id}/presence`,
          payload: this.wrap(`{"status":"lost"}`),
          qos: 1 as const,
          retain: true,
        };
        const { password } = this.options;
        socket.write(
          generate({
            cmd: "connect",
            clientId: `skein-${this.id}`,
            clean: true,
            keepalive: 30,
            protocolId: "MQTT",
            protocolVersion: 4,
            ...(will ? { will: lost } : {}),
            ...(password === undefined ? {} : { username: this.id, password: Buffer.from(password) }),
          }),
        );
      });
    });
  }

  subscribe(filter: string, qos: 0 | 1 = 1): void {
    this.write({ cmd: "subscribe", messageId: this.nextId(), subscriptions: [{ topic: filter, qos }] });
  }

  /** What an agent says at every connection. */
  hello(): void {
    this.subscribe(`skein/v1/commands/${this.id}/#`);
    this.state("presence", `{"status":"online"}`);
    this.state(
      "birth",
      `{"name":"${this.id}","virtual":false,"bootId":"${this.bootId}","host":{"hostname":"${this.id}","model":"ODROID-XU4","arch":"arm","cores":8},"versions":{"agent":"0.1.0","node":"v20.19.2"},"capabilities":[{"name":"health","settings":{"heartbeatMs":5000,"metricsMs":10000}}]}`,
    );
  }

  beat(): void {
    this.telemetry("heartbeat", `{"bootId":"${this.bootId}","nextInMs":5000,"capabilities":{"health":"ok"}}`);
  }

  metrics(): void {
    this.telemetry("metrics", METRICS);
  }

  /** Keeps a connection that has nothing to say. */
  ping(): void {
    this.write({ cmd: "pingreq" });
  }

  leave(): void {
    this.state("presence", `{"status":"leaving"}`);
    this.write({ cmd: "disconnect" });
    this.socket?.end();
    this.socket = undefined;
  }

  /** As a crash: the broker sends the will. */
  die(): void {
    const socket = this.socket;
    this.socket = undefined;
    socket?.resetAndDestroy();
  }

  private take(packet: Packet): void {
    if (packet.cmd !== "publish") return;
    if (packet.qos === 1 && packet.messageId !== undefined) this.write({ cmd: "puback", messageId: packet.messageId });
    const command = /^skein\/v1\/commands\/[^/]+\/agent\/([^/]+)$/.exec(packet.topic);
    if (!command) return this.onMessage?.(packet.topic, packet.payload as Buffer);
    const { id } = JSON.parse(packet.payload.toString()) as { id: string };
    const topic = `${PREFIX}/${this.id}/replies/${command[1]}`;
    this.write({
      cmd: "publish",
      topic,
      payload: this.wrap(`{"command":"${id}","outcome":{"ok":true}}`),
      qos: 1,
      messageId: this.nextId(),
      retain: false,
      dup: false,
    });
  }

  private state(what: string, data: string): void {
    this.write({
      cmd: "publish",
      topic: `${PREFIX}/${this.id}/${what}`,
      payload: this.wrap(data),
      qos: 1,
      messageId: this.nextId(),
      retain: true,
      dup: false,
    });
  }

  private telemetry(what: string, data: string): void {
    this.write({
      cmd: "publish",
      topic: `${PREFIX}/${this.id}/${what}`,
      payload: this.wrap(data),
      qos: 0,
      retain: false,
      dup: false,
    });
  }

  private wrap(data: string): Buffer {
    return Buffer.from(
      `{"id":"${randomUUID()}","at":${Date.now()},"from":"${this.id}","run":"${this.run}","session":"${this.session}","seq":${++this.seq},"data":${data}}`,
    );
  }

  private write(packet: Packet): void {
    this.socket?.write(generate(packet));
  }

  private nextId = (): number => (this.packetId = (this.packetId % 65_535) + 1);
}
