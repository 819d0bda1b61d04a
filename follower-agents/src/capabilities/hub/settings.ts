import { z } from "zod";

const watch = z.strictObject({
  /** A sample so often, ms; 0: only when the value has changed. 0 to a day. */
  everyMs: z.int().min(0).max(86_400_000),
  /** In the channel's unit: what differs by less from what was told last is not told before `everyMs` is over. */
  deadband: z.number().min(0),
});

export const hubSettings = z.strictObject({
  /** Each channel tells its value so often, ms, and at once when it changed by its own step. 0 to a day, default 1000. */
  everyMs: z.int().min(0).max(86_400_000).default(1000),
  /** Channels that are to tell otherwise, by their numbers. */
  watch: z.record(z.string().regex(/^\d{1,3}$/), watch).default({}),
  /** A channel's state is published so often at most, ms; samples in between are in `samples`. 20 to 60000, default 250. */
  stateMs: z.int().min(20).max(60_000).default(250),
});
export type HubSettings = z.output<typeof hubSettings>;
