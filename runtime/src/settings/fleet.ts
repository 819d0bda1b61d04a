/** When a follower is believed to be lost. */
import { limitsOf } from "@skein/liveness";
import { z } from "zod";
import { ms } from "./fields";

/** Hard limits of the failure detector (packages/liveness has the defaults and says why). */
export const fleetSettings = z
  .strictObject({
    /** In beats of silence. */
    minBeats: z.number().min(1).max(10).optional(),
    maxBeats: z.number().min(1).max(10).optional(),
    deadBeats: z.number().min(2.2).max(10).optional(),
    willHoldMs: ms.optional(),
    willGraceMs: ms.optional(),
    reconnectGraceMs: ms.optional(),
    observerLateMs: ms.optional(),
    clockSkewMs: ms.optional(),
    /** How often `leader/clock` ticks. */
    clockMs: z.int().min(100).max(60_000).default(10_000),
    /** Losses this close together are one mass loss. */
    massLossWindowMs: ms.default(20_000),
  })
  .superRefine((fleet, context) => {
    // What is left out is what packages/liveness takes.
    const { minBeats, maxBeats, deadBeats } = limitsOf(fleet);
    const contradicts = (path: keyof typeof fleet, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (minBeats > maxBeats) contradicts("minBeats", `${minBeats} is more than maxBeats, ${maxBeats}`);
    if (maxBeats >= deadBeats) contradicts("maxBeats", `${maxBeats} is not less than deadBeats, ${deadBeats}`);
  })
  .prefault({});
