import {
  type AnyMessage,
  type Envelope,
  flowReply,
  followerReply,
  type InputOf,
  leaderReply,
  type Outcome,
} from "@skein/contracts";
import { type Clock, hasCode, type Logger, messageOf } from "@skein/kit";
import type { Bus, CommandHandler, Received, ServeOptions } from "./bus";
import type { CommandJournal } from "./command-journal";
import type { LeaderWatch } from "./leader-watch";
import { targetOf } from "./requester";

export interface ServerParts {
  readonly bus: Pick<Bus, "id" | "run" | "publish">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leader: LeaderWatch;
  readonly journal: CommandJournal;
  /** True while what comes in may have waited in a persistent session since before we connected. */
  backlogPossible(): boolean;
}

/** How one kind of command is served, and under whose prefix its answers go (unless it is the leader's). */
export type Serving<M extends AnyMessage> = ServeOptions<M> & Pick<AnyMessage, "answeredBy">;

/** Judges commands that come in, has each carried out once, and answers. */
export class Server {
  private readonly running = new Set<string>();

  constructor(private readonly parts: ServerParts) {}

  receive<M extends AnyMessage>(received: Received<M>, handler: CommandHandler<M>, options: Serving<M>): void {
    const { command, id } = received.envelope;
    if (this.known(id) !== undefined || !this.parts.backlogPossible())
      return this.judge(received, handler, options, false);
    // Its issuer did not know the leader's clock, so nobody knows how long it waited.
    if (command?.expiresAt === undefined) return this.judge(received, handler, options, true);
    if (this.parts.leader.now() !== undefined) return this.judge(received, handler, options, false);
    // It may be hours old, and only the leader's clock can tell. Its next tick does, or else it is as good as expired.
    let over = false;
    const decide = (tooLate: boolean) => {
      if (over) return;
      over = true;
      cancel();
      forget();
      this.judge(received, handler, options, tooLate);
    };
    const cancel = this.parts.clock.setTimer(() => decide(true), command.ttlMs, { unref: true });
    const forget = this.parts.leader.onceNow(() => decide(false));
  }

  private judge<M extends AnyMessage>(
    received: Received<M>,
    handler: CommandHandler<M>,
    options: Serving<M>,
    tooLate: boolean,
  ): void {
    const { envelope } = received;
    if (this.running.has(envelope.id)) return;
    const before = this.known(envelope.id);
    if (before !== undefined) return this.answer(received, options, before);
    const refusal = tooLate ? expired : this.refusal(envelope);
    if (refusal) return this.answer(received, options, refusal);
    const journalled = !options.idempotent?.(received);
    if (journalled) {
      try {
        this.parts.journal.begin(envelope.id);
      } catch (error) {
        return this.answer(received, options, failure(error, "JOURNAL_UNWRITABLE"));
      }
    }
    this.running.add(envelope.id);
    void this.carryOut(received, handler, options, journalled);
  }

  private async carryOut<M extends AnyMessage>(
    received: Received<M>,
    handler: CommandHandler<M>,
    options: Serving<M>,
    journalled: boolean,
  ): Promise<void> {
    const { envelope } = received;
    let outcome: Outcome;
    try {
      const result = (await handler(received)) as never;
      outcome = result === undefined ? { ok: true } : { ok: true, result };
    } catch (error) {
      outcome = failure(error, "COMMAND_FAILED");
    }
    this.running.delete(envelope.id);
    try {
      if (journalled) this.parts.journal.finish(envelope.id, outcome);
    } catch (error) {
      this.parts.logger.error(
        { err: error, command: envelope.id },
        "the outcome of a command could not be written down",
      );
    }
    this.answer(received, options, outcome);
  }

  private known(id: string): Outcome | undefined {
    const entry = this.parts.journal.look(id);
    if (entry !== "begun") return entry;
    if (this.running.has(id)) return undefined;
    return {
      ok: false,
      code: "COMMAND_INTERRUPTED",
      message: "It was begun before a restart; whether it was done is not known.",
    };
  }

  private refusal({ command, epoch }: Envelope): Outcome | undefined {
    const now = this.parts.leader.now();
    const newest = this.parts.leader.epoch();
    if (command?.expiresAt !== undefined && now !== undefined && now > command.expiresAt) return expired;
    if (command?.run !== undefined && command.run !== this.parts.bus.run) {
      return {
        ok: false,
        code: "COMMAND_STALE",
        message: "It was meant for an earlier run of this process, which has started again since.",
      };
    }
    if (epoch !== undefined && newest !== undefined && epoch < newest) {
      return {
        ok: false,
        code: "COMMAND_OLD_EPOCH",
        message: `Its issuer follows the leader of epoch ${epoch}; the leader's epoch is ${newest}.`,
      };
    }
    return undefined;
  }

  private answer<M extends AnyMessage>(received: Received<M>, { answeredBy }: Serving<M>, outcome: Outcome): void {
    const { bus, logger } = this.parts;
    const { envelope, topic } = received;
    const issuer = envelope.from;
    const because = { causes: [envelope.id], ...(envelope.trace === undefined ? {} : { trace: envelope.trace }) };
    const reply = (what: Outcome) => {
      const data: InputOf<typeof leaderReply> = { command: envelope.id, outcome: what };
      if (targetOf(topic) === "leader") return bus.publish(leaderReply, { issuer }, data, because);
      return answeredBy === "flows"
        ? bus.publish(flowReply, { host: bus.id, issuer }, data, because)
        : bus.publish(followerReply, { id: bus.id, issuer }, data, because);
    };
    reply(outcome)
      .catch((error: unknown) => {
        if (!hasCode(error, "MESSAGE_INVALID") && !hasCode(error, "MESSAGE_TOO_LARGE")) throw error;
        return reply({
          ok: false,
          code: "COMMAND_RESULT_INVALID",
          message: `Done, but its result cannot be sent: ${error.message}`.slice(0, 1000),
        });
      })
      .catch((error: unknown) =>
        logger.warn(
          { code: (error as { code?: string }).code, command: envelope.id },
          `a command could not be answered: ${messageOf(error)}`,
        ),
      );
  }
}

const expired: Outcome = { ok: false, code: "COMMAND_EXPIRED", message: "It came too late to be carried out." };

const failure = (error: unknown, otherwise: string): Outcome => ({
  ok: false,
  code: hasCode(error) ? error.code.slice(0, 64) : otherwise,
  message: messageOf(error).slice(0, 1000),
});
