/** Tells of a mass loss: as one notice on the bus and in the log when it begins and when it is over, and to the page as it stands. */
import type { Bus } from "@skein/bus";
import { leaderNotice, type MassLossView, type VerdictState } from "@skein/contracts";
import { messageOf, type Clock, type Logger } from "@skein/kit";
import type { MassLoss, MassLossNotice } from "./mass-loss";

/** So many ids of 63 characters fit into a notice. */
const MAX_NAMED = 3_500;

export interface MassLossParts {
  readonly bus: Pick<Bus, "publish">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isVirtual: (id: string) => boolean;
  readonly onNotice: (notice: MassLossNotice) => void;
  readonly onChange: (view: MassLossView | undefined) => void;
}

export interface MassLossTeller {
  /** A follower's verdict is now this; undefined: it was forgotten. */
  change(id: string, state: VerdictState | undefined): void;
  /** As it stands; undefined when there is none. */
  readonly view: MassLossView | undefined;
}

export function tellMassLoss(
  massLoss: MassLoss,
  { bus, clock, logger, isVirtual, onNotice, onChange }: MassLossParts,
): MassLossTeller {
  // Kept and not asked of all of them each time: ten thousand may be lost, and each changes it.
  let virtual = massLoss.ongoing?.followers.some(isVirtual) ?? false;
  const viewNow = (): MassLossView | undefined => massLoss.figures && { ...massLoss.figures, virtual };
  let view = viewNow();

  const tell = (notice: MassLossNotice) => {
    logger.warn(
      { ...notice },
      notice.notice === "mass-loss"
        ? `${notice.followers.length} of ${notice.of} followers were lost together`
        : "most of the lost followers are back",
    );
    onNotice(notice);
    const named = { ...notice, followers: notice.followers.slice(0, MAX_NAMED), virtual };
    void bus
      .publish(leaderNotice, {}, named)
      .catch((error: unknown) =>
        logger.error({ err: error }, `the notice could not be published: ${messageOf(error)}`),
      );
  };
  return {
    get view() {
      return view;
    },
    change(id, state) {
      const notice = massLoss.change(id, state, clock.now());
      if (notice?.notice === "mass-loss") virtual = notice.followers.some(isVirtual);
      const before = view;
      if ((massLoss.figures?.lost ?? 0) > (before?.lost ?? Infinity)) virtual ||= isVirtual(id);
      view = viewNow();
      if (notice) tell(notice);
      if (view?.since !== before?.since || view?.lost !== before?.lost || view?.back !== before?.back) onChange(view);
    },
  };
}
