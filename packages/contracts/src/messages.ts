import { birth } from "./birth";
import { agentCommand, flowReply, followerReply, hostCommand, leaderReply, maintenanceCommand } from "./commands";
import type { AnyMessage } from "./define-message";
import { devicesCommand, deviceState, scenesState } from "./devices";
import { flowDeployed, flowInput } from "./flow-host";
import { flowEvent, flowMedia, flowState } from "./flows";
import { heartbeat } from "./heartbeat";
import { houseState, privacyState } from "./house";
import { hubChannelState, hubCommand, hubDescription, hubEvent, hubFigures, hubSamples } from "./hub";
import { leaderClock, leaderNotice, leaderStatus } from "./leader";
import { metrics } from "./metrics";
import { noticeAnswerCommand, noticeCommand } from "./notices";
import { presence } from "./presence";
import { routine, routineCommand } from "./routines";
import { verdict } from "./verdict";
import { lampCommand, virtualHome } from "./virtual-home";

/** Every message of the house, by name: the topic table, the JSON Schemas and the access rules are made of this list. */
export const messages = {
  birth,
  presence,
  heartbeat,
  metrics,
  followerReply,
  virtualHome,
  agentCommand,
  maintenanceCommand,
  hostCommand,
  lampCommand,
  leaderStatus,
  leaderClock,
  leaderNotice,
  leaderReply,
  houseState,
  privacyState,
  verdict,
  deviceState,
  scenesState,
  devicesCommand,
  hubDescription,
  hubChannelState,
  hubSamples,
  hubEvent,
  hubFigures,
  hubCommand,
  flowState,
  flowEvent,
  flowMedia,
  flowReply,
  routine,
  routineCommand,
  noticeCommand,
  noticeAnswerCommand,
  flowDeployed,
  flowInput,
} satisfies Record<string, AnyMessage>;

export type MessageName = keyof typeof messages;

/** The message that a topic belongs to, with the ids in it. */
export function messageOfTopic(
  topic: string,
): { name: MessageName; message: AnyMessage; ids: Record<string, string> } | undefined {
  for (const [name, message] of Object.entries(messages) as [MessageName, AnyMessage][]) {
    const ids = message.match(topic);
    if (ids) return { name, message, ids };
  }
  return undefined;
}
