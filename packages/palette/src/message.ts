/** Bus messages as flow messages and back: the same short topic on every transport, and the chain of causes kept. */
import type { Because } from "@skein/bus";
import { PREFIX } from "@skein/contracts";
import type { Source } from "./bus-node";
import type { NodeMessage } from "node-red";

/** `msg.skein`: where a message came from. Passed on by Node-RED's own nodes, so a flow's answer names its cause. */
export interface SkeinProperty {
  readonly id: string;
  /** Ms since 1970 by the sender's clock. */
  readonly at: number;
  readonly from: string;
  readonly trace?: string;
  readonly causes?: readonly string[];
}

export const skeinOf = (envelope: Source): SkeinProperty => ({
  id: envelope.id,
  at: envelope.at,
  from: envelope.from,
  ...(envelope.trace === undefined ? {} : { trace: envelope.trace }),
  ...(envelope.causes === undefined ? {} : { causes: envelope.causes }),
});

/** `skein/v1/followers/cv-1/birth` is `followers/cv-1/birth` in a flow. */
export const shortTopic = (topic: string): string => (topic.startsWith(PREFIX) ? topic.slice(PREFIX.length) : topic);

/** Why something is published because of this flow message. */
export function becauseOf(message: NodeMessage): Because {
  const skein = message["skein"] as Partial<SkeinProperty> | undefined;
  if (typeof skein !== "object" || skein === null) return {};
  return {
    ...(typeof skein.trace === "string" ? { trace: skein.trace } : {}),
    ...(typeof skein.id === "string" ? { causes: [skein.id] } : {}),
  };
}
