/** Joining, put together for the broker that this house has. */
import { join } from "node:path";
import type { Clock, Random } from "@skein/kit";
import type { CoreInit } from "../../launcher/ipc";
import { brokerCaFile, pem } from "../../pem";
import type { EventSink, OnChanged } from "../event-sink";
import { embeddedAccounts, foreignAccounts, mosquittoAccounts, type BusAccounts } from "./bus-accounts";
import { busUrlFor } from "./bus-url";
import { createJoinCodes } from "./join-codes";
import { createJoinLimit } from "./join-limit";
import { createJoining, type Joining, type Places } from "./joining";
import { knockUntil } from "./knock";

/** Those that may be removed: the launcher makes its own parts' users anew at every start. */
export function openAccounts(
  { settings, dataDir, bus, ownUsers }: Pick<CoreInit, "settings" | "dataDir" | "bus" | "ownUsers">,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): { readonly all: BusAccounts; readonly removable: Pick<BusAccounts, "has" | "remove"> } {
  const { kind, mosquitto } = settings.bus;
  const parts = { usersFile: join(dataDir, "secrets", "bus-users.json"), random };
  const made =
    kind === "embedded"
      ? embeddedAccounts(parts)
      : mosquitto
        ? mosquittoAccounts({ ...parts, mosquitto, until: knockUntil(bus, clock) })
        : foreignAccounts();
  const all = { ...made, followers: () => made.followers().filter((id) => !ownUsers.includes(id)) };
  return { all, removable: { has: (id) => !ownUsers.includes(id) && all.has(id), remove: (id) => all.remove(id) } };
}

export interface OpenJoiningParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly accounts: BusAccounts;
  readonly isKnown: (id: string) => boolean;
  readonly places?: Places;
  readonly events: EventSink;
  readonly onChanged: OnChanged;
}

/** @throws SkeinError CONFIG_UNREADABLE */
export function openJoining(
  { settings, ports }: Pick<CoreInit, "settings" | "ports">,
  { clock, random, accounts, isKnown, places, events, onChanged }: OpenJoiningParts,
): Joining {
  const caFile = brokerCaFile(settings.bus);
  return createJoining({
    codes: createJoinCodes({ clock, random, onChanged: () => onChanged("join-codes") }),
    limit: createJoinLimit(clock),
    accounts,
    isKnown,
    busUrl: (host) => busUrlFor(host, { bus: settings.bus, ports }),
    ca: caFile && pem(caFile, "bus"),
    places,
    events,
  });
}
