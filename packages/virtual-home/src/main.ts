/** The virtual home as a process of its own: started and supervised by the launcher, which tells it everything in one message. */
import { createLogger, systemClock, systemRandom } from "@skein/kit";
import { runAsChild } from "@skein/kit/child-process";
import { startVirtualHome } from "./home";
import type { VirtualHomeInit } from "./init";

const logger = createLogger({ name: "virtual-home" });

runAsChild<VirtualHomeInit>((init) => startVirtualHome(init, { clock: systemClock, random: systemRandom, logger }));
