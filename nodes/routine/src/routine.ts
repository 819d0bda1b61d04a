/** `skein-routine`: opens a flow to whoever may start it from outside, by the page, an API token or a phone's shortcut. */
import {
  adminRoute,
  busNodeOf,
  createDesks,
  createSender,
  createStatus,
  isIdText,
  keyOfFailure,
  migrate,
  onClose,
  skeinOf,
  skeinSettings,
  tellFailure,
  watchLeaderPresence,
  type LeaderPresence,
  type SkeinBusNode,
} from "@skein/palette";
import { MAX_ROUTINE_ICON, MAX_ROUTINE_NAME, routineCommand } from "@skein/contracts";
import { SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef } from "node-red";
import { defaults, routineIdOf, type RoutineConfig } from "./config";
import { lineOf } from "./show";
import { openingsOf, settleWhenStarted } from "./openings-of";

/** Two presses of the button within so long, ms, are one: somebody double-clicked. */
const PRESS_MS = 1000;

interface RoutineNode extends Node {
  start(): void;
}

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;
  const desks = createDesks({
    clock,
    message: routineCommand,
    keyOf: ({ routine }) => routine,
    gone: (id) =>
      new SkeinError("ROUTINE_UNKNOWN", `no flow has opened a routine "${id}" any more.`, {
        hint: "Nothing was started.",
      }),
  });
  settleWhenStarted(RED);

  RED.nodes.registerType<RoutineNode, NodeDef & RoutineConfig, object, object>("skein-routine", function (this, saved) {
    RED.nodes.createNode(this, saved);
    const config = migrate(saved, {}, defaults);
    const status = createStatus(RED, this);
    const fail = (key: string, error: unknown): void => {
      status("bad", RED._(`routine.status.${key}`), true);
      tellFailure(RED, this, error);
    };
    let found: SkeinBusNode;
    const id = routineIdOf(config, this.id);
    try {
      if (!isIdText(id))
        throw new SkeinError("ID_INVALID", `"${id}" is no id of a routine.`, {
          hint: "It is made of a-z, 0-9 and -, 63 at most.",
        });
      found = busNodeOf(RED, config.bus);
    } catch (error) {
      return fail(keyOfFailure(error, { ID_INVALID: "badId" }), error);
    }
    const { bus } = found;
    const say = createSender(RED, this);
    let presence: LeaderPresence = "no-bus";
    let isMine: boolean | undefined;
    /** What keeps it from being started, as it stands: red until it is over, whatever else changes. */
    const broken = new Set<"opening" | "hearing">();
    const look = () => {
      if (isMine === undefined || broken.size > 0) return;
      const { tone, pending, key } = lineOf(isMine, presence);
      status(tone, RED._(`routine.status.${key}`), pending);
    };
    const breaks = (what: "opening" | "hearing", error: unknown) => {
      broken.add(what);
      fail("failed", error);
    };
    const mended = (what: "opening" | "hearing") => {
      if (broken.delete(what)) look();
    };
    const leader = watchLeaderPresence(bus, (now) => {
      presence = now;
      look();
    });

    let leave = () => {};
    const sit = () =>
      desks.sit(bus, id, {
        handler: ({ data, envelope }) => {
          const { input, by } = data;
          say({
            topic: `routines/${id}`,
            payload: input,
            skein: { ...skeinOf(envelope), ...(by === undefined ? {} : { by }) },
          });
          return { started: true };
        },
        onDeaf: (error) => breaks("hearing", error),
        onHearing: () => mended("hearing"),
      });
    const giveUp = openingsOf(bus).claim(id, {
      node: this.id,
      data: {
        name: (config.name.trim() || id).slice(0, MAX_ROUTINE_NAME),
        ...(config.icon ? { icon: config.icon.slice(0, MAX_ROUTINE_ICON) } : {}),
      },
      onDecided: (decided) => {
        if (decided === isMine) return;
        isMine = decided;
        leave();
        broken.clear();
        leave = decided ? sit() : () => {};
        look();
        if (!decided)
          tellFailure(
            RED,
            this,
            new SkeinError("ROUTINE_TAKEN", `another node has opened the routine "${id}" already.`, {
              hint: "Give this one another id.",
            }),
          );
      },
      onOpened: () => mended("opening"),
      onFailure: (error) => breaks("opening", error),
    });
    let pressedAt = -PRESS_MS;
    this.start = () => {
      const now = clock.monotonic();
      if (now - pressedAt < PRESS_MS) return;
      pressedAt = now;
      say({
        topic: `routines/${id}`,
        payload: {},
        skein: { id: RED.util.generateId(), at: clock.now(), from: bus.id },
      });
    };
    onClose(this, clock, () => {
      giveUp();
      leave();
      leader.stop();
    });
  });

  // The button on the node, and the dialog's.
  adminRoute(RED, "post", "/skein/routine/:id/start", "flows.write", (request) => {
    const node = RED.nodes.getNode(String(request.params["id"])) as Partial<RoutineNode> | null;
    if (!node?.start)
      throw new SkeinError("NODE_UNKNOWN", "this node is not deployed, or has no bus.", { hint: "Deploy first." });
    node.start();
  });
};
