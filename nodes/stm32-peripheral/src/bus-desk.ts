/** The house's boards over the bus. One view for each fleet, for as long as that lives: the nodes that a deploy makes anew find it filled. */
import type { Because } from "@skein/bus";
import {
  hubChannelState,
  hubCommand,
  hubDescription,
  hubEvent,
  hubReached,
  type HubChannelState,
  type HubDescription,
} from "@skein/contracts";
import { createLogger, hasCode, SkeinError } from "@skein/kit";
import { createEar, createListeners, type FleetView, type SkeinBusNode } from "@skein/palette";
import { boardAway, isAway } from "./away";
import type { HeardEvent, HeardReading, HubBoard, HubDesk, HubOrder } from "./hub-desk";

/** A motor that starts later than this, ms, surprises whoever stands beside it. */
const WORTH_MS = 2000;
/** A board has three tries of 150 ms for each of several channels; then its bridge has an answer. */
const ANSWER_MS = 8000;

const logger = createLogger({ name: "skein-stm32-peripheral", level: "warn" });
const desks = new WeakMap<FleetView, BusDesk>();

interface BusDesk {
  readonly desk: HubDesk;
  /** To what the broker refused, and to nothing twice. */
  listenAgain(): void;
}

/** Whoever comes after a refusal has what was refused tried anew, for all. */
export function busDeskOf(node: Pick<SkeinBusNode, "bus" | "fleet">): HubDesk {
  const found = desks.get(node.fleet);
  found?.listenAgain();
  const made = found ?? openBusDesk(node);
  desks.set(node.fleet, made);
  return made.desk;
}

function openBusDesk({ bus, fleet }: Pick<SkeinBusNode, "bus" | "fleet">): BusDesk {
  const changes = createListeners<[]>(logger);
  const readings = createListeners<[HeardReading]>(logger);
  const events = createListeners<[HeardEvent]>(logger);
  const described = new Map<string, HubDescription>();
  const states = new Map<string, HubChannelState>();
  const keyOf = (board: string, channel: number) => `${board}/${channel}`;

  const refused = (what: string) => (error: unknown) =>
    logger.warn({ err: error }, `cannot listen to the boards' ${what}`);
  const ears = [
    createEar(
      () =>
        bus.subscribe(
          hubDescription,
          {},
          ({ ids, data }) => {
            described.set(ids.id, data);
            changes.call();
          },
          {
            onCleared({ id }) {
              described.delete(id);
              changes.call();
            },
          },
        ),
      refused("descriptions"),
    ),
    createEar(
      () =>
        bus.subscribe(hubChannelState, {}, ({ ids, data, envelope, retained }) => {
          const [board, channel] = [ids.id, Number(ids.channel)];
          const before = states.get(keyOf(board, channel));
          states.set(keyOf(board, channel), data);
          readings.call({ board, channel, reading: data, before, replayed: retained, source: envelope });
          changes.call();
        }),
      refused("channels"),
    ),
    createEar(
      () =>
        bus.subscribe(hubEvent, {}, ({ ids, data, envelope }) =>
          events.call({ board: ids.id, data, source: envelope }),
        ),
      refused("events"),
    ),
  ];
  // As long as the fleet itself: that ends with the bus.
  fleet.onChange(changes.call);
  bus.onLink(changes.call);

  const boardOf = (id: string, { board, channels }: HubDescription): HubBoard => {
    const member = fleet.get(id);
    return {
      id,
      // Until it was born it is called as it calls itself.
      name: member?.birth?.name ?? board,
      virtual: member?.virtual ?? false,
      channels,
      state: member?.verdict.state ?? "unknown",
      cause: member?.verdict.cause ?? "first-seen",
    };
  };
  const get = (id: string): HubBoard | undefined => {
    const description = described.get(id);
    return description && boardOf(id, description);
  };

  const desk: HubDesk = {
    id: bus.id,
    get linkUp() {
      return bus.link.up;
    },
    boards: () =>
      [...described].map(([id, description]) => boardOf(id, description)).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    board: get,
    reading: (board, channel) => states.get(keyOf(board, channel)),
    async send(id: string, order: HubOrder, because: Because) {
      const refuseIfAway = () => {
        const board = get(id);
        if (board && isAway(board)) throw boardAway(board);
      };
      refuseIfAway();
      const options = { ...because, ttlMs: WORTH_MS, timeoutMs: ANSWER_MS };
      const outcome = await bus.request(hubCommand, { target: id }, order, options).catch((error: unknown) => {
        // It was decided meanwhile: that says more than "no answer".
        if (hasCode(error, "REQUEST_TIMEOUT")) refuseIfAway();
        throw error;
      });
      if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
      return order.action === "arm" ? { channels: [], ms: 0 } : hubReached.parse(outcome.result);
    },
    onReading: readings.add,
    onEvent: events.add,
    onChange: changes.add,
  };
  return {
    desk,
    listenAgain: () => ears.filter(({ isRefused }) => isRefused).forEach((ear) => ear.listenAgain()),
  };
}
