/**
 * Asks the network who is there, the older way (UDP 9999) and the newer (20002, 20004), from one socket. UDP loses packets, so each question
 * is put three times. A device that answers both ways is taken at its newer word: firmware that has moved on may still answer the old question.
 */
import { createSocket, type Socket } from "node:dgram";
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { CancelTimer, Clock, Logger, Random } from "@skein/kit";
import { messageOf } from "@skein/kit";
import type { AskAt } from "../client";
import { broadcastAddresses } from "./broadcast";
import type { Sighting } from "./sighting";
import { readTdpAnswer, tdpProbe } from "./tdp";
import { readXorAnswer, XOR_PROBE } from "./xor-answer";

export interface DiscoveryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Default: every network's broadcast address, looked up anew each time. */
  readonly askAt?: readonly AskAt[] | undefined;
}

export interface Discovery {
  /**
   * What is heard within `waitMs`, each device once; ends early when `until` is met by one of them, or at the signal.
   * @param hosts asked besides
   * @param only asked instead of where it usually is asked
   */
  ask(options: {
    readonly waitMs: number;
    readonly hosts?: readonly string[];
    readonly only?: readonly AskAt[] | undefined;
    readonly until?: (sighting: Sighting) => boolean;
    readonly signal?: AbortSignal;
  }): Promise<readonly Sighting[]>;
}

const PORTS = { xor: 9999, klap: 20_002, tpap: 20_004 } as const;
const TIMES = 3;
/** No home has as many; whoever makes up devices shall not fill the memory. */
export const MOST_FOUND = 500;
/** How long the answer to the newer question may come after that to the older one, ms. */
const GRACE_MS = 150;

export function createDiscovery({ clock, random, logger, askAt }: DiscoveryParts): Discovery {
  // One key for the life of the client: it protects a courtesy (the device's own name), and takes 50 ms of a thread to make.
  let keys: ReturnType<typeof makeKeys> | undefined;
  return {
    async ask({ waitMs, hosts = [], only, until, signal }) {
      const { publicKey, privateKey } = await (keys ??= makeKeys());
      const asked = [...(only ?? askAt ?? broadcastAddresses())];
      for (const host of hosts) if (!asked.some((each) => each.host === host)) asked.push({ host });
      const heard = new Map<string, Sighting>();
      const socket = await openSocket();
      try {
        await new Promise<void>((resolve) => {
          const cancels: CancelTimer[] = [];
          // Nothing may be asked of a socket that is closed then.
          const done = () => {
            for (const cancel of cancels) cancel();
            signal?.removeEventListener("abort", done);
            resolve();
          };
          if (signal?.aborted) return done();
          signal?.addEventListener("abort", done);
          socket.on("message", (packet, from) => {
            const sighting =
              readTdpAnswer(packet, from.address, privateKey) ?? readXorAnswer(packet, from.address, from.port);
            if (!sighting || (sighting.protocol === "xor" && heard.has(sighting.id))) return;
            if (heard.size >= MOST_FOUND && !heard.has(sighting.id)) return;
            heard.set(sighting.id, sighting);
            if (!until?.(sighting)) return;
            // Its newer word may be on its way.
            if (sighting.protocol === "xor") cancels.push(clock.setTimer(done, GRACE_MS));
            else done();
          });
          const question = () => {
            const probe = tdpProbe(publicKey, Buffer.from(random.bytes(4)).readUInt32BE());
            for (const { host, ports } of asked) {
              send(socket, XOR_PROBE, ports?.xor ?? PORTS.xor, host, logger);
              send(socket, probe, ports?.klap ?? PORTS.klap, host, logger);
              send(socket, probe, ports?.tpap ?? PORTS.tpap, host, logger);
            }
          };
          question();
          for (let time = 1; time < TIMES; time++)
            cancels.push(clock.setTimer(question, (waitMs * time) / (TIMES + 1)));
          cancels.push(clock.setTimer(done, waitMs));
        });
      } finally {
        socket.close();
      }
      return [...heard.values()];
    },
  };
}

const makeKeys = () => promisify(generateKeyPair)("rsa", { modulusLength: 2048 });

/** A network that is down now is no reason not to ask the others. */
function send(socket: Socket, packet: Buffer, port: number, host: string, logger: Logger): void {
  socket.send(packet, port, host, (error) => {
    if (error) logger.debug({ host, port, reason: messageOf(error) }, "could not ask");
  });
}

function openSocket(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(0, () => {
      socket.off("error", reject);
      // A closed port answers with ICMP, which Linux may hand to whoever sends next.
      socket.on("error", () => {});
      socket.setBroadcast(true);
      resolve(socket);
    });
  });
}
