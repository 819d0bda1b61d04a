/** TCP ports: free ones, and who holds one that is not. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { SkeinError, hasCode } from "@skein/kit";

/**
 * Free ports are taken from below the range that Linux gives outgoing connections (32768 and up): a part that restarts must
 * find its port as it left it.
 */
const LOW = 15_000;
const HIGH = 32_000;

/**
 * The port itself when it is free at every one of `hosts`; for 0, a free one.
 * @throws SkeinError PORT_IN_USE, PORT_FORBIDDEN; CONFIG_INVALID when the last of `hosts` is no address of this machine
 */
export async function claimPort(
  wanted: number,
  what: string,
  option: string,
  random: () => number,
  hosts: readonly string[] = ["127.0.0.1"],
): Promise<number> {
  if (wanted === 0) {
    for (let attempt = 0; attempt < 200; attempt++) {
      const port = LOW + Math.floor(random() * (HIGH - LOW));
      if ((await tryPort(port, hosts)) === undefined) return port;
    }
    throw new SkeinError("PORT_IN_USE", `no free port was found for ${what} between ${LOW} and ${HIGH}.`);
  }
  const code = await tryPort(wanted, hosts);
  if (code === undefined) return wanted;
  if (code === "EADDRNOTAVAIL")
    throw new SkeinError(
      "CONFIG_INVALID",
      `${what} cannot listen on ${hosts.at(-1)}: this machine has no such address.`,
      {
        hint: "Name one of its own, or 0.0.0.0 for every one.",
      },
    );
  if (code === "EACCES")
    throw new SkeinError("PORT_FORBIDDEN", `this user may not listen on port ${wanted} (${what}).`, {
      hint: `Take one above 1023 with ${option}.`,
    });
  const holder = holderOf(wanted);
  throw new SkeinError("PORT_IN_USE", `port ${wanted} (${what}) is already in use${holder ? ` by ${holder}` : ""}.`, {
    hint: `Stop that, or take another one with ${option} (0 takes a free one).`,
  });
}

/** Undefined when it can be listened on at each of them, else the error's code. */
async function tryPort(port: number, hosts: readonly string[]): Promise<string | undefined> {
  for (const host of hosts) {
    const code = await tryAddress(port, host);
    if (code !== undefined) return code;
  }
  return undefined;
}

function tryAddress(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (hasCode(error) ? resolve(error.code) : reject(error)));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** "process 1234 (node server.js)" for the listener on a TCP port, as far as this user may see it. */
export function holderOf(port: number): string | undefined {
  const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => listeners(file, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of numbersIn("/proc")) {
    for (const fd of namesIn(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined && inodes.has(inode)) return `process ${pid}${commandOf(pid)}`;
    }
  }
  return "a process of another user";
}

/** Inodes of the sockets that listen on a port: columns of proc_net_tcp(5), state 0A is LISTEN. */
function listeners(file: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return textOf(file)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === "0A" && columns[1]?.endsWith(`:${hex}`))
    .flatMap((columns) => columns[9] ?? []);
}

function commandOf(pid: string): string {
  // Arguments may hold a secret that somebody put there: a program and its script say enough.
  const [program = "", script] = textOf(`/proc/${pid}/cmdline`).split("\0");
  const name = program.split("/").at(-1) ?? "";
  return name === ""
    ? ""
    : ` (${[name, script?.startsWith("-") ? undefined : script].filter(Boolean).join(" ").slice(0, 120)})`;
}

const numbersIn = (dir: string): string[] => namesIn(dir).filter((name) => /^\d+$/.test(name));
const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};
const namesIn = (dir: string): string[] => attempt(() => readdirSync(dir), []);
const linkOf = (path: string): string => attempt(() => readlinkSync(path), "");
const textOf = (path: string): string => attempt(() => readFileSync(path, "utf8"), "");
