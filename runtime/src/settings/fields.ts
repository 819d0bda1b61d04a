/** What several sections of the settings have. */
import { z } from "zod";

/** TCP port; 0 takes a free one at every start. */
export const port = z.int().min(0).max(65_535);
export const ms = z.int().min(1).max(3_600_000);
export const userName = z.string().min(1).max(100);
export const password = z.string().min(1).max(1000);
