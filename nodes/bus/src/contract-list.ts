/** The contract as the dialogs show it: which messages there are, which ids each has, which of them a flow may send. */
import { messages, type AnyMessage } from "@skein/contracts";
import type { ContractMessage } from "./config";

/** The id in a topic that is the sender's own, and so is never asked for. */
export const ownId = (message: AnyMessage): string | undefined =>
  message.writer === "flows" ? "host" : message.writer === "issuer" ? "issuer" : undefined;

export const idsIn = (message: AnyMessage): string[] =>
  [...message.pattern.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");

export const messageNamed = (name: string): AnyMessage | undefined => (messages as Record<string, AnyMessage>)[name];

export const contractMessages = (): ContractMessage[] =>
  Object.entries(messages as Record<string, AnyMessage>).map(([name, message]) => ({
    name,
    pattern: message.pattern,
    ids: idsIn(message),
    kind: message.kind,
    what: message.what,
    sendable: ownId(message) !== undefined,
  }));
