import type { Sense } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import type { Capability, CapabilityParts, Condition, RunningCapability } from "./capabilities/capability";
import type { ChangedSettings } from "./run-time-settings";

type JsonSettings = ChangedSettings[string];

/** What run-time changes make of a capability's settings. */
export interface CheckedSettings {
  /** Everything that was ever asked for at run time, and nothing else: follower.yaml holds for the rest, also when it is edited. */
  readonly changed: JsonSettings;
  /** As they are then in force. */
  readonly settings: JsonSettings;
}

/** One capability with the settings in force. */
export interface StartedCapability {
  readonly name: string;
  readonly sense?: Sense;
  readonly settings: JsonSettings;
  condition(): Condition;
  /** Starts its work unless it is switched off; its settings are known before, so that birth can be said first. */
  begin(): void;
  /** Off: stops its work, and `off` is its condition once it has stopped. On: starts it again with the settings in force. */
  setOn(on: boolean): Promise<void>;
  /**
   * The settings as they would be with these changes, checked; nothing is changed yet.
   * @throws SkeinError SETTINGS_INVALID
   */
  check(changes: JsonSettings): CheckedSettings;
  /** Puts checked settings into force. */
  apply(checked: CheckedSettings): void;
  stop(): void | Promise<void>;
}

export interface StartOptions extends CapabilityParts {
  /** From follower.yaml, checked. */
  readonly configured: Record<string, unknown>;
  /** Changed at run time in an earlier run; wins when it still fits the schema. */
  readonly changed: JsonSettings | undefined;
  /** False: it does not start before `setOn(true)`. */
  readonly on: boolean;
}

/** Holds a capability's settings and gives it new ones. A capability that cannot start is `failed` and ends no other. */
export function startCapability(capability: Capability, options: StartOptions): StartedCapability {
  const { logger, configured } = options;
  let { changed, settings } = initial(capability, options);
  let running: RunningCapability<Record<string, unknown>> | undefined;
  let { on } = options;
  let begun = false;
  let failed = false;
  let turn = Promise.resolve();

  const start = (): void => {
    failed = false;
    try {
      running = capability.start(options, settings);
    } catch (error) {
      failed = true;
      logger.error({ err: error }, "the capability cannot start");
    }
  };
  /** As it is to be by now: switched to and fro in the meantime, it stays as it is. */
  const follow = async (): Promise<void> => {
    if (on && running) failed = false;
    else if (on && begun) start();
    if (on || !running) return;
    try {
      await running.stop();
      running = undefined;
    } catch (error) {
      // It may go on seeing: that is not called off.
      failed = true;
      logger.error({ err: error }, "the capability does not stop");
    }
  };
  return {
    name: capability.name,
    ...(capability.sense && { sense: capability.sense }),
    get settings() {
      return settings;
    },
    condition: () => (failed ? "failed" : (running?.condition() ?? "off")),
    begin() {
      begun = true;
      if (on) start();
    },
    setOn(wanted) {
      on = wanted;
      return (turn = turn.then(follow));
    },
    check(changes) {
      const all = { ...changed, ...changes };
      const result = capability.settings.safeParse({ ...configured, ...all });
      if (result.success) return { changed: all, settings: result.data as JsonSettings };
      throw new SkeinError("SETTINGS_INVALID", `${capability.name}: ${z.prettifyError(result.error)}.`.slice(0, 900), {
        hint: "Nothing was changed.",
      });
    },
    apply(next) {
      running?.apply(next.settings);
      ({ changed, settings } = next);
    },
    stop() {
      begun = false;
      return running?.stop();
    },
  };
}

function initial(capability: Capability, { configured, changed, logger }: StartOptions): CheckedSettings {
  if (changed) {
    const result = capability.settings.safeParse({ ...configured, ...changed });
    if (result.success) return { changed, settings: result.data as JsonSettings };
    logger.warn(
      { reason: z.prettifyError(result.error) },
      "settings changed at run time no longer fit; follower.yaml holds",
    );
  }
  return { changed: {}, settings: configured as JsonSettings };
}
