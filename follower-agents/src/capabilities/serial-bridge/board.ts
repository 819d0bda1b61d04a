/**
 * One board behind this host: the link to it, and the follower that it is on the bus while it answers. A board that falls silent goes from
 * the bus without a word, as a machine that lost its current: the leader's verdict is `link-lost` while the bridge lives.
 */
import { messageOf, type CancelTimer, type Clock, type Logger, type Random } from "@skein/kit";
import {
  openHubLink,
  resetCauseName,
  type Board,
  type Channel,
  type HubEvent,
  type OpenWire,
  type Told,
} from "@skein/stm32-link";
import type { Member, PlannedMember } from "../capability";
import { hubCapability } from "../hub/hub";
import { hubHost } from "../hub/hub-host";

/** A link that comes back sooner was no loss: a byte was damaged, the board was slow, ms. */
const GRACE_MS = 1000;

export interface BridgedBoardParts {
  readonly member: PlannedMember;
  readonly open: OpenWire;
  readonly hostLossMs: number;
  /** The follower whose cable it hangs on. */
  readonly via: string;
  /** Whether that is made up, and so is what it says of its boards. */
  readonly virtual: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly descriptions: Map<number, readonly Channel[]>;
}

export interface BridgedBoard {
  readonly isUp: boolean;
  stop(): Promise<void>;
}

export function bridgeBoard(parts: BridgedBoardParts): BridgedBoard {
  const { clock, logger } = parts;
  const listeners = new Set<(told: Told) => void>();
  let member: Member | undefined;
  let running: Board | undefined;
  let cancelLoss: CancelTimer | undefined;

  const gone = (): void => {
    cancelLoss?.();
    cancelLoss = undefined;
    member?.kill();
    member = running = undefined;
  };
  const came = (board: Board): void => {
    cancelLoss?.();
    cancelLoss = undefined;
    // Back before anybody missed it.
    if (running?.bootId === board.bootId && running.hello.descriptionCrc === board.hello.descriptionCrc) return;
    gone();
    running = board;
    member = parts.member.start({
      via: parts.via,
      version: board.hello.firmware,
      host: hubHost(board, parts.virtual),
      capabilities: [
        hubCapability({
          link,
          board,
          onTold(listener) {
            listeners.add(listener);
            return () => void listeners.delete(listener);
          },
        }),
      ],
      onRestart: () =>
        void link
          .ask("reboot", { loader: false })
          .catch((error: unknown) => logger.warn({ reason: messageOf(error) }, "the board was not restarted")),
    });
  };
  const hear = (event: HubEvent): void => {
    switch (event.type) {
      case "up": {
        const { hello } = event.board;
        logger.info(
          {
            board: hello.board,
            firmware: hello.firmware,
            channels: hello.channels,
            reset: resetCauseName(hello.resetCause),
          },
          event.rebooted ? "the board was reset" : "the board answers",
        );
        return came(event.board);
      }
      case "down":
        logger.warn({ code: event.error.code, reason: event.error.message }, "the board is lost");
        cancelLoss ??= running && clock.setTimer(gone, GRACE_MS);
        return;
      case "sample":
      case "event":
      case "heartbeat":
        for (const listener of listeners) listener(event);
    }
  };
  const { open, random, hostLossMs, descriptions } = parts;
  const link = openHubLink({ open, clock, random, logger, hostLossMs, descriptions, onEvent: hear });

  return {
    get isUp() {
      return link.board !== undefined;
    },
    async stop() {
      // First: from then on no session begins, and no member with it.
      await link.close();
      cancelLoss?.();
      await member?.stop();
      member = undefined;
    },
  };
}
