/** The one owner of all connections to Kasa devices: finds them, keeps one connection each, carries changes out, tells what changed. */
import type { Clock, Logger, Random } from "@skein/kit";
import type { Diagnosis } from "./diagnosis";
import type { Change, DeviceInfo, Energy, LightState } from "./model";
import type { Credentials, Endpoint, Protocol } from "./protocol";

/** Where discovery asks: a broadcast address, or one host. The ports are those of the real devices unless an emulator has others. */
export interface AskAt {
  readonly host: string;
  /** Default `{ xor: 9999, klap: 20002, tpap: 20004 }`. */
  readonly ports?: { readonly xor?: number; readonly klap?: number; readonly tpap?: number } | undefined;
}

/** A device that answered a discovery. Of one that only answered on 20002 model, kind and alias may be all that is known. */
export interface Found {
  readonly id: string;
  readonly mac: string;
  readonly model: string;
  readonly alias?: string | undefined;
  readonly endpoint: Endpoint;
  /** What it says it speaks. */
  readonly protocol: Protocol;
  readonly at: number;
}

export interface HeldDevice {
  readonly id: string;
  readonly endpoint?: Endpoint | undefined;
  readonly protocol?: Protocol | undefined;
  /** Absent until it answered once. */
  readonly info?: DeviceInfo | undefined;
  /** As last confirmed; it stays while the device is away, with `confirmedAt`. */
  readonly state?: LightState | undefined;
  readonly confirmedAt?: number | undefined;
  /** It is led through a fade in steps now: its state is one in between. */
  readonly fading?: boolean | undefined;
  readonly diagnosis: Diagnosis;
}

/**
 * Why a state is as it is: `command` bears what the caller of `set` passed; `elsewhere` is a hand on the wall switch or the maker's app;
 * `first` is the first reading after a connection. That one is no news to an automation, whatever it says: while the device was away nobody
 * knows who did what, and bulbs come back lit after a power cut. Who wants to restore how it was finds that in the event's `before`.
 */
export type StateCause =
  { readonly kind: "command"; readonly by: unknown } | { readonly kind: "elsewhere" } | { readonly kind: "first" };

export type KasaEvent =
  /** Told at every confirmation that differs, and once for every command that was carried out. */
  | {
      readonly type: "state";
      readonly device: HeldDevice;
      readonly cause: StateCause;
      readonly before?: LightState | undefined;
    }
  | { readonly type: "diagnosis"; readonly device: HeldDevice; readonly before: Diagnosis }
  | { readonly type: "protocol-changed"; readonly device: HeldDevice; readonly from: Protocol; readonly to: Protocol }
  | { readonly type: "moved"; readonly device: HeldDevice; readonly from: Endpoint; readonly to: Endpoint }
  /** It calls itself something else, has another firmware, turned out to have no meter, or its fade in steps is over. */
  | { readonly type: "info"; readonly device: HeldDevice }
  | { readonly type: "energy"; readonly device: HeldDevice; readonly energy: Energy }
  | { readonly type: "found"; readonly found: Found };

/** What came of a change: the state that the device answered with, and how long it took from the call, ms. */
export interface Reached {
  readonly state: LightState;
  readonly ms: number;
  /** The device cannot fade by itself: this is the first of many steps, and `HeldDevice.fading` until the last one. */
  readonly fading?: true | undefined;
}

export interface KasaClient {
  /** Keeps a connection to it from now on. The outlets of a power strip appear as devices of their own when the strip answers. */
  hold(device: {
    readonly id: string;
    readonly endpoint?: Endpoint | undefined;
    readonly protocol?: Protocol | undefined;
  }): void;
  release(id: string): void;
  held(): readonly HeldDevice[];
  get(id: string): HeldDevice | undefined;
  /**
   * Resolves when the device said yes. A newer change for the same field replaces one that still waits: the older call resolves
   * with what the newer one reached.
   * @throws SkeinError DEVICE_UNKNOWN, DEVICE_UNREACHABLE (with the diagnosis' text), DEVICE_CANNOT (no such ability, or a power strip, whose
   *   outlets are the devices), DEVICE_REFUSED
   */
  set(id: string, change: Change, by?: unknown): Promise<Reached>;
  /** Brightness by so many points up or down from what is confirmed, kept in 1-100. @throws SkeinError as `set` */
  step(id: string, points: number, by?: unknown): Promise<Reached>;
  /** Asks the device now. @throws SkeinError as `set` */
  refresh(id: string): Promise<LightState>;
  /** @throws SkeinError as `set` */
  energy(id: string): Promise<Energy>;
  /**
   * Asks the network and waits for answers; whoever asks the same while that is under way gets its answer. What everybody found so far is in
   * `found()`.
   * @param options.askAt where to ask this once instead of where it usually is asked: an address that no broadcast reaches
   */
  discover(options?: {
    readonly waitMs?: number | undefined;
    readonly askAt?: readonly AskAt[] | undefined;
  }): Promise<readonly Found[]>;
  found(): readonly Found[];
  /** From now on; whoever was refused is tried again. */
  setCredentials(credentials: Credentials | undefined): void;
  on(listener: (event: KasaEvent) => void): () => void;
  close(): Promise<void>;
}

export interface KasaOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly credentials?: Credentials | undefined;
  /**
   * Whether a device that speaks AES passthrough is sent the owner's password: readable by whoever says that he is that device. Default false:
   * such devices are reached while they have the maker's default password, and say KASA_PASSWORD_KEPT otherwise.
   */
  readonly aesPassthrough?: boolean | undefined;
  /** Default: the broadcast address of every interface. */
  readonly askAt?: readonly AskAt[] | undefined;
  /** Time between two looks at a device, ms, ± 10 %. Default 5000. */
  readonly pollMs?: number | undefined;
  /** Time between two readings of an energy meter, ms. Default 10000. */
  readonly energyMs?: number | undefined;
  /** How long a device may take to answer, ms. Default 5000. */
  readonly answerMs?: number | undefined;
  /** A look follows a command after this, ms. Default 350 (reference/kasa.md, "What goes wrong in the field"). */
  readonly settleMs?: number | undefined;
}
