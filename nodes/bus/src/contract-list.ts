/** The contract as the dialogs show it: which messages there are, which ids each has, which of them a flow may send. */
import { messages, type AnyMessage } from "@skein/contracts";
import type { ContractMessage } from "./config";

/** What nodes of ours, or the flow host, say by themselves; a flow that did would only contradict them. */
const NOT_BY_HAND: readonly string[] = ["flowReply", "routine", "noticeAnswerCommand", "flowDeployed", "flowInput"];

/** The id in a topic that is the sender's own, and so is never asked for. */
export const ownId = (message: AnyMessage): string | undefined =>
  message.writer === "flows" ? "host" : message.writer === "issuer" ? "issuer" : undefined;

export const idsIn = (message: AnyMessage): string[] =>
  [...message.pattern.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");

/** The id in a topic that names a follower, who may be chosen by room as well. */
export function followerId({ pattern, writer, answeredBy }: AnyMessage): string | undefined {
  if (writer === "issuer") return answeredBy === "follower" ? "target" : undefined;
  return writer === "follower" || pattern === messages.verdict.pattern ? "id" : undefined;
}

export const messageNamed = (name: string): AnyMessage | undefined => {
  const found = (messages as Record<string, AnyMessage>)[name];
  return found?.kind === "media" ? undefined : found;
};

/** Bytes bear no envelope and no JSON: media are heard by a free topic. */
export const contractMessages = (): ContractMessage[] =>
  Object.entries(messages as Record<string, AnyMessage>)
    .filter(([, { kind }]) => kind !== "media")
    .map(([name, message]) => ({
      name,
      pattern: message.pattern,
      ids: idsIn(message),
      follower: followerId(message),
      kind: message.kind,
      what: message.what,
      sendable: ownId(message) !== undefined && !NOT_BY_HAND.includes(name),
    }));
