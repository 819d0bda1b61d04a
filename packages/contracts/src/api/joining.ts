import { z } from "zod";
import { idText } from "./accounts";
import { birth } from "../birth";

export const joinCodeCreate = z.strictObject({
  /** What the follower shall be called; left out: what the board calls itself. */
  id: idText.optional(),
  name: z.string().trim().min(1).max(60).optional(),
  room: idText.optional(),
});
export type JoinCodeCreate = z.output<typeof joinCodeCreate>;
/** Shown on the page: read it to the board. Works once, for ten minutes. */
export const joinCodeView = joinCodeCreate.extend({
  /** Eight characters in two groups that nobody mistakes for each other: `K7QM-2XNP`. */
  code: z.string(),
  expiresAt: z.number(),
  /** What to type on the board. */
  command: z.string(),
});
export type JoinCodeView = z.output<typeof joinCodeView>;
export const joinCodesView = z.object({
  codes: z.array(joinCodeView),
  /** Followers that may come onto the bus and never did. */
  unheard: z.array(z.object({ id: idText })),
});
export type JoinCodesView = z.output<typeof joinCodesView>;

/** From the board. */
export const joinRequest = z.strictObject({
  code: z.string().trim().toUpperCase().min(8).max(20),
  hostname: z.string().max(255).optional(),
  host: birth.schema.shape.host.optional(),
});
export type JoinRequest = z.output<typeof joinRequest>;
/** The board's own credentials, told once. */
export const joinAnswer = z.object({
  id: idText,
  name: z.string(),
  bus: z.object({
    url: z.string(),
    username: z.string(),
    password: z.string(),
    /** PEM of the authority that signed the broker's certificate, when it has one. */
    ca: z.string().optional(),
  }),
});
export type JoinAnswer = z.output<typeof joinAnswer>;
