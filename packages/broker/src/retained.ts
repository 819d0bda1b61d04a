/** The kept messages of the house: all in memory, by topic, and on disk beside it. */
import { Readable } from "node:stream";
import { deserialize, serialize } from "node:v8";
import type { ClassicLevel } from "classic-level";
import { plain, type StoredPacket, under } from "./stored-packet";
import { TopicTree } from "./topic-tree";

const RETAINED = "retained:";

export class Retained {
  private readonly tree = new TopicTree<StoredPacket>();

  constructor(private readonly db: ClassicLevel<string, Buffer>) {}

  async load(): Promise<void> {
    for await (const value of this.db.values(under(RETAINED))) {
      const packet = deserialize(value) as StoredPacket;
      this.tree.set(packet.topic, packet);
    }
  }

  get size(): number {
    return this.tree.size;
  }

  /** Whether nothing newer has come for its topic since it was read. */
  isLatest(packet: { topic: string; payload: unknown }): boolean {
    return this.tree.get(packet.topic)?.payload === packet.payload;
  }

  /** An empty payload takes the topic's message away [MQTT-3.3.1-10]. */
  async store(packet: StoredPacket): Promise<void> {
    const key = RETAINED + packet.topic;
    if (packet.payload.length === 0) {
      this.tree.delete(packet.topic);
      await this.db.del(key);
    } else {
      const kept = plain(packet);
      this.tree.set(packet.topic, kept);
      await this.db.put(key, serialize(kept));
    }
  }

  /** Read when asked for; what has changed between here and the socket is dropped by `isLatest`, since the change itself follows. */
  stream(filters: readonly string[]): Readable {
    const { tree } = this;
    return Readable.from(
      (function* () {
        for (const filter of filters) yield* tree.underFilter(filter);
      })(),
    );
  }
}
