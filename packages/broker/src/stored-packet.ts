/** What of a PUBLISH the store keeps. */
export interface StoredPacket {
  cmd: string;
  topic: string;
  payload: Buffer;
  qos: number;
  retain: boolean;
  dup?: boolean;
  messageId?: number | undefined;
  brokerId?: string;
  brokerCounter?: number;
}

/** Without what belongs to one connection; its bytes are its own, not a view of a socket's buffer. */
export const plain = ({ cmd, topic, payload, qos, retain }: StoredPacket): StoredPacket => ({
  cmd,
  topic,
  payload: Buffer.from(payload),
  qos,
  retain,
});

/** The keys of the store that begin so: `:` is the separator and `;` sorts right after it. */
export const under = (prefix: string): { gte: string; lt: string } => ({
  gte: prefix,
  lt: `${prefix.slice(0, -1)};`,
});
