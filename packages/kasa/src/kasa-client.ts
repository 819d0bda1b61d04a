/** The client as its users have it (client.ts): a link a device, the search for devices, and one list of listeners. */
import { messageOf, SkeinError } from "@skein/kit";
import type { AskAt, Found, KasaClient, KasaEvent, KasaOptions } from "./client";
import { holderOf } from "./device-id";
import { createDiscovery, MOST_FOUND } from "./discovery/discovery";
import { DeviceLink } from "./link/device-link";

const DISCOVER_MS = 2000;
const XOR_PORT = 9999;

export function createKasaClient(options: KasaOptions): KasaClient {
  const { clock, random, logger, pollMs = 5000, energyMs = 10_000, answerMs = 5000, settleMs = 350 } = options;
  const discovery = createDiscovery({ clock, random, logger, askAt: options.askAt });
  const links = new Map<string, DeviceLink>();
  const found = new Map<string, Found>();
  const life = new AbortController();
  /** Under way, by where is asked and for how long. */
  const searches = new Map<string, Promise<readonly Found[]>>();
  const listeners = new Set<(event: KasaEvent) => void>();
  let credentials = options.credentials;
  const emit = (event: KasaEvent) => {
    for (const listener of listeners)
      try {
        listener(event);
      } catch (error) {
        // A listener's mistake must not end the loop of the device that it was told of.
        logger.error({ event: event.type, reason: messageOf(error) }, "a listener failed");
      }
  };
  const parts = {
    clock,
    random,
    logger,
    discovery,
    answerMs,
    pollMs,
    energyMs,
    settleMs,
    aesPassthrough: options.aesPassthrough ?? false,
    credentials: () => credentials,
    emit,
  };
  const linkOf = (id: string): DeviceLink => {
    const link = links.get(holderOf(id));
    if (!link)
      throw new SkeinError("DEVICE_UNKNOWN", `there is no device "${id}".`, { hint: "Look at the list of devices." });
    return link;
  };
  const search = async (waitMs: number, only: readonly AskAt[] | undefined): Promise<readonly Found[]> => {
    const sightings = await discovery.ask({ waitMs, only, signal: life.signal });
    for (const sighting of sightings) {
      const known = found.has(sighting.id);
      const now = { ...sighting, at: clock.now() };
      // Behind those that were not heard for longer: the one not heard for longest is forgotten first.
      found.delete(sighting.id);
      found.set(sighting.id, now);
      if (found.size > MOST_FOUND) found.delete([...found.keys()][0] ?? "");
      if (!known) emit({ type: "found", found: now });
      links.get(sighting.id)?.sighted(sighting);
    }
    return sightings.map(({ id }) => found.get(id) as Found);
  };
  return {
    hold({ id, endpoint, protocol }) {
      const holder = holderOf(id);
      if (links.has(holder)) return;
      const seen = found.get(holder);
      // Where only an address is known its port says what to begin with; if that is wrong, the device says better.
      const guess = endpoint && {
        endpoint,
        protocol: endpoint.port === XOR_PORT ? ("xor" as const) : ("klap-v2" as const),
      };
      const way = endpoint && protocol ? { endpoint, protocol } : (seen ?? guess);
      links.set(holder, new DeviceLink(holder, way && { endpoint: way.endpoint, protocol: way.protocol }, parts));
    },
    release(id) {
      const holder = holderOf(id);
      void links.get(holder)?.stop();
      links.delete(holder);
    },
    held: () => [...links.values()].flatMap((link) => link.views()),
    get: (id) =>
      links
        .get(holderOf(id))
        ?.views()
        .find((device) => device.id === id),
    set: async (id, change, by) => linkOf(id).set(id, change, by),
    step: async (id, points, by) => linkOf(id).step(id, points, by),
    refresh: async (id) => linkOf(id).refresh(id),
    energy: async (id) => linkOf(id).energy(id),
    discover({ waitMs = DISCOVER_MS, askAt: only } = {}) {
      // Page, API and flows ask at the same moment: each device answers once, and all of them hear it.
      const key = JSON.stringify([waitMs, only]);
      const underWay = searches.get(key);
      if (underWay) return underWay;
      const begun = search(waitMs, only).finally(() => searches.delete(key));
      searches.set(key, begun);
      return begun;
    },
    found: () => [...found.values()],
    setCredentials(next) {
      credentials = next;
      for (const link of links.values())
        if (link.views().some(({ diagnosis }) => diagnosis.condition !== "ok")) link.knock();
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      life.abort();
      const ended = [...searches.values()].map((search) => search.catch(() => undefined));
      await Promise.all([...[...links.values()].map((link) => link.stop()), ...ended]);
      links.clear();
      listeners.clear();
    },
  };
}
