/** `skein-in`: what is said on the bus comes into a flow, checked by its contract, or as it is from any topic. */
import { createHash } from "node:crypto";
import {
  busNodeOf,
  chosenIds,
  createSender,
  followerChoice,
  isChoice,
  isFollowerChoice,
  isIdText,
  migrate,
  onClose,
  shortTopic,
  skeinOf,
  skeinSettings,
  tellFailure,
  VARIABLE,
  type FollowerChoice,
  type Sender,
} from "@skein/palette";
import type { Bus, Received, Unsubscribe } from "@skein/bus";
import type { AnyMessage } from "@skein/contracts";
import { messageOf, SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { inDefaults, isTopicFilter, type SkeinInConfig } from "./config";
import { followerId, idsIn, messageNamed } from "./contract-list";
import { createFirstPicture, type FirstPicture } from "./first-picture";
import { showFailure, showLink } from "./link-status";
import { decode } from "./payload";

/** So many states wait at most; a house has some thousand. */
const MAX_EARLY = 5000;

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
          : typedListener(
              config,
              (setting, fits) => chosenIds(RED, this, setting, fits),
              (chosen) => followerChoice(chosen, bus),
            );
      const say = createSender(RED, this);
      const stopStatus = showLink(RED, this, bus, { filter: listener.filter, whom: listener.whom });
      const picture = createFirstPicture(bus);
      const subscribed = listener.listen({
        bus,
        picture,
        say,
        fail: (error, message) => tellFailure(RED, this, error, message),
      });
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
  /** Whose messages are meant, by each id of the topic. */
  readonly whom: readonly FollowerChoice[];
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
  choiceOf: (chosen: readonly string[]) => FollowerChoice,
): Listener {
  const message = messageNamed(config.message);
  if (!message) {
    throw new SkeinError("MESSAGE_UNKNOWN", `there is no message "${config.message}" in this release's contract.`, {
      hint: "Open the node and choose another, or a free topic.",
    });
  }
  // A pattern with * is wider than MQTT's whole-level wildcards: subscribe to all and choose here.
  const choices = idsIn(message).map((id) => {
    const chosen = listed(config.ids[id], id === followerId(message) ? isFollowerChoice : isChoice);
    return { id, chosen, choice: choiceOf(chosen) };
  });
  const ids = Object.fromEntries(
    choices.flatMap(({ id, chosen: [only, ...others] }) =>
      only === undefined || others.length > 0 || !isIdText(only) ? [] : [[id, only]],
    ),
  );
  return {
    filter: message.filter(ids),
    whom: choices.map(({ choice }) => choice),
    listen: async ({ bus, picture, say }) => {
      const isMeant = ({ ids: found }: Received<AnyMessage>) =>
        choices.every(({ id, choice }) => choice.has(found[id] ?? ""));
      const mayBeMeant = ({ ids: found }: Received<AnyMessage>) =>
        choices.every(({ id, choice }) => !choice.ready || choice.has(found[id] ?? ""));
      const tell = ({ topic, ids: found, data, envelope }: Received<AnyMessage>, initial: boolean) =>
        say({
          topic: shortTopic(topic),
          payload: data,
          ids: found,
          skein: skeinOf(envelope),
          ...(initial ? { initial: true } : {}),
        });
      /** Kept state comes once, maybe before it is known who stands in the rooms: by topic, what waits for that. */
      const early = new Map<string, Received<AnyMessage>>();
      const tellEarly = () => {
        if (!choices.every(({ choice }) => choice.ready)) return;
        for (const received of early.values()) if (isMeant(received)) tell(received, true);
        early.clear();
      };
      const heard = (received: Received<AnyMessage>) => {
        const { topic, data, envelope, retained } = received;
        const { id, session } = envelope;
        const said =
          message.kind === "state" ? { mark: digest(JSON.stringify(data)), session } : { mark: id, session: "" };
        // Also of whoever is not meant: a follower that is moved into a chosen room later is none of whom nothing is known.
        const news = picture(topic, said, retained);
        if (news === "known") return;
        if (isMeant(received)) {
          if (news === "news" || config.sendInitial) tell(received, news === "initial");
        } else if (message.kind === "state" && config.sendInitial && mayBeMeant(received) && early.size < MAX_EARLY)
          early.set(topic, received);
      };
      const unsubscribe = await bus.subscribe(message, ids as never, heard, {
        onCleared: (cleared) => void early.delete(message.topic(cleared)),
      });
      const stops = choices.map(({ choice }) => choice.onChange(tellEarly));
      tellEarly();
      return async () => {
        for (const stop of stops) stop();
        await unsubscribe();
      };
    },
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
    whom: [],
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
