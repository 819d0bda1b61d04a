/**
 * Commands to a flow host that are meant for one of its nodes. The bus has a command served once, so each package has one desk a bus,
 * which hands it to the node that it names; one that a deploy has just taken away is waited for.
 */
import type { Bus, Received } from "@skein/bus";
import type { AnyMessage } from "@skein/contracts";
import type { Clock, SkeinError } from "@skein/kit";

/** A deploy makes a node anew within so long, ms; whoever asks waits 5 s. */
const RETURN_MS = 3000;

export type DeskHandler<M extends AnyMessage> = (received: Received<M>) => unknown;

export interface Desks<M extends AnyMessage> {
  /** From now on what names `key` comes to this seat; the returned function ends that. The later of two has it. */
  sit(bus: Bus, key: string, seat: Seat<M>): () => void;
}

export interface Seat<M extends AnyMessage> {
  readonly handler: DeskHandler<M>;
  /** The broker does not let us hear such commands. */
  readonly onDeaf: (error: unknown) => void;
  /** It may let us hear them again; else it says no once more. */
  readonly onHearing: () => void;
}

export function createDesks<M extends AnyMessage>(parts: {
  readonly clock: Clock;
  readonly message: M;
  readonly keyOf: (data: Received<M>["data"]) => string;
  /** What is answered when no node of this key comes back. */
  readonly gone: (key: string) => SkeinError;
}): Desks<M> {
  const { clock, message, keyOf, gone } = parts;
  const desks = new WeakMap<Bus, Desk>();
  interface Desk {
    readonly seats: Map<string, Seat<M>>;
    readonly waiting: Map<string, Set<() => void>>;
    /** Why it hears nothing. */
    deaf: { readonly error: unknown } | undefined;
    /** The bus has been asked, and has not refused at once. */
    isServed: boolean;
    serve(): void;
  }
  const open = (bus: Bus): Desk => {
    const seats = new Map<string, Seat<M>>();
    const waiting = new Map<string, Set<() => void>>();
    const back = (key: string) =>
      new Promise<void>((resolve) => {
        const all = waiting.get(key) ?? new Set();
        waiting.set(key, all.add(wake));
        const cancel = clock.setTimer(wake, RETURN_MS, { unref: true });
        function wake() {
          cancel();
          all.delete(wake);
          if (all.size === 0) waiting.delete(key);
          resolve();
        }
      });
    const turnDeaf = (error: unknown) => {
      desk.deaf = { error };
      // Whoever sits down meanwhile is told when it is known how that goes.
      for (const { onDeaf } of Array.from(seats.values())) onDeaf(error);
    };
    const hearAgain = () => {
      if (!desk.deaf) return;
      desk.deaf = undefined;
      for (const { onHearing } of seats.values()) onHearing();
    };
    const serve = () => {
      desk.isServed = true;
      const answer = async (received: Received<M>) => {
        const key = keyOf(received.data);
        if (!seats.has(key)) await back(key);
        const seat = seats.get(key);
        if (!seat) throw gone(key);
        return seat.handler(received);
      };
      bus.serve(message, {} as never, answer).then(hearAgain, (error: unknown) => {
        desk.isServed = false;
        turnDeaf(error);
      });
    };
    const desk: Desk = { seats, waiting, deaf: undefined, isServed: false, serve };
    serve();
    // Asked for while the link is down, it is refused after each link up for as long as it is so.
    const filter = message.filter({ target: bus.id } as never);
    bus.onRefused(({ action, topic, error }) => {
      if (action === "read" && topic === filter) turnDeaf(error);
    });
    bus.onLink(({ up }) => {
      if (!up) return;
      if (desk.isServed) hearAgain();
      else serve();
    });
    return desk;
  };
  return {
    sit(bus, key, seat) {
      const desk = desks.get(bus) ?? open(bus);
      desks.set(bus, desk);
      desk.seats.set(key, seat);
      for (const wake of desk.waiting.get(key) ?? []) wake();
      if (!desk.isServed) desk.serve();
      else if (desk.deaf) seat.onDeaf(desk.deaf.error);
      return () => {
        if (desk.seats.get(key) === seat) desk.seats.delete(key);
      };
    },
  };
}
