import { z } from "zod";

export const madeUpSenseSettings = z.strictObject({
  /** What people call it: "Camera over the door". 60 characters at most. */
  label: z.string().min(1).max(60).default("made up"),
});
