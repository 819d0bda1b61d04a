/** Who answered at an address that somebody asked: new devices, and those of the house, which may have moved there. */
import type { DeviceProbed } from "@skein/contracts";
import { addressOf, type Found, type KasaClient } from "@skein/kasa";
import type { HouseDevice } from "./document";
import { foundView } from "./views";

export interface RecogniseParts {
  readonly kasa: Pick<KasaClient, "held" | "refresh">;
  /** Of the house; a power strip is one here, whose outlets stand for it elsewhere. */
  readonly entry: (id: string) => HouseDevice | undefined;
  readonly nameOf: (device: HouseDevice) => string;
}

/** Resolves when each of the house was looked at, where it answered: so that whoever asked hears whether it is reached there now. */
export async function recognise(answered: readonly Found[], parts: RecogniseParts): Promise<DeviceProbed> {
  const theirs = answered.flatMap((found) => {
    const device = parts.entry(found.id);
    return device ? [{ found, device }] : [];
  });
  const house = theirs.map(async ({ found, device }) => {
    const { endpoint: before } = device;
    const now = await reached(device.id, parts.kasa);
    const hasMoved = before !== undefined && now !== undefined && now.host !== before.host;
    return {
      id: device.id,
      name: parts.nameOf(device),
      address: addressOf(hasMoved ? now : found.endpoint),
      ...(hasMoved && { movedFrom: addressOf(before) }),
    };
  });
  const strangers = answered.filter(({ id }) => parts.entry(id) === undefined);
  return { found: strangers.map(foundView), house: await Promise.all(house) };
}

/** Where it is reached, after a look at it. Of one that is not, that is its diagnosis and no failure of whoever asks. */
async function reached(id: string, kasa: RecogniseParts["kasa"]) {
  const held = () => kasa.held().find((each) => each.id === id || each.info?.parent === id);
  await kasa.refresh(held()?.id ?? id).catch(() => undefined);
  return held()?.endpoint;
}
