/** The desk of a Node-RED without a leader: one board at the end of a line of its own, spoken with by the bridge's own link. */
import type { HubChannelState } from "@skein/contracts";
import { createLogger, hasCode, type SkeinError, type Clock, type IdSource, type Random } from "@skein/kit";
import { createListeners, type Source } from "@skein/palette";
import {
  carryOut,
  eventName,
  openHubLink,
  stateOf,
  type BodyOf,
  type Channel,
  type HubLink,
  type OpenWire,
} from "@skein/stm32-link";
import { boardAway } from "./away";
import type { HeardEvent, HeardReading, HubBoard, HubDesk } from "./hub-desk";
import { isOnOff } from "./wanted";

/** There is one; its node's name tells people which. */
export const BOARD_ID = "board";
/** What measures tells its value so often, ms: a voltage that trembles would flood the flow otherwise. */
const MEASURE_MS = 250;
/** What is on or off tells a change at once, and so often, ms, that there is none. */
const SWITCH_MS = 1000;

export interface DirectDesk extends HubDesk {
  close(): Promise<void>;
}

export function createDirectDesk(parts: {
  /** Who we are in `msg.skein`. */
  readonly id: string;
  /** For people; empty: as the board calls itself. */
  readonly name: string;
  readonly open: OpenWire;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: IdSource;
}): DirectDesk {
  const { id, clock, random, newId } = parts;
  const logger = createLogger({ name: "skein-stm32-direct", level: "warn" });
  const changes = createListeners<[]>(logger);
  const readings = createListeners<[HeardReading]>(logger);
  const events = createListeners<[HeardEvent]>(logger);
  const states = new Map<number, HubChannelState>();
  const underWay = new Set<Promise<unknown>>();
  let board: HubBoard | undefined;
  let trouble: SkeinError | undefined;

  const source = (): Source => ({ id: newId(), at: clock.now(), from: BOARD_ID });
  const hear = (sample: BodyOf<"sample">): void => {
    const { channel } = sample;
    const reading = stateOf(sample, clock.now());
    const before = states.get(channel);
    states.set(channel, reading);
    readings.call({ board: BOARD_ID, channel, reading, before, replayed: false, source: source() });
    changes.call();
  };
  const ask: HubLink["ask"] = async (name, body, urgent) => {
    try {
      return await link.ask(name, body, urgent);
    } catch (error) {
      if (hasCode(error, "HUB_DOWN") && board) throw boardAway(board, trouble);
      throw error;
    }
  };
  /** Bit by bit: another that asks something comes in between. */
  const learn = async (channels: readonly Channel[]) => {
    for (const channel of channels) {
      const { id, step, min, max } = channel;
      const times = isOnOff(channel)
        ? { everyMs: SWITCH_MS, deadband: step }
        : { everyMs: MEASURE_MS, deadband: max - min };
      await link.ask("watch", { channel: id, ...times });
      hear(await link.ask("read", { channel: id }));
    }
  };

  const link = openHubLink({
    open: parts.open,
    clock,
    random,
    logger,
    onEvent: (event) => {
      if (event.type === "up") {
        const { hello, channels } = event.board;
        trouble = undefined;
        board = {
          id: BOARD_ID,
          name: parts.name || hello.board,
          virtual: false,
          channels,
          state: "alive",
          cause: event.rebooted ? "reboot" : "beat",
        };
        learn(channels).catch((error: unknown) => logger.warn({ err: error }, "a board does not tell all of it"));
        changes.call();
      } else if (event.type === "down") {
        trouble = event.error;
        board = board && { ...board, state: "dead", cause: "link-lost" };
        changes.call();
      } else if (event.type === "sample") hear(event.sample);
      else if (event.type === "event") {
        const { event: code, channel, value } = event.event;
        const data = { event: eventName(code), channel, value, at: clock.now() };
        events.call({ board: BOARD_ID, data, source: source() });
      }
    },
  });

  return {
    id,
    linkUp: true,
    get trouble() {
      return trouble;
    },
    boards: () => (board ? [board] : []),
    board: (asked) => (asked === BOARD_ID ? board : undefined),
    reading: (_, channel) => states.get(channel),
    async send(_, order) {
      if (board?.state === "dead") throw boardAway(board, trouble);
      const carried = carryOut(order, { ask, channels: board?.channels ?? [], clock, heard: hear });
      underWay.add(carried);
      try {
        return await carried;
      } finally {
        underWay.delete(carried);
      }
    },
    onReading: readings.add,
    onEvent: events.add,
    onChange: changes.add,
    async close() {
      await Promise.allSettled(underWay);
      await link.close();
    },
  };
}
