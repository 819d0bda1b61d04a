/**
 * A board on the bus: what it is, what its channels measure, what happens on it, how it fares; and what it is told. One is made for each
 * session with a board (serial-bridge/), since what it can is the board's own word.
 */
import {
  heartbeat,
  hubChannelState,
  hubCommand,
  hubDescription,
  hubEvent,
  hubFigures,
  hubSamples,
} from "@skein/contracts";
import { hasCode, messageOf } from "@skein/kit";
import {
  carryOut,
  eventName,
  stateOf,
  type Board,
  type BodyOf,
  type HubLink,
  type Told as BoardTold,
} from "@skein/stm32-link";
import { defineCapability, type Capability, type CapabilityParts, type RunningCapability } from "../capability";
import { hubSettings, type HubSettings } from "./settings";
import { Told } from "./told";

/** A board tells so often that it lives, ms (docs/link.md). */
const BEAT_MS = 5000;

export interface BoardOnLine {
  readonly link: HubLink;
  readonly board: Board;
  /** Calls with what the board tells unasked. @returns stops it */
  onTold(listener: (told: BoardTold) => void): () => void;
}

export const hubCapability = (line: BoardOnLine): Capability =>
  defineCapability({ name: "hub", settings: hubSettings, start: (parts, settings) => startHub(parts, settings, line) });

function startHub(parts: CapabilityParts, initial: HubSettings, line: BoardOnLine): RunningCapability<HubSettings> {
  const { id, bus, clock, host, logger } = parts;
  const { link, board } = line;
  let settings = initial;
  const faulty = new Set<number>();

  // The bus itself logs what a broker refuses. What does not fit its contract is a board's fault that nobody would see otherwise.
  const sent = (promise: Promise<unknown>): void =>
    void promise.catch((error: unknown) => {
      const isOurs = hasCode(error, "MESSAGE_INVALID") || hasCode(error, "MESSAGE_TOO_LARGE");
      logger[isOurs ? "warn" : "debug"]({ reason: messageOf(error) }, "what the board says was not told");
    });
  const told = new Told({
    clock,
    stateMs: () => settings.stateMs,
    state: (channel, state) => sent(bus.publish(hubChannelState, { id, channel: String(channel) }, state)),
    samples: (samples, missed) => sent(bus.publish(hubSamples, { id }, { samples, ...(missed > 0 && { missed }) })),
  });
  const condition = () => (faulty.size > 0 ? ("degraded" as const) : ("ok" as const));
  const beat = (): void =>
    sent(bus.publish(heartbeat, { id }, { bootId: host.bootId, nextInMs: BEAT_MS, capabilities: parts.conditions() }));

  const takeSample = (sample: Pick<BodyOf<"sample">, "channel" | "value" | "fault">, missed = 0) => {
    const { channel, fault } = sample;
    if (fault === undefined) faulty.delete(channel);
    else faulty.add(channel);
    told.take(channel, stateOf(sample, clock.now()), missed);
  };
  const hear = (heard: BoardTold): void => {
    if (heard.type === "sample") return takeSample(heard.sample, heard.missed);
    if (heard.type === "event") {
      const { event, channel, value } = heard.event;
      return sent(
        bus.publish(
          hubEvent,
          { id },
          {
            event: eventName(event),
            ...(channel !== undefined && { channel }),
            ...(value !== undefined && { value }),
            at: clock.now(),
          },
        ),
      );
    }
    const { stackFree, rxDrops, txDrops, supplyMv, ...figures } = heard.heartbeat;
    beat();
    sent(
      bus.publish(
        hubFigures,
        { id },
        {
          ...figures,
          stackFreeBytes: stackFree,
          rxDroppedBytes: rxDrops,
          txDroppedFrames: txDrops,
          ...(supplyMv !== undefined && { supplyMv }),
        },
      ),
    );
  };

  /** How often each tells; the board forgets that with its session. */
  const watchAll = async (): Promise<void> => {
    for (const { id: channel, step } of board.channels) {
      const { everyMs, deadband } = settings.watch[channel] ?? { everyMs: settings.everyMs, deadband: step };
      await link.ask("watch", { channel, everyMs, deadband });
      takeSample(await link.ask("read", { channel }));
    }
  };
  // A session that ends in the midst of it begins again with all of this.
  const watchAgain = () =>
    void watchAll().catch((error: unknown) =>
      logger.debug({ reason: messageOf(error) }, "not every channel was asked"),
    );

  const stopHearing = line.onTold(hear);
  const { hello, channels } = board;
  sent(bus.publish(hubDescription, { id }, { board: hello.board, firmware: hello.firmware, channels: [...channels] }));
  const forgetLink = bus.onLink(({ up }) => up && beat());
  sent(
    bus.serve(hubCommand, {}, ({ data, envelope }) => {
      logger.info({ order: data.action, by: envelope.from }, "told to");
      return carryOut(data, { ask: link.ask, channels, clock });
    }),
  );
  watchAgain();
  return {
    condition,
    apply(next) {
      settings = next;
      watchAgain();
    },
    stop() {
      stopHearing();
      forgetLink();
      told.close();
    },
  };
}
