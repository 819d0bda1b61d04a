import type { Clock } from "@skein/kit";
import { seededRandom } from "@skein/kit";
import type { z } from "zod";
import type { virtualHostSettings } from "../config";
import type { Host, HostFigures } from "./host";
import { tenth } from "./known";

export type VirtualHostSettings = z.output<typeof virtualHostSettings>;

/**
 * A machine that is made up, for the demo: it has a model, cores and memory from its settings, and figures that move as a real
 * board's do (slow waves with some noise; heat follows work). The same seed gives the same board. Everything that shows it says
 * that it is virtual; the agent's own cost beside it is real.
 */
export function virtualHost(settings: VirtualHostSettings, clock: Pick<Clock, "now" | "monotonic">): Host {
  const random = seededRandom(settings.seed);
  const idlePercent = 3 + 12 * random.next();
  const swingPercent = 10 + 30 * random.next();
  const waveMs = 60_000 + 240_000 * random.next();
  const phases = Array.from({ length: settings.cores }, () => random.next() * 2 * Math.PI);
  const usedShare = 0.25 + 0.3 * random.next();
  const diskBytes = 32e9;
  const diskShare = 0.2 + 0.4 * random.next();
  const roomC = 34 + 6 * random.next();
  const bootedAt = settings.bootedAt ?? clock.now();
  const noise = (size: number) => size * (random.next() - 0.5);
  const wave = (phase: number) => (1 + Math.sin((2 * Math.PI * clock.now()) / waveMs + phase)) / 2;
  let load = 0.2;

  return {
    bootId: settings.bootId,
    virtual: settings.controls ? { controls: settings.controls } : {},
    describe: () => ({
      hostname: settings.hostname,
      model: settings.model,
      os: settings.os,
      arch: settings.arch,
      cores: settings.cores,
      memoryBytes: settings.memoryBytes,
    }),
    read(): Promise<HostFigures> {
      const perCorePercent = phases.map((phase) =>
        tenth(clamp(idlePercent + swingPercent * wave(phase) + noise(8), 0, 100)),
      );
      const percent = tenth(perCorePercent.reduce((sum, core) => sum + core, 0) / settings.cores);
      load += ((percent / 100) * settings.cores - load) / 6;
      const used = Math.round(settings.memoryBytes * clamp(usedShare + 0.08 * wave(0) + noise(0.01), 0.1, 0.95));
      const temperatureC = tenth(roomC + percent * 0.45 + noise(0.6));
      return Promise.resolve({
        cpu: { percent, perCorePercent },
        memory: { totalBytes: settings.memoryBytes, usedBytes: used, availableBytes: settings.memoryBytes - used },
        temperatureC,
        temperaturesC: { cpu: temperatureC },
        disks: [{ mount: "/", totalBytes: diskBytes, usedBytes: Math.round(diskBytes * diskShare) }],
        network: [
          {
            interface: "eth0",
            receivedBytesPerS: Math.round(900 + 600 * wave(1) + noise(200)),
            sentBytesPerS: Math.round(700 + 400 * wave(2) + noise(200)),
          },
        ],
        load: [load, load * 0.9, load * 0.8].map((value) => Math.round(value * 100) / 100) as [number, number, number],
        uptimeS: Math.max(0, Math.round((clock.now() - bootedAt) / 1000)),
        throttled: false,
      });
    },
  };
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
