import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";

/** Why there can be no network of a test's own here; undefined where there can. */
export const noNetworkBecause: string | undefined =
  process.getuid?.() === 0
    ? works("ip", "netns", "list")
      ? undefined
      : "no ip command, of Debian's iproute2"
    : "not root";

/** Machines of the test's own: network namespaces on one bridge, from which this machine is reached under `address`. */
export interface TestNetwork {
  readonly address: string;
  /** Puts a command into one of the machines: `["ip", "netns", "exec", ...]` goes before it. */
  on(machine: number): readonly string[];
  close(): void;
}

/** So many machines. @throws Error where `noNetworkBecause` says why */
export function createNetwork(machines: number): TestNetwork {
  // Of our own, whatever other test runs beside us; a bridge's name has 15 characters at most.
  const tag = randomBytes(3).toString("hex");
  const [bridge, subnet] = [`skj${tag}`, `10.${200 + ((randomBytes(1)[0] ?? 0) % 55)}.${randomBytes(1)[0] ?? 0}`];
  const names = Array.from({ length: machines }, (_, n) => `skein-${tag}-${n}`);
  const close = () => {
    for (const name of names) works("ip", "netns", "del", name);
    works("ip", "link", "del", bridge);
  };
  try {
    ip("link", "add", bridge, "type", "bridge");
    ip("addr", "add", `${subnet}.1/24`, "dev", bridge);
    ip("link", "set", bridge, "up");
    for (const [n, name] of names.entries()) {
      ip("netns", "add", name);
      // The machine's end is called eth0 and goes with its namespace, and ours with it.
      ip("link", "add", `${bridge}-${n}`, "type", "veth", "peer", "name", "eth0", "netns", name);
      ip("link", "set", `${bridge}-${n}`, "master", bridge, "up");
      ip("-n", name, "addr", "add", `${subnet}.${n + 2}/24`, "dev", "eth0");
      ip("-n", name, "link", "set", "eth0", "up");
    }
  } catch (error) {
    close();
    throw error;
  }
  return { address: `${subnet}.1`, on: (machine) => ["ip", "netns", "exec", names[machine] ?? ""], close };
}

const ip = (...args: string[]): void => void execFileSync("ip", args, { stdio: "pipe" });

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}
