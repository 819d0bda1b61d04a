/** What the node says of its own accord: changes of what is read, or its value every so often, the first value of each, and what happens. */
import { every, type Clock } from "@skein/kit";
import type { Sender } from "@skein/palette";
import { isAway } from "./away";
import type { Stm32PeripheralConfig } from "./config";
import { channelCalled, watchedChannels, type Chosen } from "./find";
import type { HeardEvent, HeardReading, HubDesk } from "./hub-desk";
import { eventMessage, readingMessage } from "./report";
import { isKnown, type Teller } from "./teller";

/** What is heard of the boards. */
export type News = { readonly heard: HeardReading } | { readonly happened: HeardEvent };

export interface SpeakUpParts {
  readonly desk: HubDesk;
  readonly chosen: Chosen;
  readonly teller: Teller;
  readonly tell: Stm32PeripheralConfig["tell"];
  /** Where `tell` is `every`. */
  readonly everyMs: number;
  readonly sendInitial: boolean;
  readonly clock: Clock;
  readonly say: Sender;
}

/** Both outputs, from now on. */
export const listenTo = (desk: HubDesk, hear: (news: News) => void): (() => void) => {
  const stops = [desk.onReading((heard) => hear({ heard })), desk.onEvent((happened) => hear({ happened }))];
  return () => stops.forEach((stop) => stop());
};

/** @param missed what happened while a deploy made the node anew */
export function speakUp(parts: SpeakUpParts, missed: readonly News[]): () => void {
  const { desk, chosen, teller, tell, say } = parts;
  /** What is driven speaks when it is asked: else each order would be answered twice. */
  const sensors = () => watchedChannels(desk, chosen).filter(({ channel }) => !channel.driven);
  const initial = new Set<string>();

  const tellFirst = () => {
    if (!parts.sendInitial) return;
    for (const { board, channel } of sensors()) {
      const key = `${board.id}/${channel.id}`;
      const reading = desk.reading(board.id, channel.id);
      if (!reading || !isKnown(reading) || initial.has(key)) continue;
      initial.add(key);
      teller.told(board.id, channel.id, reading);
      say([{ ...readingMessage(board, channel, reading), initial: true }, null]);
    }
  };
  const change = (heard: HeardReading) => {
    const found = sensors().find(({ board, channel }) => board.id === heard.board && channel.id === heard.channel);
    if (!teller.weigh(heard) || !found || tell !== "change") return;
    initial.add(`${heard.board}/${heard.channel}`);
    say([readingMessage(found.board, found.channel, heard.reading, heard.source), null]);
  };
  const happen = (happened: HeardEvent) => {
    const board = desk.board(happened.board);
    if (!board || (chosen.board !== "" && chosen.board !== board.id)) return;
    const { channel } = happened.data;
    // What befalls the whole board befalls the channel too.
    const isMeant =
      channel === undefined || chosen.channel === "" || channelCalled(board.channels, chosen.channel)?.id === channel;
    if (isMeant) say([null, eventMessage(board, happened)]);
  };
  const hear = (news: News) => ("heard" in news ? change(news.heard) : happen(news.happened));
  const tellAll = () => {
    for (const { board, channel } of sensors()) {
      const reading = desk.reading(board.id, channel.id);
      if (reading && isKnown(reading) && !isAway(board)) say([readingMessage(board, channel, reading), null]);
    }
  };

  for (const news of missed) hear(news);
  tellFirst();
  const stops = [
    listenTo(desk, hear),
    desk.onChange(tellFirst),
    ...(tell === "every" ? [every(parts.clock, parts.everyMs, tellAll)] : []),
  ];
  return () => stops.forEach((stop) => stop());
}
