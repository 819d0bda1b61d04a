/** Sends a notice by every channel that wants it, and tries again those that fail: for some minutes, and not for ever. */
import { severity, type NoticeSent, type Severity } from "@skein/contracts";
import { backoffMs, hasCode, messageOf, sleep, type Clock, type Random } from "@skein/kit";

import type { Channel, Outgoing } from "./channels";

/** 2 s, 4 s, 8 s ... a minute: about five minutes in all. */
const WAIT = { baseMs: 2_000, maxMs: 60_000 };
export const MAX_ATTEMPTS = 9;
/** A server that does not answer is tried again later, ms. */
const PATIENCE_MS = 10_000;
/** What waits to be tried again; of more than this the newest are given up at once. */
const MAX_WAITING = 50;

export type Result = NoticeSent[string];

export interface DeliveryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly channels: readonly Channel[];
  /** At every change of how it stands; `final`: it will not be tried again. */
  readonly onResult: (id: string, channel: string, result: Result, final: boolean) => Promise<void> | void;
}

export interface Delivery {
  /** Which channels a notice goes by. */
  channelsFor(notice: Pick<Outgoing, "severity">): string[];
  /** Resolves with how each channel did at its first attempt. `only`: those that had not got it before a restart. */
  send(notice: Outgoing, only?: readonly string[]): Promise<NoticeSent>;
  /** What waits is given up. */
  close(): void;
}

export function createDelivery({ clock, random, channels, onResult }: DeliveryParts): Delivery {
  const ended = new AbortController();
  let waiting = 0;

  const attempt = async (channel: Channel, notice: Outgoing, done: Set<string>) => {
    const late = new AbortController();
    const cancel = clock.setTimer(() => late.abort(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
    const signal = AbortSignal.any([late.signal, ended.signal]);
    try {
      await channel.send(notice, { signal, done });
      return undefined;
    } catch (error) {
      return { final: hasCode(error, "NOTICE_REFUSED"), why: messageOf(error).slice(0, 400) };
    } finally {
      cancel();
    }
  };

  const again = async (channel: Channel, notice: Outgoing, done: Set<string>) => {
    waiting++;
    try {
      for (let nth = 2; nth <= MAX_ATTEMPTS; nth++) {
        await sleep(clock, backoffMs(nth - 2, WAIT, random), ended.signal);
        const failure = await attempt(channel, notice, done);
        if (ended.signal.aborted) return;
        const final = !failure || failure.final || nth === MAX_ATTEMPTS;
        await onResult(notice.id, channel.name, failure ? { ok: false, detail: failure.why } : { ok: true }, final);
        if (final) return;
      }
    } catch {
      // Ended while it waited: core is stopping, and begins again with it (notices.ts).
    } finally {
      waiting--;
    }
  };

  const first = async (channel: Channel, notice: Outgoing): Promise<[string, Result]> => {
    const done = new Set<string>();
    const failure = await attempt(channel, notice, done);
    const result: Result = failure ? { ok: false, detail: failure.why } : { ok: true };
    const final = !failure || failure.final || waiting >= MAX_WAITING;
    await onResult(notice.id, channel.name, result, final);
    if (!final) void again(channel, notice, done);
    return [channel.name, result];
  };

  const wanted = ({ severity: has }: Pick<Outgoing, "severity">) =>
    channels.filter(({ least, hasReceivers }) => isAtLeast(has, least) && (hasReceivers?.() ?? true));

  return {
    channelsFor: (notice) => wanted(notice).map(({ name }) => name),
    async send(notice, only) {
      const chosen = wanted(notice).filter(({ name }) => only?.includes(name) ?? true);
      return Object.fromEntries(await Promise.all(chosen.map((channel) => first(channel, notice))));
    },
    close: () => ended.abort(new Error("core is stopping")),
  };
}

const isAtLeast = (has: Severity, least: Severity): boolean =>
  severity.options.indexOf(has) >= severity.options.indexOf(least);
