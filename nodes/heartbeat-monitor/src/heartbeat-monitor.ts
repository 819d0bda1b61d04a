/** `skein-heartbeat-monitor`: a message whenever a follower's state changes, and its metrics as they come. */
import {
  adminRoute,
  busNodeOf,
  chosenIds,
  createSender,
  createStatus,
  isFollowerChoice,
  matcher,
  migrate,
  onClose,
  onInput,
  skeinSettings,
  tellFailure,
  type FleetMember,
  type SkeinBusNode,
} from "@skein/palette";
import { SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { createAbsences } from "./absence";
import { createChoice } from "./choice";
import { createFirstPicture } from "./first-picture";
import { defaults, type HeartbeatMonitorConfig } from "./config";
import { messageFor, metricsMessageFor } from "./report";
import { requestOf } from "./request";
import { summarise, whyWithoutBus } from "./summary";

/** Many verdicts come at once when a house wakes up: the status line follows at this pace, ms. */
const STATUS_EVERY_MS = 100;

interface MonitorNode extends Node {
  sendCurrent(): number;
}

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;
  const absences = createAbsences(clock);

  RED.nodes.registerType<MonitorNode, NodeDef & HeartbeatMonitorConfig, object, object>(
    "skein-heartbeat-monitor",
    function (this, saved) {
      RED.nodes.createNode(this, saved);
      const config = migrate(saved, {}, defaults);
      const status = createStatus(RED, this);
      const idle = (key: string, error: unknown): void => {
        status("bad", RED._(`heartbeat-monitor.status.${key}`), true);
        tellFailure(RED, this, error);
        onInput(this, () => {
          throw error;
        });
      };
      let found: SkeinBusNode;
      try {
        found = busNodeOf(RED, config.bus);
      } catch (error) {
        return idle(whyWithoutBus(error), error);
      }
      let watched: (id: string) => boolean;
      try {
        watched = matcher(chosenIds(RED, this, config.followers, isFollowerChoice));
      } catch (error) {
        return idle("badFollowers", error);
      }
      const { bus, fleet } = found;
      const say = createSender(RED, this);
      const choice = createChoice(config.states);
      const members = () => fleet.list().filter(({ id }) => watched(id));

      const firstPicture = config.sendInitial
        ? createFirstPicture({
            clock,
            fleet,
            members,
            say: (member) => say([{ ...messageFor(member), initial: true }, null]),
          })
        : undefined;
      const tell = (member: FleetMember, before: FleetMember["verdict"] | undefined) => {
        if (!watched(member.id)) return;
        const news = choice.weigh(member, before);
        if (!news) return;
        firstPicture?.told(member.id);
        say([messageFor(member, news.before), null]);
      };

      const showStatus = () => {
        const { tone, pending, key, alive, total } = summarise(members(), {
          judged: fleet.judged,
          linkUp: bus.link.up,
        });
        status(tone, RED._(`heartbeat-monitor.status.${key}`, { alive, total }), pending);
      };
      let cancelStatus: (() => void) | undefined;
      const changed = () => {
        firstPicture?.look();
        cancelStatus ??= clock.setTimer(
          () => {
            cancelStatus = undefined;
            showStatus();
          },
          STATUS_EVERY_MS,
          { unref: true },
        );
      };

      const stops = [
        fleet.onTransition(tell),
        fleet.onChange(changed),
        bus.onLink(changed),
        fleet.onMetrics((member, data, source) => {
          if (watched(member.id)) say([null, metricsMessageFor(member, data, source)]);
        }),
      ];
      for (const [member, before] of absences.over(this.id, fleet)) tell(member, before);
      showStatus();
      changed();

      /** Whom a request means: one that was named must be known, whatever this node watches; a pattern may find nobody. */
      const named = (whom: string | undefined): readonly FleetMember[] => {
        if (whom === undefined) return members();
        const meant = fleet.list().filter(({ id }) => matcher([whom])(id));
        if (meant.length > 0 || whom.includes("*")) return meant;
        throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${whom}" has been seen.`, {
          hint: "Its id stands on the dashboard and in its follower.yaml.",
        });
      };
      const current = (whom?: string, from: NodeMessage = {}): NodeMessage[] => {
        const meant = named(whom);
        const group = RED.util.generateId();
        return meant.map((member, index) => ({
          ...from,
          ...messageFor(member),
          initial: true,
          // Node-RED's own convention, so that a Join node makes one list of them.
          ...(meant.length > 1 ? { parts: { id: group, index, count: meant.length, type: "array" } } : {}),
        }));
      };
      this.sendCurrent = () => {
        const messages = current();
        say([messages, null]);
        return messages.length;
      };

      onInput(this, async (message, send) => {
        const request = requestOf(message);
        if (request.ask === "state") return send([current(request.whom, message), null]);
        for (const { id } of named(request.whom)) await fleet.setMaintenance(id, request.forMs);
      });
      onClose(this, clock, (removed) => {
        for (const stop of stops) stop();
        cancelStatus?.();
        firstPicture?.stop();
        if (!removed) absences.begin(this.id, fleet);
      });
    },
  );

  // The dialog's test button and the button on the node.
  adminRoute(RED, "post", "/skein/heartbeat-monitor/:id/send", "flows.write", (request) => {
    const node = RED.nodes.getNode(String(request.params["id"])) as Partial<MonitorNode> | null;
    if (!node?.sendCurrent)
      throw new SkeinError("NODE_UNKNOWN", "this node is not deployed, or has no bus.", { hint: "Deploy first." });
    return { sent: node.sendCurrent() };
  });
};
