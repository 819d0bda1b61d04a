import {
  type AnyMessage,
  type Envelope,
  flowReply,
  followerReply,
  type InputOf,
  leaderReply,
  type Outcome,
  PREFIX,
} from "@skein/contracts";
import { type CancelTimer, type Clock, SkeinError } from "@skein/kit";
import type { Bus, Received, RequestOptions } from "./bus";
import type { LeaderWatch } from "./leader-watch";

/** What publishing a command needs beyond its data. */
export type SendCommand = (
  message: AnyMessage,
  ids: Record<string, string>,
  data: unknown,
  extra: Pick<Envelope, "command" | "epoch" | "trace" | "causes">,
  noteId: (id: string) => void,
) => Promise<unknown>;

/** The target stands on the second level: `commands/{target}/...`. */
export const targetOf = (topic: string): string => topic.slice(PREFIX.length).split("/")[1] ?? "";

/** Sends commands and brings their replies together with them. */
export class Requester {
  private readonly waiting = new Map<
    string,
    { readonly target: string; done(outcome: Outcome): void; fail(error: SkeinError): void }
  >();
  /** By who answers: whoever never asks a flow host may not be let hear one. */
  private readonly listening = new Map<AnyMessage["answeredBy"], Promise<unknown>>();

  constructor(
    private readonly bus: Pick<Bus, "id" | "link" | "subscribe">,
    private readonly clock: Clock,
    private readonly leader: LeaderWatch,
    private readonly send: SendCommand,
  ) {}

  async request<M extends AnyMessage>(
    command: M,
    ids: Record<string, string>,
    data: InputOf<M>,
    options: RequestOptions = {},
  ): Promise<Outcome> {
    if (!this.bus.link.up)
      throw new SkeinError("BUS_DOWN", `not connected to the bus (${this.bus.link.why}).`, {
        hint: "Nothing was sent.",
      });
    const { timeoutMs = 5000, ttlMs = timeoutMs, targetRun, trace, causes } = options;
    const all = { ...ids, issuer: this.bus.id };
    const target = targetOf(command.topic(all));
    await this.listen(command.answeredBy);
    const leaderNow = this.leader.now();
    const epoch = options.epoch ?? this.leader.epoch();
    const extra = {
      command: {
        ttlMs,
        ...(leaderNow === undefined ? {} : { expiresAt: leaderNow + ttlMs }),
        ...(targetRun === undefined ? {} : { run: targetRun }),
      },
      ...(epoch === undefined ? {} : { epoch }),
      ...(trace === undefined ? {} : { trace }),
      ...(causes === undefined ? {} : { causes: [...causes] }),
    };
    return new Promise<Outcome>((resolve, reject) => {
      let id: string | undefined;
      let cancel: CancelTimer = () => undefined;
      const forget = () => {
        cancel();
        if (id !== undefined) this.waiting.delete(id);
      };
      cancel = this.clock.setTimer(() => {
        forget();
        reject(
          new SkeinError("REQUEST_TIMEOUT", `${target} did not answer ${command.pattern} within ${timeoutMs} ms.`),
        );
      }, timeoutMs);
      const done = (outcome: Outcome) => {
        forget();
        resolve(outcome);
      };
      const fail = (error: SkeinError) => {
        forget();
        reject(error);
      };
      this.send(command, all, data, extra, (made) => this.waiting.set((id = made), { target, done, fail })).catch(
        (error: unknown) => {
          forget();
          reject(error);
        },
      );
    });
  }

  /** Nobody will hear the answers any more. */
  close(): void {
    for (const waiting of this.waiting.values())
      waiting.fail(new SkeinError("BUS_CLOSED", "the bus was closed before the answer came."));
  }

  /** Once, at the first request: those who never ask need no replies. */
  private listen(answeredBy: AnyMessage["answeredBy"]): Promise<unknown> {
    const onReply = ({ envelope, data }: Pick<Received<typeof followerReply>, "envelope" | "data">) => {
      const waiting = this.waiting.get(data.command);
      // Whoever else may write us replies cannot answer for the target.
      if (waiting && waiting.target === envelope.from) waiting.done(data.outcome);
    };
    const mine = { issuer: this.bus.id };
    const begin = () =>
      answeredBy === "flows"
        ? [this.bus.subscribe(flowReply, mine, onReply)]
        : [this.bus.subscribe(followerReply, mine, onReply), this.bus.subscribe(leaderReply, mine, onReply)];
    const before = this.listening.get(answeredBy);
    if (before) return before;
    const listening = Promise.allSettled(begin()).then(async (answers) => {
      const refused = answers.find((answer) => answer.status === "rejected");
      if (!refused) return;
      // The next request asks again.
      this.listening.delete(answeredBy);
      for (const answer of answers) if (answer.status === "fulfilled") await answer.value();
      throw refused.reason;
    });
    this.listening.set(answeredBy, listening);
    return listening;
  }
}
