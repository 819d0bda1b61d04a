import { metrics } from "./metrics";

test("the largest host that the schema allows fits into a message", () => {
  const many = <T>(length: number, make: (n: number) => T) => Array.from({ length }, (_, n) => make(n));
  const bytes = Number.MAX_SAFE_INTEGER;
  const name = (length: number, n: number) => `${n}${"ü".repeat(length)}`.slice(0, length);
  const largest = metrics.schema.parse({
    cpu: { percent: 100 / 3, perCorePercent: many(512, () => 100 / 3), frequencyMhz: 10_000 / 3 },
    memory: { totalBytes: bytes, usedBytes: bytes, availableBytes: bytes },
    temperaturesC: Object.fromEntries(many(64, (n) => [name(64, n), 100 / 3])),
    disks: many(64, (n) => ({ mount: name(255, n), totalBytes: bytes, usedBytes: bytes })),
    network: many(64, (n) => ({ interface: name(64, n), receivedBytesPerS: 1e6 / 3, sentBytesPerS: 1e6 / 3 })),
    load: [1 / 3, 1 / 3, 1 / 3],
    agent: { rssBytes: bytes, heapUsedBytes: bytes, eventLoopLagMs: 1 / 3 },
  });
  const envelope = 1024;
  expect(Buffer.byteLength(JSON.stringify(largest)) + envelope).toBeLessThan(metrics.maxBytes);
});
