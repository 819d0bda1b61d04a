/** The unmodified firmware in QEMU's netduinoplus2: its line to the host a pty, its registers readable from outside (QMP). */
import { spawn } from "node:child_process";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../../test/support/eventually";
import { tempDir } from "../../test/support/temp-dir";

export interface Qemu {
  /** Of the line to the host (USART2). */
  readonly pty: string;
  /** As the processor sees them at this moment. */
  words(address: number, count: number): Promise<number[]>;
  /** A command of QMP (QEMU's own documentation); `stop` and `cont` are a hang and its end, `system_reset` the reset pin. */
  tell(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** What was written to parts that QEMU only records: GPIO above all. Needs `log`. */
  readonly log: string;
  stop(): Promise<void>;
}

/** @param log records each access to what QEMU does not model, which makes it slow */
export async function startQemu(elf: string, { log = false } = {}): Promise<Qemu> {
  const dir = tempDir("skein-qemu-");
  const recording = dir.join("unimplemented.log");
  const args = ["-M", "netduinoplus2", "-kernel", elf, "-display", "none", "-monitor", "none"];
  args.push("-serial", "null", "-serial", "pty", "-qmp", `unix:${dir.join("qmp")},server=on,wait=off`);
  if (log) args.push("-d", "unimp", "-D", recording);
  const child = spawn("qemu-system-arm", args, { stdio: "ignore" });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // Nothing of this test outlives it.
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);

  const socket = await eventually(() => connect(dir.join("qmp")));
  const answers: ((answer: Answer) => void)[] = [];
  createInterface({ input: socket }).on("line", (line) => {
    const said = JSON.parse(line) as Answer;
    if ("return" in said || "error" in said) answers.shift()?.(said);
  });
  const tell = async (command: string, given: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    const answer = await new Promise<Answer>((resolve) => {
      answers.push(resolve);
      socket.write(`${JSON.stringify({ execute: command, arguments: given })}\n`);
    });
    if (answer.error) throw new Error(`QEMU says to ${command}: ${answer.error.desc}`);
    return answer.return;
  };
  await tell("qmp_capabilities");
  const devices = (await tell("query-chardev")) as { label: string; filename: string }[];
  const pty = /^pty:(.+)$/.exec(devices.find(({ label }) => label === "serial1")?.filename ?? "")?.[1];
  if (!pty) throw new Error("QEMU tells no pty");

  return {
    pty,
    log: recording,
    tell,
    words: async (address, count) => {
      const said = await tell("human-monitor-command", { "command-line": `xp /${count}wx 0x${address.toString(16)}` });
      return [...String(said).matchAll(/ 0x([0-9a-f]{8})/g)].map(([, word]) => Number.parseInt(word ?? "", 16));
    },
    stop: async () => {
      process.removeListener("exit", kill);
      socket.destroy();
      child.kill("SIGTERM");
      await Promise.race([gone, pause(2000, undefined, { ref: false }).then(kill)]);
      await gone;
      dir.remove();
    },
  };
}

interface Answer {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

const connect = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(path, () => resolve(socket));
    socket.once("error", reject);
  });
