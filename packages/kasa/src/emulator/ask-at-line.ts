/** What a leader on this machine has to be told: no broadcast reaches an address of the machine itself, so that it finds nobody by looking. */
import type { DeviceEmulator } from "./emulator";

/** Where real devices hear the search. */
const PORTS = { xor: 9999, klap: 20_002, tpap: 20_004 } as const;

/** The setting as it stands in skein.yaml, in one line. */
export const askAtLine = (devices: readonly Pick<DeviceEmulator, "host" | "ports">[]): string =>
  `For a leader on this machine, in skein.yaml (or "By its address" on the page):  devices: { kasa: { askAt: [${devices.map(entryOf).join(", ")}] } }`;

function entryOf({ host, ports }: Pick<DeviceEmulator, "host" | "ports">): string {
  const others = (["xor", "klap", "tpap"] as const).flatMap((way) => {
    const port = ports[way];
    return port === undefined || port === PORTS[way] ? [] : [`${way}: ${port}`];
  });
  return others.length === 0 ? host : `{ host: ${host}, ports: { ${others.join(", ")} } }`;
}
