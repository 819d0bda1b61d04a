/** Where a question reaches everybody: the broadcast address of each IPv4 network that this machine stands in. */
import { networkInterfaces } from "node:os";
import type { AskAt } from "../client";

export function broadcastAddresses(): AskAt[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const hosts = addresses
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address, netmask }) => broadcastOf(address, netmask));
  return [...new Set(hosts)].map((host) => ({ host }));
}

export function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split(".").map(Number);
  return address
    .split(".")
    .map((part, index) => (Number(part) | (~(mask[index] ?? 255) & 255)) & 255)
    .join(".");
}
