import { startRedis } from "../../../test/support/redis-server";
import { describeTransport } from "./testing/conformance";

describeTransport({
  name: "Redis",
  willMs: 5000,
  async start() {
    const server = await startRedis();
    return {
      port: server.port,
      address: ({ clientId, id, port }) => ({
        url: `redis://127.0.0.1:${port ?? server.port}`,
        clientId,
        reaper: id === "leader",
      }),
      stop: (signal) => server.stop(signal),
      start: () => server.start(),
      close: () => server.close(),
    };
  },
});
