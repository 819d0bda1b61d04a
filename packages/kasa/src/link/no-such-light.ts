/** What is wrong with the id of something that its device has not; with what there is, for whoever has to choose. */
import { SkeinError } from "@skein/kit";
import type { HeldDevice } from "../client";

/** @param there what the device consists of: itself alone, or the outlets of a power strip */
export function noSuchLight(id: string, holder: string, there: readonly HeldDevice[]): SkeinError {
  const outlets = there.flatMap(({ info }) => (info?.kind === "outlet" ? [`${info.id} ("${info.alias}")`] : []));
  if (outlets.length === 0)
    return new SkeinError("DEVICE_UNKNOWN", `${holder} is no power strip: there is no outlet ${id}.`);
  const hint = `Its outlets are ${outlets.join(", ")}.`;
  return id === holder
    ? new SkeinError("DEVICE_CANNOT", `${id} is a power strip, and each of its outlets a device of its own.`, { hint })
    : new SkeinError("DEVICE_UNKNOWN", `the power strip ${holder} has no outlet ${id}.`, { hint });
}
