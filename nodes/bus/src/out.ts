/** `skein-out`: a flow says something on the bus. It is done when the broker has it, a command when it was answered. */
import {
  becauseOf,
  busNodeOf,
  migrate,
  onClose,
  onInput,
  skeinOf,
  skeinSettings,
  typedValue,
  type SkeinBusNode,
} from "@skein/palette";
import { isId, type AnyMessage } from "@skein/contracts";
import { SkeinError, systemClock } from "@skein/kit";
import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from "node-red";
import { defaultIdOf, isTopic, outDefaults, type SkeinOutConfig } from "./config";
import { idsIn, messageNamed, ownId } from "./contract-list";
import { showFailure, showLink, showLinkNow } from "./link-status";
import { encode } from "./payload";
import { tellRefusals } from "./refused-later";

export = function register(RED: NodeAPI): void {
  const clock = skeinSettings(RED)?.clock ?? systemClock;

  RED.nodes.registerType<Node, NodeDef & SkeinOutConfig, object, object>("skein-out", function (this, saved) {
    RED.nodes.createNode(this, saved);
    const config = migrate(saved, {}, outDefaults);
    let found: SkeinBusNode;
    try {
      found = busNodeOf(RED, config.bus);
    } catch (error) {
      showFailure(RED, this, error);
      // Every input fails with the same reason, so that a Catch node hears of it.
      return onInput(this, () => {
        throw error;
      });
    }
    const { bus } = found;
    const stopStatus = showLink(RED, this, bus);
    let refused = false;
    const refusals = tellRefusals(bus, (topic, error) => {
      refused = true;
      showFailure(RED, this, error, { topic });
    });
    const sent = () => {
      if (refused) showLinkNow(RED, this, bus.link);
      refused = false;
    };
    const valueOf = (value: string, type: string, message: NodeMessageInFlow) =>
      typedValue(RED, this, value, type, message);

    onInput(this, async (message, send) => {
      const payload = await valueOf(config.payload, config.payloadType, message);
      if (config.message === "") {
        const topic = await valueOf(config.topic, config.topicType, message);
        const full = topicOf(topic === "" || topic === undefined ? message.topic : topic);
        const bytes = encode(payload, config.payloadAs);
        await refusals.of(full, () => bus.publishRaw(full, bytes, config.kind));
        sent();
        return send(message);
      }
      const contract = sendable(config.message);
      const ids: Record<string, string> = {};
      for (const id of idsIn(contract)) {
        const { value, type } = config.ids[id] ?? defaultIdOf(id);
        ids[id] = id === ownId(contract) ? bus.id : idOf(id, await valueOf(value, type, message));
      }
      if (contract.kind !== "command") {
        const envelope = await refusals.of(contract.topic(ids), () =>
          bus.publish(contract, ids, payload, becauseOf(message)),
        );
        sent();
        return send({ ...message, skein: skeinOf(envelope) });
      }
      const outcome = await bus.request(contract, ids, payload, becauseOf(message));
      if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
      send({ ...message, payload: outcome.result ?? null });
    });
    onClose(this, clock, () => {
      refusals.stop();
      stopStatus();
    });
  });
};

function sendable(name: string): AnyMessage {
  const contract = messageNamed(name);
  if (contract && ownId(contract) !== undefined) return contract;
  throw new SkeinError("MESSAGE_UNKNOWN", `a flow cannot send a message "${name}".`, {
    hint: "Open the node and choose one from its list.",
  });
}

function idOf(name: string, value: unknown): string {
  if (typeof value === "string" && isId(value)) return value;
  throw new SkeinError(
    "ID_INVALID",
    `{${name}} of the message is ${JSON.stringify(value) ?? "nothing"}, which is no id.`,
    {
      hint: "Set it in the node, or in the message property that the node names: a-z, 0-9 and -, 63 at most.",
    },
  );
}

function topicOf(value: unknown): string {
  if (typeof value === "string" && isTopic(value)) return value;
  throw new SkeinError("TOPIC_INVALID", `${JSON.stringify(value) ?? "nothing"} is no topic to send to.`, {
    hint: "Set one in the node or in msg.topic; it cannot hold + or #.",
  });
}
