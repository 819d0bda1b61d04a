/**
 * One board at the end of one line, for as long as it is wanted: opens the line, begins sessions, notices a reset, a cable pulled and a
 * board that says nothing, and begins anew by itself. An order is never sent again after that: its caller is told that nobody knows
 * whether it was done, and says again what he wants.
 */
import { backoffMs, sleep, SkeinError, type Clock, type Logger, type Random } from "@skein/kit";
import type { Channel, DescriptionCache } from "./description";
import type { Exchange, ExchangeTimes } from "./exchange";
import { Deframer, type Damage } from "./frame";
import { Session, type Board, type End, type Told } from "./session";
import type { OpenWire, Wire } from "./wire";

export type HubEvent =
  | Told
  /** `rebooted` when the boot id is another one than in the session before. */
  | { readonly type: "up"; readonly board: Board; readonly rebooted: boolean }
  | ({ readonly type: "down" } & End);

export interface HubLinkOptions extends Partial<ExchangeTimes> {
  readonly open: OpenWire;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The board makes itself safe after so long without us, ms, 500-60000; it is spoken to four times as often. Default 2000. */
  readonly hostLossMs?: number;
  readonly descriptions?: DescriptionCache;
  readonly onEvent: (event: HubEvent) => void;
}

export interface HubStats extends Damage {
  /** Samples and events of this session that were sent and never heard. */
  readonly missed: number;
}

export interface HubLink {
  /** Undefined while there is no session. */
  readonly board: Board | undefined;
  readonly stats: HubStats;
  /** @throws SkeinError HUB_DOWN, HUB_REFUSED (a HubRefusal), HUB_NO_ANSWER, HUB_RESET, HUB_LINE_CLOSED, HUB_MESSAGE_INVALID */
  readonly ask: Exchange["ask"];
  close(): Promise<void>;
}

const RECONNECT = { baseMs: 250, maxMs: 5000 } as const;
/** Between two handshakes with a board that says nothing, ms. */
const KNOCK_MS = 500;

export function openHubLink(options: HubLinkOptions): HubLink {
  const { open, clock, random, logger, onEvent } = options;
  const deframer = new Deframer();
  const closing = new AbortController();
  const parts = {
    clock,
    random,
    logger,
    ackMs: options.ackMs ?? 150,
    tries: options.tries ?? 3,
    hostLossMs: options.hostLossMs ?? 2000,
    descriptions: options.descriptions ?? new Map<number, readonly Channel[]>(),
    tell: onEvent,
  };
  let session: Session | undefined;
  let bootId: string | undefined;
  let down: End = { line: "closed", error: new SkeinError("HUB_DOWN", "the board was not reached yet.") };
  let told = "";

  const goneDown = (end: End): void => {
    down = end;
    // A board that is away for an hour is told of once.
    const state = `${end.line} ${end.error.code}`;
    if (state !== told && !closing.signal.aborted) onEvent({ type: "down", ...end });
    told = state;
  };

  const oneSession = async (wire: Wire): Promise<End> => {
    const current = new Session({ ...parts, write: (bytes) => wire.write(bytes) });
    session = current;
    try {
      const board = await current.begin();
      const rebooted = bootId !== undefined && bootId !== board.bootId;
      bootId = board.bootId;
      told = "";
      onEvent({ type: "up", board, rebooted });
    } catch (error) {
      current.end({ line: "open", error: error as SkeinError });
    }
    const end = await current.ended;
    session = undefined;
    return end;
  };

  /** Until the line is closed. */
  const useLine = async (wire: Wire): Promise<void> => {
    let lineClosed = false;
    wire.onClosed((error) => {
      lineClosed = true;
      session?.end({ line: "closed", error: (error as SkeinError | undefined) ?? closed() });
    });
    wire.onData((bytes) => {
      for (const frame of deframer.take(bytes)) session?.take(frame);
    });
    // What lay half said in the line ends here.
    wire.write(Uint8Array.of(0));
    while (!lineClosed && !closing.signal.aborted) {
      goneDown(await oneSession(wire));
      if (!lineClosed && !closing.signal.aborted) await pause(KNOCK_MS);
    }
  };

  const pause = (ms: number): Promise<void> => sleep(clock, ms, closing.signal).catch(() => undefined);

  const run = async (): Promise<void> => {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      try {
        const wire = await open();
        attempt = 0;
        await useLine(wire);
        await wire.close();
      } catch (error) {
        goneDown({ line: "closed", error: error as SkeinError });
      }
      await pause(backoffMs(attempt, RECONNECT, random));
    }
  };
  const running = run();

  return {
    get board() {
      return session?.board;
    },
    get stats() {
      return { ...deframer.damage, missed: session?.missed ?? 0 };
    },
    ask: (name, body, urgent) => {
      if (session?.board) return session.exchange.ask(name, body, urgent);
      const { message } = down.error;
      return Promise.reject(new SkeinError("HUB_DOWN", `the board is not there: ${message}`));
    },
    async close() {
      closing.abort();
      session?.end({ line: "closed", error: closed() });
      await running;
    },
  };
}

const closed = (): SkeinError => new SkeinError("HUB_LINE_CLOSED", "the line was closed.");
