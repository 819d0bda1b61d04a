/** What goes out: checked, wrapped in an envelope of the present session, and handed to the outbox. */
import type { AnyMessage, Envelope } from "@skein/contracts";
import { type Clock, type IdSource, SkeinError } from "@skein/kit";
import { checkOut, checkSize, wrap } from "./codec";
import type { Outbox } from "./outbox";

/** What a sender adds to the envelope by itself. */
export type Extra = Pick<Envelope, "trace" | "causes" | "epoch" | "command">;

interface SenderParts {
  readonly id: string;
  readonly run: string;
  readonly ids: IdSource;
  readonly clock: Clock;
  /** On what the leader writes. */
  readonly epoch: number | undefined;
  readonly outbox: Outbox;
  closed(): boolean;
}

export class Sender {
  session: string;
  private seq = 0;

  constructor(private readonly parts: SenderParts) {
    this.session = parts.ids();
  }

  /** A new connection: counting begins anew. @returns the header of the will that belongs to it */
  beginSession(): Envelope {
    const { id, run, ids, clock } = this.parts;
    this.session = ids();
    this.seq = 0;
    return { id: ids(), at: clock.now(), from: id, run, session: this.session, seq: 0 };
  }

  /** @throws SkeinError MESSAGE_INVALID, MESSAGE_TOO_LARGE, BUS_REFUSED, BUS_CLOSED; TypeError for a bad id */
  async send(
    message: AnyMessage,
    ids: Record<string, string>,
    data: unknown,
    extra: Extra,
    noteId?: (id: string) => void,
  ): Promise<Envelope> {
    const topic = message.topic(ids);
    const json = checkOut(message, data);
    const epoch = extra.epoch ?? this.parts.epoch;
    let header: Envelope = {
      id: this.parts.ids(),
      at: this.parts.clock.now(),
      from: this.parts.id,
      run: this.parts.run,
      session: this.session,
      seq: this.seq + 1,
      ...extra,
      ...(epoch === undefined ? {} : { epoch }),
    };
    const bytes = wrap(header, json).byteLength;
    checkSize(topic, bytes, message.maxBytes);
    noteId?.(header.id);
    const ttlMs = extra.command?.ttlMs;
    await this.put({
      topic,
      kind: message.kind,
      bytes,
      ...(ttlMs === undefined ? {} : { deadline: this.parts.clock.monotonic() + ttlMs }),
      encode: () => wrap((header = { ...header, session: this.session, seq: ++this.seq }), json),
      renew: () => (header = { ...header, id: this.parts.ids(), at: this.parts.clock.now() }),
    });
    return header;
  }

  put(item: Omit<Parameters<Outbox["put"]>[0], "settle">): Promise<void> {
    if (this.parts.closed())
      return Promise.reject(new SkeinError("BUS_CLOSED", "the bus is closed.", { hint: "Nothing was sent." }));
    return new Promise((resolve, reject) => {
      this.parts.outbox.put({ ...item, settle: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  }
}
