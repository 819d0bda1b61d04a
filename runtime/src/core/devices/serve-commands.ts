/** `commands/leader/devices/{issuer}`: what flows ask of devices. A redelivered command is answered from the bus' journal. */
import type { Bus } from "@skein/bus";
import { devicesCommand, type DevicesCommand } from "@skein/contracts";
import type { Clock } from "@skein/kit";
import type { EventSink } from "../event-sink";
import type { Devices } from "./devices";
import type { Discovery } from "./discovery";
import { devicesIn, type Scenes } from "./scenes";
import { foundView } from "./views";

export interface ServeParts {
  readonly bus: Pick<Bus, "serve">;
  readonly devices: Pick<Devices, "set" | "found">;
  readonly discovery: Discovery;
  readonly scenes: Scenes;
  readonly events: EventSink;
  readonly clock: Clock;
}

/** @returns stops it */
export function serveCommands({
  bus,
  devices,
  discovery,
  scenes,
  events,
  clock,
}: ServeParts): Promise<() => Promise<void>> {
  const carryOut = async (command: DevicesCommand, by: { issuer: string; command: string }): Promise<unknown> => {
    const arrivedAt = clock.monotonic();
    switch (command.action) {
      case "set":
        return devices.set(command.changes, by, arrivedAt);
      case "scene-apply":
        return devices.set(scenes.changesOf(command.scene, command.transitionMs), by, arrivedAt);
      case "scene-save": {
        const scene = await scenes.save(command.name, command.devices);
        const count = scene.devices.length;
        events.add({
          type: "scene-saved",
          severity: "info",
          audit: true,
          text: `The scene "${scene.name}" was saved with ${devicesIn(count)} by the flows (${by.issuer}).`,
          subject: { kind: "scene", id: scene.id },
          data: { name: scene.name, count, issuer: by.issuer },
        });
        return scene;
      }
      case "discover":
        await discovery.look();
        return { found: devices.found().map(foundView) };
    }
  };
  return bus.serve(devicesCommand, {}, ({ data, envelope }) =>
    carryOut(data, { issuer: envelope.from, command: envelope.id }),
  );
}
