/** `skein-notify`: a flow tells somebody something; what that somebody presses comes back into the flow. */
import {
  adminRoute,
  busNodeOf,
  createDesks,
  createSender,
  createStatus,
  keyOfFailure,
  migrate,
  onClose,
  onInput,
  skeinOf,
  skeinSettings,
  tellFailure,
  typedValue,
  watchLeaderPresence,
  type LeaderPresence,
  type SkeinBusNode,
} from "@skein/palette";
import { noticeAnswerCommand, type NoticeSent } from "@skein/contracts";
import { SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow } from "node-red";
import { openAsked } from "./asked";
import { defaults, type NotifyConfig } from "./config";
import { steps } from "./migrations";
import { noticeOf, type Wanted } from "./notice-of";
import { askLeader } from "./ask-leader";
import { lineOf, type Line } from "./show";

interface NotifyNode extends Node {
  test(): Promise<unknown>;
}

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;
  const desks = createDesks({
    clock,
    message: noticeAnswerCommand,
    keyOf: ({ node }) => node,
    gone: () =>
      new SkeinError("NOTICE_NODE_GONE", "the node that sent this notice is no longer in the flows.", {
        hint: "Your choice was not taken.",
      }),
  });

  RED.nodes.registerType<NotifyNode, NodeDef & NotifyConfig, object, object>("skein-notify", function (this, saved) {
    RED.nodes.createNode(this, saved);
    const config = migrate(saved, steps, defaults);
    const status = createStatus(RED, this);
    const show = ({ tone, key, pending }: Line) => status(tone, RED._(`notify.status.${key}`), pending);
    let found: SkeinBusNode;
    try {
      found = busNodeOf(RED, config.bus);
    } catch (error) {
      show({ tone: "bad", pending: true, key: keyOfFailure(error) });
      tellFailure(RED, this, error);
      return onInput(this, () => {
        throw error;
      });
    }
    const { bus } = found;
    const say = createSender(RED, this);
    const asked = openAsked(this);
    let sending = 0;
    let last: NoticeSent | "failed" | undefined;
    let presence: LeaderPresence = "no-bus";
    let deaf = false;
    const look = () => show(lineOf({ deaf, leader: presence, sending, last }));
    const leader = watchLeaderPresence(
      bus,
      (now) => {
        presence = now;
        look();
      },
      clock,
    );

    const tell = async (wanted: Wanted, mark: string, message: NodeMessage) => {
      sending++;
      look();
      try {
        const answer = await askLeader(bus, wanted, { node: this.id, mark }, { message, leader, clock });
        last = answer.sent;
        return answer;
      } catch (error) {
        last = "failed";
        throw error;
      } finally {
        sending--;
        look();
      }
    };

    const valueOf = (field: "text" | "title" | "picture", message: NodeMessageInFlow) =>
      typedValue(RED, this, config[field], config[`${field}Type`], message);
    onInput(this, async (message, send) => {
      const [text, title, picture] = [
        await valueOf("text", message),
        await valueOf("title", message),
        await valueOf("picture", message),
      ];
      const { severity, actions } = message as { severity?: unknown; actions?: unknown };
      const wanted = noticeOf({ text, title, picture, severity, actions }, config);
      const mark = RED.util.generateId();
      // Before it is sent: whoever is quick presses while other channels are still tried.
      if (wanted.actions.length > 0) (await asked).add(mark, message);
      const notice = await tell(wanted, mark, message);
      send([{ ...message, notice }, null]);
    });

    const leave = desks.sit(bus, this.id, {
      handler: async ({ data, envelope }) => {
        const { notice: id, action, by, at, mark = "" } = data;
        const before = (await asked).get(mark);
        if (before?.answered) throw new SkeinError("NOTICE_CLOSED", "this notice was answered already.");
        (await asked).answered(mark);
        say([
          null,
          {
            ...before?.message,
            topic: `notices/${id}`,
            payload: action.id,
            notice: { id, action: action.id, label: action.label, by, at },
            skein: { ...skeinOf(envelope), by },
          },
        ]);
      },
      onDeaf: (error) => {
        deaf = true;
        look();
        tellFailure(RED, this, error);
      },
      onHearing: () => {
        deaf = false;
        look();
      },
    });
    this.test = () => {
      const text = RED._("notify.test.text");
      return tell({ text, title: RED._("notify.test.title"), severity: config.severity, actions: [] }, "test", {});
    };
    onClose(this, clock, async (removed) => {
      leave();
      leader.stop();
      (await asked).close(removed);
    });
  });

  // The dialog's test button and the button on the node.
  adminRoute(RED, "post", "/skein/notify/:id/test", "flows.write", (request) => {
    const node = RED.nodes.getNode(String(request.params["id"])) as Partial<NotifyNode> | null;
    if (!node?.test)
      throw new SkeinError("NODE_UNKNOWN", "this node is not deployed, or has no bus.", { hint: "Deploy first." });
    return node.test();
  });
};
