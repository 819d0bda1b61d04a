/** Looks for devices at the start, every few minutes and when asked to; each that was never seen before is told once. */
import { addressOf, type AskAt, type Found, type KasaClient } from "@skein/kasa";
import { every, messageOf, type Clock, type Document, type Logger } from "@skein/kit";
import type { DeviceSettings } from "../../settings/devices";
import type { EventSink, OnChanged } from "../event-sink";
import { offer, type DevicesFile } from "./document";

export interface Discovery {
  /** Asks everywhere now; resolves when who is there has had time to answer. */
  look(): Promise<void>;
  /** Asks one host that no broadcast reaches. @returns what answered from there */
  probe(host: string): Promise<readonly Found[]>;
  close(): void;
}

export interface DiscoveryParts {
  readonly kasa: KasaClient;
  readonly document: Document<DevicesFile>;
  readonly settings: DeviceSettings["kasa"];
  readonly events: EventSink;
  readonly onChanged: OnChanged;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at once. */
export function startDiscovery(parts: DiscoveryParts): Discovery {
  const { kasa, document, settings, events, onChanged, clock, logger } = parts;
  const look = async () => void (await kasa.discover());
  const lookQuietly = () =>
    void look().catch((error: unknown) => logger.warn({ reason: messageOf(error) }, "no devices could be looked for"));
  const tell = async ({ id, model, alias, endpoint, protocol }: Found) => {
    let isNews = false;
    await document.update((file) => {
      const next = offer(file, id);
      isNews = next !== file;
      return next;
    });
    if (!isNews) return;
    const address = addressOf(endpoint);
    events.add({
      type: "device-found",
      severity: "info",
      text: `A device was found at ${address}: ${alias === undefined ? model : `"${alias}", ${model}`}.`.slice(0, 500),
      subject: { kind: "device", id },
      data: { model, ...(alias !== undefined && { alias }), address, protocol },
    });
  };
  const stopFound = kasa.on((event) => {
    if (event.type !== "found" || document.value.devices.some(({ id }) => id === event.found.id)) return;
    onChanged("devices");
    tell(event.found).catch((error: unknown) =>
      logger.warn({ reason: messageOf(error) }, `that ${event.found.id} was found could not be kept`),
    );
  });
  lookQuietly();
  const stopLooking = every(clock, settings.discoverEveryMs, lookQuietly);
  return {
    look,
    probe(host) {
      // An emulator's ports stand in the settings.
      const at: AskAt = settings.askAt?.find((each) => each.host === host) ?? { host };
      return kasa.discover({ askAt: [at] });
    },
    close() {
      stopLooking();
      stopFound();
    },
  };
}
