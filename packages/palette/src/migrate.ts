/** Brings a node's saved settings to the present form, one pure step a version, so that an old flow file always loads. */
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
  return { ...defaults, ...migrated };
}
