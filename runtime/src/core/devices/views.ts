/** How a device is shown: to the API and the page whole, to the bus as what nodes need. Pure. */
import type { DeviceCause, DeviceStateData, DeviceView, FoundView } from "@skein/contracts";
import { addressOf, type Diagnosis, type Found, type HeldDevice } from "@skein/kasa";
import type { HouseDevice } from "./document";

/** What the Kasa client does not know of it. */
export interface AboutDevice {
  /** What the owner calls it. */
  readonly givenName: string | undefined;
  readonly cause: DeviceCause | undefined;
  /** When the state with that cause was confirmed, ms: it stays while only the condition changes, so that nobody takes that for news. */
  readonly causedAt: number | undefined;
  readonly powerW: number | undefined;
  readonly virtual: boolean;
  /** While nothing is held of it: an outlet has its strip's. */
  readonly otherwise: Diagnosis;
}

/** As many and as long as the contracts take. */
const MAX_TRIED = 20;
const MAX_TEXT = 500;

export const nameOf = ({ info, alias, model, id }: HouseDevice, givenName: string | undefined): string =>
  [givenName, info?.alias, alias, model].find((name) => name !== undefined && name !== "") ?? id;

export function deviceView(entry: HouseDevice, held: HeldDevice | undefined, about: AboutDevice): DeviceView {
  const info = held?.info ?? entry.info;
  const endpoint = held?.endpoint ?? entry.endpoint;
  const { condition, since, text, hint, tried } = held?.diagnosis ?? about.otherwise;
  return {
    id: entry.id,
    name: nameOf(entry, about.givenName),
    alias: info?.alias ?? entry.alias,
    parent: entry.parent,
    kind: info?.kind,
    model: info?.model ?? entry.model,
    mac: info?.mac ?? entry.mac,
    firmware: info?.firmware,
    protocol: held?.protocol ?? entry.protocol,
    address: endpoint && addressOf(endpoint),
    abilities: info && { ...info.abilities, effects: [...info.abilities.effects] },
    state: held?.state,
    confirmedAt: held?.confirmedAt,
    cause: about.cause,
    fading: held?.fading || undefined,
    diagnosis: { condition, since, text, hint, tried: tried.slice(0, MAX_TRIED) },
    powerW: about.powerW,
    virtual: about.virtual,
  };
}

export function busState(entry: HouseDevice, held: HeldDevice | undefined, about: AboutDevice): DeviceStateData {
  const {
    name,
    model = "",
    kind,
    abilities,
    state,
    cause,
    fading,
    diagnosis,
    virtual,
  } = deviceView(entry, held, about);
  return {
    name: name.slice(0, 200),
    model: model.slice(0, 100),
    kind,
    abilities,
    state,
    confirmedAt: about.causedAt ?? held?.confirmedAt,
    cause,
    fading,
    condition: diagnosis.condition,
    ...(diagnosis.condition !== "ok" && { why: diagnosis.text.slice(0, MAX_TEXT) }),
    virtual,
  };
}

export const foundView = ({ id, mac, model, alias, endpoint, protocol, at }: Found): FoundView => ({
  id,
  mac,
  model,
  alias,
  address: addressOf(endpoint),
  protocol,
  at,
});
