/** `/routines`: flows that a phone's shortcut may start. */
import { routinesView, routineStart, routineStarted } from "@skein/contracts";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { Routines } from "./routines";

export interface RoutineRouteParts {
  readonly routines: Routines;
}

export function routineRoutes({ routines }: RoutineRouteParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/routines",
      access: "viewer",
      scopes: ["read", "routines"],
      summary: "The routines that flows have opened, by name.",
      response: routinesView,
      handle: () => ({ routines: routines.list() }),
    }),
    defineRoute({
      method: "post",
      path: "/routines/{id}",
      access: "operator",
      scopes: ["operate", "routines"],
      summary:
        "Starts a routine; the body, any JSON object, is what its flow gets as msg.payload. Answered when the flow has it.",
      params: z.strictObject({ id: z.string() }),
      body: routineStart,
      response: routineStarted,
      status: 202,
      errors: ["ROUTINE_UNKNOWN", "FLOW_HOST_AWAY"],
      async handle({ actor, params, body }) {
        await routines.start(params.id, body, actor);
        return { started: true as const };
      },
    }),
  ];
}
