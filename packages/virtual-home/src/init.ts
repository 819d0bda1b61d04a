import type { BusAddress } from "@skein/bus";
import type { EmulatedDevice } from "@skein/kasa/emulator";

/** What the launcher tells the virtual home, once, over IPC; it says back `ready`, then `alive` every second. */
export interface VirtualHomeInit {
  readonly type: "init";
  /** Its own directory: one folder a follower. */
  readonly dataDir: string;
  /** The home's own place on the bus, as `virtual-home`. */
  readonly bus: BusAddress;
  /** Where the broker listens on loopback; between it and each agent stands a relay. */
  readonly brokerPort: number;
  /** The agent's bundle, follower-agents/dist/agent.js. */
  readonly agentEntry: string;
  /** The Node that agents run under. */
  readonly nodePath: string;
  readonly followers: readonly VirtualFollower[];
  /** Emulated Kasa devices. Default none. */
  readonly lamps?: readonly VirtualLamp[];
  /** Default 5000. */
  readonly heartbeatMs?: number;
  /** Default 10000. */
  readonly metricsMs?: number;
  /** How long a made-up host takes to boot, ms. Default 8000. */
  readonly bootMs?: number;
  /** MQTT keep-alive of the agents, s. Default 10. */
  readonly keepAliveS?: number;
}

export interface VirtualLamp extends Pick<EmulatedDevice, "family" | "protocol" | "mac" | "host" | "energy"> {
  readonly name: string;
  readonly kind: Exclude<EmulatedDevice["kind"], "power-strip">;
}

export interface VirtualFollower {
  readonly id: string;
  readonly name: string;
  /** Made-up cameras and microphones, by what they are called; left out: it has none. */
  readonly senses?: { readonly camera?: string; readonly microphone?: string };
  /** Of the bus user that bears its id; left out on a broker that lets anybody in. */
  readonly password?: string;
}
