/** A flow that somebody may start from outside (skein-routine): the flow host says that it is open, the leader has it started. */
import { z } from "zod";
import { defineMessage } from "./define-message";

export const MAX_ROUTINE_NAME = 60;
/** An icon's name, or an emoji. */
export const MAX_ROUTINE_ICON = 40;

/** Kept while the flow is there, and taken back when it goes. */
export const routine = defineMessage({
  topic: "flows/{host}/routines/{id}",
  kind: "state",
  writer: "flows",
  what: "a flow that may be started from outside: its name and icon (skein-routine)",
  schema: z.object({
    name: z.string().min(1).max(MAX_ROUTINE_NAME),
    icon: z.string().max(MAX_ROUTINE_ICON).optional(),
  }),
});
export type RoutineData = z.output<typeof routine.schema>;

/** To the flow host that opened it. Answered when the flow has its message; what comes of that is the flow's business. */
export const routineCommand = defineMessage({
  topic: "commands/{target}/routine/{issuer}",
  kind: "command",
  writer: "issuer",
  answeredBy: "flows",
  what: "to a flow host: start a routine, with a JSON object for it and by whom",
  schema: z.object({
    routine: z.string().min(1).max(63),
    input: z.record(z.string(), z.json()).default({}),
    /** The account that asked. */
    by: z.string().max(63).optional(),
  }),
  names: ({ by }) => (by === undefined ? [] : [by]),
  maxBytes: 64 * 1024,
});
