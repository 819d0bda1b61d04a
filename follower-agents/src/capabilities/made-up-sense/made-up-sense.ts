/**
 * A camera and a microphone that are none, for the demo: they see and hear nothing and send nothing, and go on and off as real ones
 * do, so that the privacy switch has something to switch. Only a made-up host may have them.
 */
import type { Sense } from "@skein/contracts";
import { defineCapability, type Capability } from "../capability";
import { madeUpSenseSettings } from "./settings";

const madeUp = (sense: Sense): Capability =>
  defineCapability({
    name: `made-up-${sense}`,
    sense,
    optional: true,
    virtualOnly: true,
    settings: madeUpSenseSettings,
    start({ logger }, { label }) {
      logger.info({ label }, `the made-up ${sense} is on`);
      return {
        condition: () => "ok",
        apply: () => {},
        stop: () => logger.info({ label }, `the made-up ${sense} is off`),
      };
    },
  });

export const madeUpCamera = madeUp("camera");
export const madeUpMicrophone = madeUp("microphone");
