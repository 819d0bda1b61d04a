/** Core's process: the only place that hands in the real clock, real chance and the real flow host's proxy. */
import { join } from "node:path";
import { createKasaClient } from "@skein/kasa";
import { createLogger, systemClock, systemRandom } from "@skein/kit";
import { runAsChild, tellLauncher } from "@skein/kit/child-process";
import type { ChildMessage, CoreInit, LoopMessage, PartsMessage } from "../launcher/ipc";
import { startCore, type Core } from "./core";
import { createFlowHostProxy } from "./web/proxy";

let core: Core | undefined;
/** The launcher may speak before we are ready. */
let parts: PartsMessage | undefined;

runAsChild<CoreInit>(
  async (init) => {
    core = await startCore(init, {
      clock: systemClock,
      random: systemRandom,
      logger: createLogger({ name: "core", level: init.settings.logLevel }),
      askLauncher: tellLauncher,
      tellSetupLink: (token) => tellLauncher<ChildMessage>({ type: "setup-link", token }),
      createProxy: createFlowHostProxy,
      createKasa: createKasaClient,
      root: join(__dirname, "..", "..", ".."),
    });
    if (parts) core.setParts(parts);
    return core;
  },
  (message) => {
    if (message.type === "loop") core?.noteLoop(message as LoopMessage);
    if (message.type !== "parts") return;
    parts = message as PartsMessage;
    core?.setParts(parts);
  },
);
