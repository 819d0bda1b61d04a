/** The lights of one device, each as it last said that it stands; and what of it is news, to whom it is due. */
import type { Clock } from "@skein/kit";
import type { HeldDevice, KasaEvent, StateCause } from "../client";
import type { Reading } from "../families/family";
import type { LightState } from "../model";
import { Light, sameState, touched } from "./light";

export interface LightsParts {
  readonly clock: Pick<Clock, "now">;
  readonly emit: (event: KasaEvent) => void;
  /** As it is told: with what is known of the connection. */
  readonly viewOf: (light: Light) => HeldDevice;
}

export class Lights {
  private readonly made: Light[] = [];

  constructor(private readonly parts: LightsParts) {}

  /** None until the device has answered once; of a power strip its outlets. */
  get all(): readonly Light[] {
    return this.made;
  }

  get(id: string): Light | undefined {
    return this.made.find(({ info }) => info.id === id);
  }

  /** The device was looked at. @param first after a connection: how it stands now is no news, whatever it was before */
  taken(readings: readonly Reading[], first: boolean): void {
    for (const reading of readings) {
      const light = this.get(reading.info.id);
      if (light) this.takeAnew(light, reading, first);
      else this.take(reading);
    }
  }

  /** It says that it stands so. @param always whether it is told even when it stood so before */
  confirm(light: Light, state: LightState, cause: StateCause, always: boolean): void {
    const before = light.state;
    light.state = state;
    light.confirmedAt = this.parts.clock.now();
    if (always || !sameState(before, state))
      this.parts.emit({ type: "state", device: this.parts.viewOf(light), cause, before });
  }

  /** What differs from now on, no command of ours has brought about. */
  settled(): void {
    for (const light of this.made) light.settling = undefined;
  }

  private take(reading: Reading): void {
    const light = new Light(reading, this.parts.clock.now());
    this.made.push(light);
    this.parts.emit({ type: "state", device: this.parts.viewOf(light), cause: { kind: "first" } });
  }

  private takeAnew(light: Light, reading: Reading, first: boolean): void {
    const renamed = light.takeInfo(reading.info);
    if (first) this.confirm(light, reading.state, { kind: "first" }, true);
    else if (!light.endFade) this.confirm(light, reading.state, light.causeOfNews, false);
    // In the midst of a fade of steps a look shows what will not be so in a moment, unless somebody else wants it otherwise.
    else if (touched(light.state, reading.state)) {
      light.endFade();
      this.confirm(light, reading.state, { kind: "elsewhere" }, false);
    }
    if (renamed) this.parts.emit({ type: "info", device: this.parts.viewOf(light) });
  }
}
