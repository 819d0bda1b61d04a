/** The client of a house that speaks to no Kasa devices: it finds none, and what is held is not reached. */
import type { HeldDevice, KasaClient, KasaOptions } from "@skein/kasa";
import { SkeinError } from "@skein/kit";

export function createNoKasa({ clock }: Pick<KasaOptions, "clock">): KasaClient {
  const since = clock.now();
  const text = "This Skein speaks to no Kasa devices.";
  const held = new Map<string, HeldDevice>();
  const refuse = () => Promise.reject(new SkeinError("DEVICE_UNREACHABLE", text));
  return {
    hold: ({ id, endpoint, protocol }) =>
      void held.set(id, {
        id,
        endpoint,
        protocol,
        diagnosis: { condition: "unreachable", since, text, tried: [] },
      }),
    release: (id) => void held.delete(id),
    held: () => [...held.values()],
    get: (id) => held.get(id),
    set: refuse,
    step: refuse,
    refresh: refuse,
    energy: refuse,
    discover: () => Promise.resolve([]),
    found: () => [],
    setCredentials: () => {},
    on: () => () => {},
    close: () => Promise.resolve(),
  };
}
