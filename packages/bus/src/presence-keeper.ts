import { type Envelope, leaderStatus, presence } from "@skein/contracts";
import { messageOf, type Logger } from "@skein/kit";
import type { Bus } from "./bus";
import { checkOut, wrap } from "./codec";
import type { Will } from "./transport";

/**
 * What says on the bus that somebody is there. `follower`: `followers/{id}/presence` (online, leaving, and lost as its will);
 * `leader`: the same with `leader/status`; `none`: a flow host, a tool.
 */
export type Presence =
  | { readonly as: "follower" }
  | { readonly as: "leader"; readonly version: string; readonly epoch: number }
  | { readonly as: "none" };

type Owner = Pick<Bus, "id" | "session" | "link" | "publish" | "subscribe">;

/** Says that we are here, leaves a will at every connection, and puts it right when an old one's comes late. */
export class PresenceKeeper {
  constructor(
    private readonly bus: Owner,
    private readonly presence: Presence,
    private readonly logger: Logger,
  ) {}

  /** Said first, so that it is first of all states at every connection. */
  start(): void {
    this.say("here").catch((error: unknown) => this.logger.warn({ err: error }, "presence was refused"));
    this.guard();
  }

  async say(how: "here" | "leaving"): Promise<void> {
    const { bus, presence: mine } = this;
    if (mine.as === "follower")
      await bus.publish(presence, { id: bus.id }, { status: how === "here" ? "online" : "leaving" });
    if (mine.as === "leader") await bus.publish(leaderStatus, {}, { online: how === "here", version: mine.version });
  }

  /** What the broker is to say of a session when its connection dies; `header` is of the moment of connecting. */
  will(header: Envelope): Will | undefined {
    const { presence: mine } = this;
    if (mine.as === "none") return undefined;
    if (mine.as === "follower") {
      const payload = wrap(header, checkOut(presence, { status: "lost" }));
      return { topic: presence.topic({ id: this.bus.id }), kind: "state", payload };
    }
    const payload = wrap(
      { ...header, epoch: mine.epoch },
      checkOut(leaderStatus, { online: false, version: mine.version }),
    );
    return { topic: leaderStatus.topic({}), kind: "state", payload };
  }

  /** The will of an older connection, when it comes late, overwrites what is kept of us: we say again that we are here. */
  private guard(): void {
    const { bus, presence: mine } = this;
    if (mine.as === "none") return;
    const heal = (gone: boolean, { envelope, retained }: { envelope: Envelope; retained: boolean }) => {
      // What is kept from before this connection is put right by what we say at every connection.
      if (!gone || retained || envelope.session === bus.session || !bus.link.up) return;
      this.logger.info(
        { session: envelope.session },
        "the will of an older connection came late; saying again that we are here",
      );
      this.say("here").catch((error: unknown) =>
        this.logger.warn({ reason: messageOf(error) }, "could not say that we are here"),
      );
    };
    const guarded =
      mine.as === "follower"
        ? bus.subscribe(presence, { id: bus.id }, (received) => heal(received.data.status === "lost", received))
        : bus.subscribe(leaderStatus, {}, (received) => heal(!received.data.online, received));
    // Where access rules do not let us read it, receivers still tell a late will by its session.
    guarded.catch((error: unknown) => this.logger.debug({ reason: messageOf(error) }, "cannot hear our own presence"));
  }
}
