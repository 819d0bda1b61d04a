/** `skein-in`: what is said on the bus comes into a flow, checked by its contract, or as it is from any topic. */
import { createHash } from "node:crypto";
import {
  busNodeOf,
  chosenIds,
  createSender,
  isChoice,
  isFollowerChoice,
  matcher,
  migrate,
  onClose,
  shortTopic,
  skeinOf,
  skeinSettings,
  tellFailure,
  VARIABLE,
  type Sender,
} from "@skein/palette";
import type { Bus, Unsubscribe } from "@skein/bus";
import { messageOf, SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { inDefaults, isTopicFilter, type SkeinInConfig } from "./config";
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
      const listener =
        config.message === ""
          ? rawListener(config)
          : typedListener(config, (setting, fits) => chosenIds(RED, this, setting, fits));
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

/** @throws SkeinError MESSAGE_UNKNOWN, ID_INVALID */
function typedListener(
  config: SkeinInConfig,
  listed: (setting: unknown, fits: (item: string) => boolean) => string[],
): Listener {
  const message = messageNamed(config.message);
  if (!message) {
    throw new SkeinError("MESSAGE_UNKNOWN", `there is no message "${config.message}" in this release's contract.`, {
      hint: "Open the node and choose another, or a free topic.",
    });
  }
  // A pattern with * is wider than MQTT's whole-level wildcards: subscribe to all and choose here.
  const choices = idsIn(message).map((id) => {
    const ofFollower = id === "id" && message.writer === "follower";
    return { id, chosen: listed(config.ids[id], ofFollower ? isFollowerChoice : isChoice) };
  });
  const tests = choices.map(({ id, chosen }) => ({ id, fits: matcher(chosen) }));
  const ids = Object.fromEntries(
    choices.flatMap(({ id, chosen: [only, ...others] }) =>
      only === undefined || others.length > 0 || only.includes("*") ? [] : [[id, only]],
    ),
  );
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
  if (VARIABLE.test(filter)) {
    throw new SkeinError("TOPIC_INVALID", `${filter} is not set, so there is no topic to listen to.`, {
      hint: "Set it in the environment of the flow or of Node-RED.",
    });
  }
  if (!isTopicFilter(filter)) {
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
