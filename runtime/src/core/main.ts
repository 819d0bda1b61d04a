/** Core's process: the only place that hands in the real clock, real chance and the real flow host's proxy. */
import { join } from "node:path";
import { createLogger, systemClock, systemRandom } from "@skein/kit";
import { runAsChild, type CoreInit, type PartsMessage } from "../launcher/ipc";
import { startCore, type Core } from "./core";
import { createFlowHostProxy } from "./web/proxy";

let core: Core | undefined;
/** The launcher may speak before we are ready. */
let parts: PartsMessage | undefined;

runAsChild<CoreInit>({
  async start(init) {
    core = await startCore(init, {
      clock: systemClock,
      random: systemRandom,
      logger: createLogger({ name: "core", level: init.settings.logLevel }),
      askLauncher: (message) => void process.send?.(message),
      createProxy: createFlowHostProxy,
      root: join(__dirname, "..", "..", ".."),
    });
    if (parts) core.setParts(parts);
  },
  async stop() {
    await core?.stop();
  },
  onMessage(message) {
    if ((message as { type?: unknown }).type !== "parts") return;
    parts = message as PartsMessage;
    core?.setParts(parts);
  },
});
