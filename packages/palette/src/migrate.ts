/** Brings a node's saved settings to the present form, one pure step a version, so that an old flow file always loads. */
import { listOf } from "./pattern";

export type Migration = (config: Record<string, unknown>) => Record<string, unknown>;

/**
 * `steps[n]` makes version n + 1 out of version n. A config without a version is version 1: the first release wrote it.
 * One that a newer release wrote is taken as it is.
 */
export function migrate<C extends { configVersion: number }>(
  config: object,
  steps: Readonly<Record<number, Migration>>,
  defaults: C,
): C {
  let migrated: Record<string, unknown> = { ...config };
  let version = typeof migrated["configVersion"] === "number" ? migrated["configVersion"] : 1;
  for (let step = steps[version]; version < defaults.configVersion && step; step = steps[version]) {
    migrated = { ...step(migrated), configVersion: ++version };
  }
  const shaped = Object.entries(defaults).map(([key, standard]) => [key, inShape(migrated[key], standard)]);
  return { ...migrated, ...Object.fromEntries(shaped) } as C;
}

/** A flow file may be written by hand: a text is a list of its own kind, and what has no use is as if it were not there. */
function inShape(value: unknown, standard: unknown): unknown {
  if (value === undefined || value === null) return standard;
  if (Array.isArray(standard)) return Array.isArray(value) || typeof value === "string" ? listOf(value) : standard;
  return typeof standard === "object" && typeof value !== "object" ? standard : value;
}
