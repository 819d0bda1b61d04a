/** Emulated devices on real sockets: what the tests, the demo and `npm run kasa-emulator` talk to. It shares no cipher code with the client. */
import type { Clock, Random } from "@skein/kit";
import type { Energy, LightState } from "../model";
import { PROTOCOLS, type Protocol } from "../protocol";

/** What the firmware of each family speaks; `updateFirmware` goes from one to another of them. */
export const SPEAKS: Readonly<Record<"iot" | "smart", readonly Protocol[]>> = {
  iot: PROTOCOLS,
  smart: ["klap-v2", "aes", "tpap"],
};

/** What a lamp, plug or strip of the emulator is. */
export interface EmulatedDevice {
  readonly kind: "bulb" | "strip" | "dimmer" | "plug" | "power-strip";
  readonly family: "iot" | "smart";
  readonly protocol: Protocol;
  /** Of bulbs and strips. Default true. */
  readonly color?: boolean | undefined;
  /** The whites that it takes, K; false: none. Default 2500-9000. */
  readonly kelvin?: { readonly min: number; readonly max: number } | false | undefined;
  readonly alias: string;
  /** `AA:BB:CC:DD:EE:FF` */
  readonly mac: string;
  readonly model?: string | undefined;
  readonly energy?: boolean | undefined;
  /** Of a power strip. */
  readonly outlets?: number | undefined;
  /** Where it listens; every device on an address of its own, as on a LAN: all of 127.0.0.0/8 is loopback. */
  readonly host: string;
  /** Default 9999, 80 (KLAP, AES; use a free one in tests), 20002, 20004; 0 takes a free one. */
  readonly ports?:
    { readonly xor?: number; readonly http?: number; readonly klap?: number; readonly tpap?: number } | undefined;
  /** What KLAP and AES ask for. Default: the maker's default pair. */
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
  /** How long a KLAP or AES session lives, s. Default 86400. */
  readonly sessionS?: number | undefined;
}

/** What can be wrong with it; every one can be set and taken back while it runs. */
export interface Faults {
  /** Before every answer, ms. */
  readonly delayMs?: number;
  /** Of UDP answers, 0-1. */
  readonly loss?: number;
  /** Answers come in pieces of so many bytes. */
  readonly splitBytes?: number;
  /** Answers with noise. */
  readonly garbage?: boolean;
  /** Takes connections and never answers. */
  readonly silent?: boolean;
  /** Answers the next so many KLAP and AES requests with 403. */
  readonly refuse?: number;
  /** Says TPAP in discovery and takes KLAP v2 all the same, as some firmware does. */
  readonly tpapTakesKlap?: boolean;
}

/** One lamp, outlet or relay as somebody in the room sees it. */
export interface Seen {
  readonly id: string;
  readonly alias: string;
  /** Whether there is current at all. */
  readonly powered: boolean;
  readonly state: LightState;
  /** CSS colour of the light; `transparent` when dark. */
  readonly css: string;
}

export interface DeviceEmulator {
  readonly device: EmulatedDevice;
  /** The id that our client gives it. */
  readonly id: string;
  readonly protocol: Protocol;
  readonly host: string;
  /** Where it listens now. */
  readonly ports: { readonly xor?: number; readonly http?: number; readonly klap?: number; readonly tpap?: number };
  /** Requests answered since the start: `[{ at, request }]`, the newest 1000. */
  readonly requests: readonly { readonly at: number; readonly request: object }[];
  /** One, or one an outlet. */
  look(): readonly Seen[];
  onChange(listener: () => void): () => void;
  fault(faults: Faults): void;
  /** A hand on the switch at the wall; `outlet` of a power strip, counted from 0. */
  wallSwitch(outlet?: number): void;
  /** The current goes and, after so long, comes back: bulbs are on then, as real ones are. `forMs` left out: until `powerUp`. */
  powerCut(forMs?: number): Promise<void>;
  powerUp(): Promise<void>;
  /** Reboots into a firmware that speaks this. */
  updateFirmware(to: Protocol): Promise<void>;
  /** It gets another address, as from a DHCP server. */
  moveTo(host: string): Promise<void>;
  setEnergy(energy: Partial<Energy>): void;
  close(): Promise<void>;
}

export interface EmulatorParts {
  readonly clock: Clock;
  readonly random: Random;
}
