/** Boards behind this host: each is a follower of its own, reached over a serial cable or the network. */
import { messageOf } from "@skein/kit";
import type { Channel } from "@skein/stm32-link";
import { defineCapability, type CapabilityParts, type RunningCapability } from "../capability";
import { bridgeBoard, type BridgedBoard } from "./board";
import { lineOf } from "./find-line";
import { serialBridgeSettings, type BoardSettings, type SerialBridgeSettings } from "./settings";

export const serialBridge = defineCapability({
  name: "serial-bridge",
  optional: true,
  settings: serialBridgeSettings,
  start: startBridge,
});

function startBridge(parts: CapabilityParts, initial: SerialBridgeSettings): RunningCapability<SerialBridgeSettings> {
  const { logger } = parts;
  const descriptions = new Map<number, readonly Channel[]>();
  let misconfigured = false;
  let boards = openAll(initial);
  let stopped = false;
  let turn = Promise.resolve();

  function openAll({ boards: wanted, hostLossMs }: SerialBridgeSettings): BridgedBoard[] {
    misconfigured = false;
    return wanted.flatMap((board) => {
      try {
        return [bridge(board, hostLossMs)];
      } catch (error) {
        // One board's file must not cost the others.
        misconfigured = true;
        logger.error({ config: board.config, reason: messageOf(error) }, "a board cannot be bridged");
        return [];
      }
    });
  }
  function bridge(board: BoardSettings, hostLossMs: number): BridgedBoard {
    const { id, host, clock, random, members } = parts;
    if (!members) throw new Error("a board has no boards of its own");
    const member = members.load(board.config);
    return bridgeBoard({
      member,
      open: lineOf(board),
      hostLossMs,
      via: id,
      virtual: host.virtual !== undefined,
      clock,
      random,
      logger: logger.child({ board: member.id }),
      descriptions,
    });
  }
  const stopAll = async (): Promise<void> => {
    const all = boards;
    boards = [];
    for (const { reason } of await Promise.allSettled(all.map((board) => board.stop())).then(failures))
      logger.warn({ reason: messageOf(reason) }, "a board was not let go cleanly");
  };

  return {
    condition: () => (misconfigured || boards.some(({ isUp }) => !isUp) ? "degraded" : "ok"),
    apply(settings) {
      // One after the other: a line is let go before it is opened again, also where settings change twice in a moment.
      turn = turn.then(stopAll).then(() => {
        if (!stopped) boards = openAll(settings);
      });
    },
    async stop() {
      stopped = true;
      await turn.then(stopAll);
    },
  };
}

const failures = (outcomes: readonly PromiseSettledResult<void>[]): readonly PromiseRejectedResult[] =>
  outcomes.filter((outcome): outcome is PromiseRejectedResult => outcome.status === "rejected");
