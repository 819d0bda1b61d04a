/** What a family of devices knows: how to ask for everything, how to say a change in one request, and how to read the answers. */
import type { Change, DeviceInfo, Energy, LightState } from "../model";

/** One light, plug or outlet as an answer tells of it. */
export interface Reading {
  readonly info: DeviceInfo;
  readonly state: LightState;
}

export interface Exchange<T> {
  readonly request: object;
  /** @throws SkeinError DEVICE_REFUSED, KASA_GARBAGE */
  read(answer: object): T;
}

export interface Family {
  /** Everything of a device in one request: one reading, or one an outlet. */
  readings(): Exchange<readonly Reading[]>;
  /** The state is the device's own word where it answers with one, else what it said yes to. */
  change(reading: Reading, change: Change): Exchange<LightState>;
  energy(reading: Reading): Exchange<Energy>;
}
