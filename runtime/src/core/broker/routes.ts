/** The demo's broker over HTTP: it can be stopped, to see what a house without its bus does. */
import { z } from "zod";
import type { Actions } from "../actions";
import { defineRoute, type Route } from "../api/route";

export interface BrokerRouteParts {
  readonly actions: Pick<Actions, "broker">;
}

export const brokerRoutes = ({ actions }: BrokerRouteParts): Route[] => [
  defineRoute({
    method: "post",
    path: "/broker",
    access: "operator",
    summary: "Stops or starts the demo's broker.",
    body: z.strictObject({ action: z.enum(["stop", "start"]) }),
    response: z.object({ ok: z.literal(true) }),
    errors: ["DEMO_ONLY", "BROKER_UNMOVED"],
    async handle({ actor, body }) {
      await actions.broker(actor, body.action);
      return { ok: true } as const;
    },
  }),
];
