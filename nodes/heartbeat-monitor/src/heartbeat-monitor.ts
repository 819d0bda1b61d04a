/** `skein-heartbeat-monitor`: a message whenever a follower's state changes, and its metrics as they come. */
import {
  adminRoute,
  busNodeOf,
  chosenIds,
  createAbsences,
  createSender,
  createStatus,
  followerChoice,
  isFollowerChoice,
  keyOfFailure,
  migrate,
  onClose,
  onInput,
  readyWithin,
  roomIn,
  skeinSettings,
  tellFailure,
  type FleetMember,
  type FleetView,
  type SkeinBusNode,
} from "@skein/palette";
import type { VerdictData } from "@skein/contracts";
import { SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { createChoice } from "./choice";
import { createFirstPicture } from "./first-picture";
import { defaults, type HeartbeatMonitorConfig } from "./config";
import { messageFor, metricsMessageFor } from "./report";
import { requestOf } from "./request";
import { summarise } from "./summary";

/** Many verdicts come at once when a house wakes up: the status line follows at this pace, ms. */
const STATUS_EVERY_MS = 100;

/** How long news waits, ms, until it is known who stands in the chosen rooms: a bus that a deploy made anew hears both at once. */
const EARLY_MS = 20_000;

/** A leader that has not told its house to whoever asks for a room within so long, ms, is none. */
const HEARD_MS = 3000;

type Transition = readonly [member: FleetMember, before: VerdictData | undefined];

interface MonitorNode extends Node {
  sendCurrent(): number;
}

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;
  const absences = createAbsences<FleetView, Transition>(clock, (fleet, hear) =>
    fleet.onTransition((...transition) => hear(transition)),
  );

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
        return idle(keyOfFailure(error), error);
      }
      let chosen: string[];
      try {
        chosen = chosenIds(RED, this, config.followers, isFollowerChoice);
      } catch (error) {
        return idle("badFollowers", error);
      }
      const { bus, fleet } = found;
      const watched = followerChoice(chosen, bus);
      const say = createSender(RED, this);
      const choice = createChoice(config.states);
      const members = () => fleet.list().filter(({ id }) => watched.has(id));

      const firstPicture = config.sendInitial
        ? createFirstPicture({
            clock,
            fleet,
            // Where no leader tells it, the picture is of whom the node knows.
            knowsWhom: () => watched.ready || early === undefined,
            members,
            say: (member) => say([{ ...messageFor(member), initial: true }, null]),
          })
        : undefined;
      let early: (readonly [FleetMember, FleetMember["verdict"] | undefined])[] | undefined = [];
      const tell = (member: FleetMember, before: FleetMember["verdict"] | undefined) => {
        if (!watched.has(member.id)) {
          if (!watched.ready) early?.push([member, before]);
          return;
        }
        const news = choice.weigh(member, before);
        if (!news) return;
        firstPicture?.told(member.id);
        say([messageFor(member, news.before), null]);
      };

      const showStatus = () => {
        const { tone, pending, key, alive, total } = summarise(members(), {
          judged: fleet.judged,
          linkUp: bus.link.up,
          lacksRoom: watched.lacksRoom,
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

      const tellEarly = () => {
        if (!watched.ready || !early) return;
        const all = early;
        early = undefined;
        for (const transition of all) tell(...transition);
      };

      const stops = [
        fleet.onTransition(tell),
        fleet.onChange(changed),
        bus.onLink(changed),
        watched.onChange(() => {
          tellEarly();
          changed();
        }),
        clock.setTimer(
          () => {
            early = undefined;
            firstPicture?.look();
          },
          EARLY_MS,
          { unref: true },
        ),
        fleet.onMetrics((member, data, source) => {
          if (watched.has(member.id)) say([null, metricsMessageFor(member, data, source)]);
        }),
      ];
      for (const transition of absences.over(this.id, fleet)) tell(...transition);
      showStatus();
      changed();

      /** Whom a request means: who was named must be known, whatever this node watches; a pattern or a room may find nobody. */
      const named = async (whom: string | undefined): Promise<readonly FleetMember[]> => {
        if (whom === undefined) return members();
        const room = roomIn(whom);
        const asked = followerChoice([whom], bus);
        // The first who asks for a room is who begins to listen to the leader's house.
        await readyWithin(asked, clock, HEARD_MS);
        if (!asked.ready) {
          throw new SkeinError("LEADER_ABSENT", "there is no leader who could say who stands in a room.", {
            hint: "Start the leader, or name followers: rooms are kept by it.",
          });
        }
        if (asked.lacksRoom) {
          throw new SkeinError("ROOM_UNKNOWN", `there is no room "${room}".`, {
            hint: "Its id stands in the live list of this node's dialog; rooms are made on the page.",
          });
        }
        const meant = fleet.list().filter(({ id }) => asked.has(id));
        if (meant.length > 0 || room !== undefined || whom.includes("*")) return meant;
        throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${whom}" has been seen.`, {
          hint: "Its id stands on the dashboard and in its follower.yaml.",
        });
      };
      const current = (meant: readonly FleetMember[], from: NodeMessage = {}): NodeMessage[] => {
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
        const messages = current(members());
        say([messages, null]);
        return messages.length;
      };

      onInput(this, async (message, send) => {
        const request = requestOf(message);
        if (request.ask === "state") return send([current(await named(request.whom), message), null]);
        for (const { id } of await named(request.whom)) await fleet.setMaintenance(id, request.forMs);
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
