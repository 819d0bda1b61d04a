import { connectAsync } from "mqtt";
import { presence, type Envelope } from "@skein/contracts";

/**
 * What a half-open connection leaves behind: an MQTT client under another client id whose will bears a session that is
 * over by the time the broker publishes it. Raw MQTT, since no client of ours would do this.
 */
export async function staleWill(url: string, id: string): Promise<void> {
  const topic = presence.topic({ id });
  const envelope: Envelope = {
    id: "old-will",
    at: Date.now() - 60_000,
    from: id,
    run: "an-old-run",
    session: "an-old-session",
    seq: 1,
  };
  const payload = Buffer.from(JSON.stringify({ ...envelope, data: { status: "lost" } }));
  const old = await connectAsync(url, {
    clientId: `half-open-${id}`,
    will: { topic, payload, qos: 1, retain: true },
    reconnectPeriod: 0,
  });
  old.stream.destroy();
}
