/** `POST /followers/{id}/commands`: what a follower's agent is told over the bus, and its answer. */
import type { Bus } from "@skein/bus";
import { agentCommand } from "@skein/contracts";
import { hasCode, SkeinError } from "@skein/kit";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import { signatureOf } from "../auth/actor";
import { authorise } from "../auth/authorise";
import type { EventSink } from "../event-sink";
import type { FleetService } from "./fleet-service";
import { followerParams } from "./routes";

export interface CommandRouteParts {
  readonly bus: Pick<Bus, "request">;
  readonly fleet: Pick<FleetService, "get">;
  readonly events: EventSink;
}

/** A restart closes the agent's connections first. */
const TIMEOUT_MS = 10_000;

export const commandRoutes = ({ bus, fleet, events }: CommandRouteParts): Route[] => [
  defineRoute({
    method: "post",
    path: "/followers/{id}/commands",
    access: "operator",
    summary:
      "Tell a follower's agent something: ping, restart, its log level; a capability's settings only as an admin.",
    params: followerParams,
    body: agentCommand.schema,
    response: z.object({ ok: z.literal(true), result: z.json().optional() }),
    errors: ["FOLLOWER_UNKNOWN", "BUS_DOWN", "REQUEST_TIMEOUT", "CAPABILITY_UNKNOWN"],
    async handle({ actor, params: { id }, body }) {
      // A camera's settings say what it keeps.
      if (body.action === "settings") authorise(actor, { access: "admin" });
      if (!fleet.get(id)) throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${id}" is known.`);
      const tell = (what: "done" | "refused" | "not answered") =>
        events.add({
          type: "follower-command",
          severity: "info",
          audit: true,
          text: `"${body.action}" was ${what} by ${id}.`,
          subject: { kind: "follower", id },
          data: { action: body.action, ok: what === "done", answered: what !== "not answered" },
          ...signatureOf(actor),
        });
      const outcome = await bus
        .request(agentCommand, { target: id }, body, { timeoutMs: TIMEOUT_MS })
        .catch((error: unknown) => {
          // It may have been carried out all the same; what else goes wrong does so before it is sent.
          if (hasCode(error, "REQUEST_TIMEOUT")) tell("not answered");
          throw error;
        });
      tell(outcome.ok ? "done" : "refused");
      if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
      return { ok: true as const, ...(outcome.result !== undefined && { result: outcome.result }) };
    },
  }),
];
