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
  readonly settings: JsonSettings;
  condition(): Condition;
  /** Starts its work; its settings are known before, so that birth can be said first. */
  begin(): void;
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
}

/** Holds a capability's settings and gives it new ones. A capability that cannot start is `failed` and ends no other. */
export function startCapability(capability: Capability, options: StartOptions): StartedCapability {
  const { logger, configured } = options;
  let { changed, settings } = initial(capability, options);
  let running: RunningCapability<Record<string, unknown>> | undefined;
  return {
    name: capability.name,
    get settings() {
      return settings;
    },
    condition: () => running?.condition() ?? "failed",
    begin() {
      try {
        running = capability.start(options, settings);
      } catch (error) {
        logger.error({ err: error }, "the capability cannot start");
      }
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
    stop: () => running?.stop(),
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
