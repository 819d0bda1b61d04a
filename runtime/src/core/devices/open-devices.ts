/** The house's devices, put together for core: one Kasa client, what is kept of devices, and everybody who is told of them. */
import { join } from "node:path";
import type { Bus } from "@skein/bus";
import type { History } from "@skein/history";
import type { KasaClient, KasaOptions } from "@skein/kasa";
import { openDocument, type Clock, type Logger, type Random } from "@skein/kit";
import type { Registry } from "prom-client";
import type { DeviceSettings } from "../../settings/devices";
import type { EventSink, OnChanged } from "../event-sink";
import type { LiveFeed } from "../live/feed";
import type { HouseRegistry } from "../registry/house-registry";
import { createDeviceAudit, type DeviceAudit } from "./audit";
import { openCredentials, type CredentialsKeeper } from "./credentials";
import { createDevices, type Devices } from "./devices";
import { startDiscovery, type Discovery } from "./discovery";
import { devicesDocument } from "./document";
import { gaugeDevices } from "./metrics";
import { recordDevices } from "./record";
import { createScenes, type Scenes } from "./scenes";
import { serveCommands } from "./serve-commands";
import { tellBus } from "./tell-bus";

export interface DeviceSide {
  readonly devices: Devices;
  readonly scenes: Scenes;
  readonly discovery: Discovery;
  readonly credentials: Pick<CredentialsKeeper, "value" | "set">;
  readonly audit: DeviceAudit;
  close(): Promise<void>;
}

export interface DeviceSideParts {
  readonly dataDir: string;
  readonly settings: DeviceSettings;
  /** Made-up devices: the demo's. */
  readonly virtual: boolean;
  readonly createKasa: (options: KasaOptions) => KasaClient;
  readonly bus: Pick<Bus, "publish" | "publishRaw" | "subscribe" | "serve">;
  readonly history: Pick<History, "series">;
  readonly registry: HouseRegistry;
  readonly feed: Pick<LiveFeed, "device">;
  readonly metrics: { readonly registry: Registry };
  readonly events: EventSink;
  readonly onChanged: OnChanged;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Holds every device of the house from now on. @throws SkeinError DOCUMENT_UNREADABLE */
export async function openDevices(parts: DeviceSideParts): Promise<DeviceSide> {
  const { dataDir, settings, bus, feed, registry, events, clock, random, logger } = parts;
  const document = openDocument({ file: join(dataDir, "core", devicesDocument.name), ...devicesDocument });
  const kept = openCredentials(dataDir, parts);
  if (kept.lost) {
    const text =
      "User and password of the Kasa account cannot be read: their key is gone or another. Enter them again.";
    logger.error({ code: "DEVICE_CREDENTIALS_LOST" }, text);
    events.add({ type: "device-credentials-lost", severity: "warning", text, data: {} });
  }
  const { discoverEveryMs: _, awayMs, ...kasaSettings } = settings.kasa;
  const kasa = parts.createKasa({ clock, random, logger, credentials: kept.value, ...kasaSettings });
  const devices = createDevices({
    ...parts,
    kasa,
    document,
    hasCredentials: () => kept.value !== undefined,
  });
  const scenes = createScenes({ ...parts, document, devices });
  const discovery = startDiscovery({ ...parts, kasa, document, settings: settings.kasa });
  const stops = [
    // What its owner calls a device may be new.
    registry.onChange(() => devices.renamed()),
    recordDevices({ ...parts, kasa, devices, awayMs }),
    devices.listen({ device: (id) => feed.device(() => (devices.has(id) ? devices.get(id) : undefined)) }),
  ];
  gaugeDevices(parts.metrics.registry, devices);
  const audit = createDeviceAudit(events, clock);
  const stopTelling = await tellBus({ bus, devices, clock, logger });
  const stopServing = await serveCommands({ bus, devices, discovery, scenes, events, clock });
  return {
    devices,
    scenes,
    discovery,
    audit,
    credentials: {
      get value() {
        return kept.value;
      },
      async set(credentials) {
        await kept.set(credentials);
        kasa.setCredentials(credentials);
        parts.onChanged("devices");
      },
    },
    async close() {
      discovery.close();
      await stopServing();
      await stopTelling();
      for (const stop of stops) stop();
      scenes.close();
      devices.close();
      await kasa.close();
      // The orders that were under way have ended by now.
      audit.close();
    },
  };
}
