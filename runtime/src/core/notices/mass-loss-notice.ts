/** The house's own notice that many followers were lost together, and that most are back. */
import { messageOf, type Logger } from "@skein/kit";
import type { FleetService } from "../fleet/fleet-service";
import type { MassLossNotice } from "../fleet/mass-loss";
import type { Notices } from "./notices";

/** So many are named; the page shows all. */
const NAMED = 5;

export function tellMassLosses(
  fleet: Pick<FleetService, "listen">,
  notices: Pick<Notices, "tell">,
  logger: Logger,
): () => void {
  return fleet.listen({
    notice: (notice) =>
      void notices
        .tell(inWords(notice))
        .catch((error: unknown) => logger.error({ err: error }, `a mass loss was not told: ${messageOf(error)}`)),
  });
}

export function inWords(notice: MassLossNotice): Parameters<Notices["tell"]>[0] {
  const { followers } = notice;
  const some =
    followers.slice(0, NAMED).join(", ") + (followers.length > NAMED ? ` and ${followers.length - NAMED} more` : "");
  return notice.notice === "mass-loss"
    ? {
        severity: "warning",
        title: `${followers.length} of ${notice.of} followers were lost together`,
        text: `${some}. Look at what they share: power, switch, Wi-Fi.`,
      }
    : { severity: "info", title: "Most of the lost followers are back", text: `${some}.` };
}
