import { ClassicLevel } from "classic-level";
import { systemClock } from "@skein/kit";
import { tempDir, type TempDir } from "../../../test/support/temp-dir";
import { Persistence } from "./persistence";
import type { StoredPacket } from "./stored-packet";

const MAX_QUEUED = 100;
let dir: TempDir;
let store: Persistence;
beforeEach(async () => {
  dir = tempDir();
  store = await Persistence.open({
    directory: dir.join("store"),
    maxQueued: MAX_QUEUED,
    maxQueuedBytes: 1_000_000,
    clock: systemClock,
    maySubscribe: () => true,
    mayReceive: () => true,
  });
});
afterEach(async () => {
  await store.destroy();
  dir.remove();
});

const packet = (n: number): StoredPacket => ({
  cmd: "publish",
  topic: "t",
  payload: Buffer.from(String(n)),
  qos: 1,
  retain: false,
  brokerId: "b",
  brokerCounter: n,
});
const queued = async (...numbers: number[]) => {
  for (const n of numbers) await store.outgoingEnqueue({ clientId: "c" }, packet(n));
};
/** How far it has come once everything that can happen has happened. */
const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let done = false;
  void promise.then(() => (done = true));
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  return done;
};
const live = (n: number, client: { id: string }) => store.outgoingUpdate(client, { ...packet(n), messageId: 100 + n });

it("sends nothing live before its queue has been replayed", async () => {
  const client = { id: "c" };
  await queued(0, 1, 2);
  await store.subscriptionsByClient(client);
  const replay = store.outgoingStream(client);
  // It has sent nothing yet when message 2 also comes live.
  const twin = live(2, client);
  const next = (await queued(3), live(3, client));
  expect([await settled(twin), await settled(next)]).toEqual([false, false]);
  const sent: string[] = [];
  for await (const read of replay) {
    const message = read as StoredPacket;
    await store.outgoingUpdate(client, { ...message, messageId: Number(message.brokerCounter) + 1 });
    sent.push(message.payload.toString());
  }
  expect(sent).toEqual(["0", "1", "2"]);
  store.replayed("c");
  // The replay has sent 2 already; 3 follows now.
  expect([await settled(twin), await settled(next)]).toEqual([false, true]);
});

it("replays in order also what began to wait before, and sends that no second time", async () => {
  const client = { id: "c" };
  await queued(0, 1);
  await store.subscriptionsByClient(client);
  const waits = live(1, client);
  await queued(2);
  const sent: string[] = [];
  for await (const read of store.outgoingStream(client)) sent.push((read as StoredPacket).payload.toString());
  expect(sent).toEqual(["0", "1", "2"]);
  store.replayed("c");
  expect(await settled(waits)).toBe(false);
});

it("replays a message that was still on its way to the disk when its receiver came back", async () => {
  const client = { id: "c" };
  for (let n = 0; n < 200; n++) {
    const storing = queued(n);
    await store.subscriptionsByClient(client);
    const sent: unknown[] = [];
    for await (const read of store.outgoingStream(client)) {
      const message = read as StoredPacket;
      await store.outgoingUpdate(client, { ...message, messageId: n + 1 });
      sent.push(message.brokerCounter);
    }
    store.replayed("c");
    await storing;
    expect(sent).toEqual([n]);
    await store.outgoingClearMessageId(client, { messageId: n + 1 });
  }
});

it("keeps no place in the queue for messages that could not be stored", async () => {
  const full = jest.spyOn(ClassicLevel.prototype as unknown as { batch(): Promise<void> }, "batch");
  full.mockRejectedValue(new Error("the disk is full"));
  for (let n = 0; n < MAX_QUEUED; n++) await expect(queued(n)).rejects.toThrow("the disk is full");
  full.mockRestore();
  for (let n = 0; n < MAX_QUEUED; n++) await queued(MAX_QUEUED + n);
  expect(store.dropped).toBe(0);
});
