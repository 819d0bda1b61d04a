/** The hub's own firmware as a Linux program (firmware/board/host): its line is on TCP, its world a plant that a test handles. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { eventually } from "./eventually";

const FIRMWARE = join(__dirname, "../../firmware");
const PROGRAM = join(FIRMWARE, "build/host/skein-hub");

/** Quick when nothing has changed. */
export function buildHubBoard(): void {
  const { status, stderr } = spawnSync("make", ["-s", "-j2", "-C", FIRMWARE, "host"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the firmware is not built: ${stderr}`);
}

export class HubBoard {
  private child: ChildProcess | undefined;
  private printed = "";
  private handle: Socket | undefined;
  private lines = "";
  /** Of the plant, as it told last. */
  plant: Record<string, unknown> = {};

  /** @param port of its line; the same one again is the same board plugged in again */
  constructor(private readonly port = 0) {}

  async start(): Promise<void> {
    this.printed = "";
    // setpriv: the kernel ends it when the test dies, however it dies.
    const args = ["--pdeathsig", "KILL", PROGRAM, "--tcp", String(this.port), "--plant", "0"];
    this.child = spawn("setpriv", args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => (this.printed += chunk.toString()));
    await eventually(() => expect(this.printed).toMatch(/plant: .*:\d+/));
    this.handle = connect({ host: "127.0.0.1", port: Number(/plant: .*:(\d+)/.exec(this.printed)?.[1]) });
    this.handle.on("error", () => undefined);
    this.handle.on("data", (chunk) => this.take(chunk.toString()));
  }

  /** Its pty. */
  get pty(): string {
    return /pty (\S+)/.exec(this.printed)?.[1] ?? "";
  }

  /** `127.0.0.1:PORT` */
  get tcp(): string {
    return /tcp:? (\S+)/.exec(this.printed)?.[1] ?? "";
  }

  /** Something is done to the plant: `{ foot: true }`. */
  do(what: object): void {
    this.handle?.write(`${JSON.stringify(what)}\n`);
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.handle?.destroy();
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGKILL");
    await gone;
  }

  private take(text: string): void {
    this.lines += text;
    const all = this.lines.split("\n");
    this.lines = all.pop() ?? "";
    const last = all.at(-1);
    if (last) this.plant = JSON.parse(last) as Record<string, unknown>;
  }
}
