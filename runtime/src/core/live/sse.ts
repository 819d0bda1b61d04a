/**
 * `GET /api/v1/live`: the same as the page's socket says, as server-sent events (HTML standard, 9.2), for programs that speak plain HTTP:
 * `curl -N`. An event's data is the one argument that the socket's event has; `beat` has two, an object of them.
 */
import type { EventView, ServerToPage } from "@skein/contracts";
import { every, SkeinError, type Clock } from "@skein/kit";
import type { Request, Response } from "express";
import type { Actor } from "../auth/actor";
import { mayPass } from "../auth/authorise";
import type { LiveName } from "./feed";
import { LOOK_ON, maySee, type Onlookers } from "./live";

export interface StreamParts extends Onlookers {
  readonly clock: Clock;
  /** The events after this one, oldest first; history may bound them. */
  readonly eventsSince: (id: number) => readonly EventView[] | Promise<readonly EventView[]>;
}

export interface StreamOptions {
  /** Only these; left out: all. */
  readonly events?: readonly LiveName[] | undefined;
  /** The client's `Last-Event-ID`: what it missed since comes first. */
  readonly lastEventId?: number | undefined;
}

export interface LiveStreams {
  /** Answers a request for as long as its client stays. @throws SkeinError TOO_MANY_STREAMS */
  open(actor: Actor, req: Request, res: Response, options: StreamOptions): Promise<void>;
  /** How many are open. */
  readonly count: number;
  close(): void;
}

/** Of one account at a time: a browser opens six connections to a server at most, and somebody may have two. */
export const MAX_STREAMS = 12;
/** A client that does not read gets no more than this beyond what it gets at first, then it is closed. */
const MAX_WAITING_BYTES = 512 * 1024;
/** A proxy that hears nothing for a while gives up on a connection. */
const HEARTBEAT_MS = 15_000;
/** How soon a client shall come back. */
const RETRY_MS = 2_000;

interface Stream {
  actor: Actor;
  readonly req: Request;
  write(text: string): void;
  end(): void;
}

export function createLiveStreams({ feed, actorStill, onLoginsChanged, eventsSince, clock }: StreamParts): LiveStreams {
  const streams = new Set<Stream>();
  const ofAccount = (actor: Actor) => [...streams].filter((stream) => stream.actor.account?.id === actor.account?.id);
  const stops = [
    every(clock, HEARTBEAT_MS, () => {
      for (const stream of streams) stream.write(":\n\n");
    }),
    onLoginsChanged(() => {
      for (const stream of streams) {
        stream.actor = actorStill(stream.req);
        if (!mayPass(stream.actor, LOOK_ON)) stream.end();
      }
    }),
  ];
  return {
    get count() {
      return streams.size;
    },
    async open(actor, req, res, { events, lastEventId }) {
      if (ofAccount(actor).length >= MAX_STREAMS)
        throw new SkeinError("TOO_MANY_STREAMS", `${MAX_STREAMS} of your streams are open; close one first.`);
      res.set({ "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
      if (req.method === "HEAD") return void res.end();
      const stream = start(actor, req, res);
      const wanted = (name: LiveName) => !events || events.includes(name);
      // What happens while history is asked for waits, so that nothing comes twice or out of turn.
      let waiting: EventView[] | undefined = lastEventId === undefined ? undefined : [];
      const tell = <N extends LiveName>(name: N, ...args: Parameters<ServerToPage[N]>) => {
        if (!wanted(name) || !maySee(stream.actor, name, args[0])) return;
        if (name === "event" && waiting) waiting.push(args[0] as EventView);
        else stream.write(block(name, args));
      };
      const stopListening = feed.listen(tell);
      streams.add(stream);
      res.once("close", () => {
        stopListening();
        streams.delete(stream);
      });
      if (wanted("house")) stream.write(block("house", [feed.house()]));
      if (lastEventId === undefined || !waiting) return;
      const missed = (await eventsSince(lastEventId)).filter((event) => maySee(stream.actor, "event", event));
      const all = new Map([...missed, ...waiting].map((event) => [event.id, event]));
      waiting = undefined;
      for (const event of all.values()) tell("event", event);
    },
    close() {
      for (const stop of stops) stop();
      for (const stream of streams) stream.end();
    },
  };
}

function start(actor: Actor, req: Request, res: Response): Stream {
  // A connection that breaks while something is written to it is the client's affair.
  res.on("error", () => res.destroy());
  res.flushHeaders();
  res.write(`retry: ${RETRY_MS}\n\n`);
  // The first thing said is the whole house, however large.
  let limit: number | undefined;
  return {
    actor,
    req,
    write(text) {
      if (res.destroyed || res.writableEnded) return;
      limit ??= MAX_WAITING_BYTES + Buffer.byteLength(text);
      // One that does not read: it comes back with its Last-Event-ID.
      if (res.writableLength > limit) return void res.destroy();
      res.write(text);
    },
    // One that does not read would keep its connection for as long as it likes.
    end: () => void (res.writableLength > 0 ? res.destroy() : res.end()),
  };
}

/** JSON has no line breaks, so that one `data` line does. */
function block(name: LiveName, args: readonly unknown[]): string {
  const data = name === "beat" ? { id: args[0], at: args[1] } : args[0];
  const id = name === "event" ? `id: ${(args[0] as EventView).id}\n` : "";
  return `event: ${name}\n${id}data: ${JSON.stringify(data)}\n\n`;
}
