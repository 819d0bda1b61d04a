/** `skein-in`: what is said on the bus comes into a flow, checked by its contract, or as it is from any topic. */
import { createHash } from "node:crypto";
import {
  busNodeOf,
  createSender,
  matcher,
  migrate,
  onClose,
  shortTopic,
  skeinOf,
  skeinSettings,
  tellFailure,
  type Sender,
} from "@skein/palette";
import type { Bus, Unsubscribe } from "@skein/bus";
import { messageOf, SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { inDefaults, type SkeinInConfig } from "./config";
import { idsIn, messageNamed } from "./contract-list";
import { createFirstPicture, type FirstPicture } from "./first-picture";
import { showFailure, showLink } from "./link-status";
import { decode } from "./payload";

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;

  RED.nodes.registerType<Node, NodeDef & SkeinInConfig, object, object>("skein-in", function (this, saved) {
    RED.nodes.createNode(this, saved);
    const config = migrate(saved, {}, inDefaults);
    try {
      const { bus } = busNodeOf(RED, config.bus);
      const listener = config.message === "" ? rawListener(config) : typedListener(config);
      const say = createSender(RED, this);
      const picture = createFirstPicture(bus);
      const subscribed = listener.listen({
        bus,
        picture,
        say,
        fail: (error, message) => tellFailure(RED, this, error, message),
      });
      const stopStatus = showLink(RED, this, bus, listener.filter);
      subscribed.catch((error: unknown) => {
        stopStatus();
        showFailure(RED, this, error, { topic: listener.filter });
      });
      onClose(this, clock, async () => {
        stopStatus();
        picture.stop();
        await subscribed.then((unsubscribe) => unsubscribe()).catch(() => {});
      });
    } catch (error) {
      showFailure(RED, this, error);
    }
  });
};

interface Listener {
  /** What the broker is asked for. */
  readonly filter: string;
  listen(parts: {
    bus: Bus;
    picture: FirstPicture;
    say: Sender;
    fail: (error: unknown, message: NodeMessage) => void;
  }): Promise<Unsubscribe>;
}

/** @throws SkeinError MESSAGE_UNKNOWN; TypeError for a bad id */
function typedListener(config: SkeinInConfig): Listener {
  const message = messageNamed(config.message);
  if (!message) {
    throw new SkeinError("MESSAGE_UNKNOWN", `there is no message "${config.message}" in this release's contract.`, {
      hint: "Open the node and choose another, or a free topic.",
    });
  }
  // A pattern with * is wider than MQTT's whole-level wildcards: subscribe to all and choose here.
  const choices = idsIn(message).map((id) => ({ id, chosen: (config.ids[id] ?? "").trim() }));
  const exact = choices.filter(({ chosen }) => chosen !== "" && !chosen.includes("*") && !chosen.includes(","));
  const tests = choices.map(({ id, chosen }) => ({ id, fits: matcher(chosen.split(",")) }));
  const ids = Object.fromEntries(exact.map(({ id, chosen }) => [id, chosen]));
  return {
    filter: message.filter(ids),
    listen: ({ bus, picture, say }) =>
      bus.subscribe(message, ids as never, ({ topic, ids: found, data, envelope, retained }) => {
        if (!tests.every(({ id, fits }) => fits(found[id] ?? ""))) return;
        const { id, session } = envelope;
        const said =
          message.kind === "state" ? { mark: digest(JSON.stringify(data)), session } : { mark: id, session: "" };
        const news = picture(topic, said, retained);
        if (news === "known" || (news === "initial" && !config.sendInitial)) return;
        say({
          topic: shortTopic(topic),
          payload: data,
          ids: found,
          skein: skeinOf(envelope),
          ...(news === "initial" ? { initial: true } : {}),
        });
      }),
  };
}

/** @throws SkeinError TOPIC_INVALID */
function rawListener(config: SkeinInConfig): Listener {
  const filter = config.topic.trim();
  if (!isFilter(filter)) {
    throw new SkeinError("TOPIC_INVALID", `"${filter}" is no topic to listen to.`, {
      hint: "Levels are parted by /; + stands for one level, # for all that follow and stands last.",
    });
  }
  return {
    filter,
    listen: ({ bus, picture, say, fail }) =>
      bus.subscribeRaw(filter, ({ topic, payload, retained }) => {
        // Bytes have no id: kept state is told apart by what it says.
        const news = picture(topic, { mark: digest(payload), session: "" }, retained);
        if (news === "known" || (news === "initial" && !config.sendInitial)) return;
        try {
          say({
            topic: shortTopic(topic),
            payload: decode(payload, config.payloadAs),
            ...(news === "initial" ? { initial: true } : {}),
          });
        } catch (error) {
          fail(error, { topic: shortTopic(topic), payload: messageOf(error) });
        }
      }),
  };
}

/** Stands for what was said, which may be long, and is kept for every topic. */
const digest = (said: string | Uint8Array): string => createHash("sha256").update(said).digest("base64");

/** MQTT 3.1.1, 4.7.1. */
const isFilter = (filter: string): boolean =>
  filter !== "" &&
  filter
    .split("/")
    .every(
      (level, index, all) => level === "+" || (level === "#" && index === all.length - 1) || !/[+#\0]/.test(level),
    );
