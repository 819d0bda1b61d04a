/** `skein-stm32-peripheral`: a board's channels follow what a flow says; what they measure comes out, and what happens to them. */
import {
  becauseOf,
  createAbsences,
  createSender,
  createStatus,
  keyOfFailure,
  migrate,
  onClose,
  onInput,
  skeinSettings,
  tellFailure,
  typedValue,
} from "@skein/palette";
import { every, systemClock } from "@skein/kit";
import type { NodeAPI, NodeDef, NodeMessage } from "node-red";
import { isAway } from "./away";
import { carryOut, type Parts } from "./carry-out";
import { chosenIn, numberOf } from "./chosen";
import { defaults, type Stm32PeripheralConfig } from "./config";
import { deskOf } from "./desk-of";
import { channelCalled, watchedChannels, type Chosen } from "./find";
import type { HeardEvent, HeardReading, HubDesk } from "./hub-desk";
import { eventMessage, reachedMessage, readingMessage } from "./report";
import { addRoutes, type PeripheralNode } from "./routes";
import { lineOf } from "./show";
import { createTeller } from "./teller";
import { valueShown } from "./wanted";

/** Channels change many times a second: the status line follows at this pace, ms. */
const STATUS_EVERY_MS = 250;

/** What a node hears of its own accord. */
type News = { readonly heard: HeardReading } | { readonly happened: HeardEvent };

/** Settings that are known to be right when the node is made. */
interface Settled {
  readonly desk: HubDesk;
  readonly chosen: Chosen;
  readonly rampMs: number | undefined;
  readonly forMs: number | undefined;
  readonly deadband: number;
  readonly everyMs: number | undefined;
}

const FAILURES = {
  HUB_DIRECT_IN_HOUSE: "notHere",
  HUB_LINE_MISSING: "noLine",
  ID_INVALID: "badTarget",
  HUB_SETTING_INVALID: "badSetting",
};

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;
  const absences = createAbsences<HubDesk, News>(clock, (desk, hear) => {
    const stops = [desk.onReading((heard) => hear({ heard })), desk.onEvent((happened) => hear({ happened }))];
    return () => stops.forEach((stop) => stop());
  });

  RED.nodes.registerType<PeripheralNode, NodeDef & Stm32PeripheralConfig, object, object>(
    "skein-stm32-peripheral",
    function (this, saved) {
      RED.nodes.createNode(this, saved);
      const config = migrate(saved, {}, defaults);
      const status = createStatus(RED, this);
      let settled: Settled;
      try {
        settled = {
          chosen: chosenIn(RED, this, config),
          rampMs: numberOf(config, "rampMs"),
          forMs: numberOf(config, "forMs"),
          deadband: numberOf(config, "deadband") ?? 0,
          everyMs: config.tell === "every" ? (numberOf(config, "everyS") ?? defaultEveryS) * 1000 : undefined,
          desk: deskOf(RED, config),
        };
      } catch (error) {
        status("bad", RED._(`stm32-peripheral.status.${keyOfFailure(error, FAILURES)}`), true);
        tellFailure(RED, this, error);
        return onInput(this, () => {
          throw error;
        });
      }
      const { desk, chosen, deadband, everyMs, rampMs, forMs } = settled;
      const say = createSender(RED, this);
      const teller = createTeller(deadband);

      let asking = 0;
      const show = () => {
        const { tone, pending, key, values } = lineOf(desk, chosen, asking);
        status(tone, RED._(`stm32-peripheral.status.${key}`, { ...values }), pending);
      };
      let cancelShow: (() => void) | undefined;
      const showSoon = () => {
        cancelShow ??= clock.setTimer(
          () => {
            cancelShow = undefined;
            show();
          },
          STATUS_EVERY_MS,
          { unref: true },
        );
      };

      /** What is driven speaks when it is asked: else each order would be answered twice. */
      const sensors = () => watchedChannels(desk, chosen).filter(({ channel }) => !channel.driven);
      const initial = new Set<string>();
      /** "Tell the first value": each once, as soon as it is known. */
      const tellFirst = () => {
        if (!config.sendInitial) return;
        for (const { board, channel } of sensors()) {
          const key = `${board.id}/${channel.id}`;
          const reading = desk.reading(board.id, channel.id);
          if (!reading || initial.has(key)) continue;
          initial.add(key);
          teller.told(board.id, channel.id, reading);
          say([{ ...readingMessage(board, channel, reading), initial: true }, null]);
        }
      };
      const hear = (heard: HeardReading) => {
        const found = sensors().find(({ board, channel }) => board.id === heard.board && channel.id === heard.channel);
        if (!teller.weigh(heard) || !found || config.tell !== "change") return;
        initial.add(`${heard.board}/${heard.channel}`);
        say([readingMessage(found.board, found.channel, heard.reading, heard.source), null]);
      };
      const happen = (happened: HeardEvent) => {
        const board = desk.board(happened.board);
        if (!board || (chosen.board !== "" && chosen.board !== board.id)) return;
        const { channel } = happened.data;
        // What befalls the whole board befalls the channel too.
        const isMeant =
          channel === undefined ||
          chosen.channel === "" ||
          channelCalled(board.channels, chosen.channel)?.id === channel;
        if (isMeant) say([null, eventMessage(board, happened)]);
      };
      const changed = () => {
        tellFirst();
        showSoon();
      };
      const stops = [
        desk.onReading(hear),
        desk.onEvent(happen),
        desk.onChange(changed),
        ...(everyMs === undefined
          ? []
          : [
              every(clock, everyMs, () => {
                for (const { board, channel } of sensors()) {
                  const reading = desk.reading(board.id, channel.id);
                  if (reading && !isAway(board)) say([readingMessage(board, channel, reading), null]);
                }
              }),
            ]),
      ];
      for (const news of absences.over(this.id, desk)) {
        if ("heard" in news) hear(news.heard);
        else happen(news.happened);
      }
      show();
      changed();

      const carry = async (payload: unknown, message: NodeMessage) => {
        asking++;
        show();
        const named: Parts["named"] = { board: message["board"], channel: message["channel"] };
        try {
          return await carryOut(payload, { desk, clock, chosen, named, rampMs, forMs, because: becauseOf(message) });
        } finally {
          asking--;
          show();
        }
      };
      onInput(this, async (message, send) => {
        const payload = await typedValue(RED, this, config.payload, config.payloadType, message);
        const carried = await carry(payload, message);
        for (const { channel, ...stands } of carried.reached.channels)
          teller.told(carried.board.id, channel, { ...stands, at: clock.now() });
        const asked = { message, payload, id: RED.util.generateId(), at: clock.now() };
        send([reachedMessage(desk, carried, asked), null]);
      });

      this.readNow = async () => {
        const { channel, reached } = await carry("read", {});
        const [stands] = reached.channels;
        return channel && stands?.value !== undefined ? valueShown(stands.value, channel) : (stands?.fault ?? "?");
      };
      this.makeSafe = async () => void (await carry("safe", {}));

      onClose(this, clock, async (removed) => {
        for (const stop of stops) stop();
        cancelShow?.();
        if (!removed) absences.begin(this.id, desk);
        if (!config.safeOnClose) return;
        const boards = desk.boards().filter(({ id }) => chosen.board === "" || id === chosen.board);
        await Promise.allSettled(
          boards.filter((board) => !isAway(board)).map(({ id }) => desk.send(id, { action: "safe" }, {})),
        );
      });
    },
  );

  addRoutes(RED, clock);
};

const defaultEveryS = Number(defaults.everyS);
