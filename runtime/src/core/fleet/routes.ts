/** Followers over HTTP. */
import { followerView, hostAction, maintenanceCommand } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import type { Actions } from "../actions";
import { defineRoute, type Route } from "../api/route";
import type { FleetService } from "./fleet-service";

export interface FleetRouteParts {
  readonly fleet: Pick<FleetService, "list" | "get">;
  readonly actions: Pick<Actions, "remove" | "maintenance" | "host">;
}

/** What stands in the address is looked up and never made into anything: any text may be asked for. */
export const followerParams = z.object({ id: z.string() });
/** The command's own options; whom it concerns stands in the address. */
const maintenanceBody = maintenanceCommand.schema.omit({ follower: true }).strict();
const done = z.object({ ok: z.literal(true) });

export function fleetRoutes({ fleet, actions }: FleetRouteParts): Route[] {
  const known = (id: string) => {
    const found = fleet.get(id);
    if (found === undefined) throw new SkeinError("FOLLOWER_UNKNOWN", `no follower "${id}" is known.`);
    return found;
  };
  return [
    defineRoute({
      method: "get",
      path: "/followers",
      access: "viewer",
      summary: "Every follower that has been seen, with the leader's verdict on it.",
      response: z.object({ followers: z.array(followerView) }),
      handle: () => ({ followers: fleet.list() }),
    }),
    defineRoute({
      method: "get",
      path: "/followers/{id}",
      access: "viewer",
      summary: "One follower.",
      params: followerParams,
      response: followerView,
      errors: ["FOLLOWER_UNKNOWN"],
      handle: ({ params: { id } }) => known(id),
    }),
    defineRoute({
      method: "delete",
      path: "/followers/{id}",
      access: "admin",
      summary:
        "Remove a follower: it is cut off the bus and let in no more. The leader's own, which has no user to remove, must be gone.",
      params: followerParams,
      errors: ["FOLLOWER_UNKNOWN", "FOLLOWER_ALIVE", "BUS_USERS_NOT_TAKEN", "BUS_HAND_OVER_FAILED"],
      handle: ({ actor, params: { id } }) => actions.remove(actor, id),
    }),
    defineRoute({
      method: "post",
      path: "/followers/{id}/maintenance",
      access: "operator",
      summary: "Puts a follower into maintenance for a time; 0 ends it.",
      params: followerParams,
      body: maintenanceBody,
      response: followerView,
      errors: ["FOLLOWER_UNKNOWN"],
      handle({ actor, params: { id }, body: { forMs, reason } }) {
        known(id);
        actions.maintenance(actor, id, forMs, reason);
        return known(id);
      },
    }),
    defineRoute({
      method: "post",
      path: "/followers/{id}/host",
      access: "operator",
      summary: "Lets a virtual host suffer something.",
      params: followerParams,
      body: z.strictObject({ action: hostAction }),
      response: done,
      errors: ["FOLLOWER_UNKNOWN", "FOLLOWER_NOT_VIRTUAL", "BUS_DOWN", "REQUEST_TIMEOUT"],
      async handle({ actor, params: { id }, body }) {
        await actions.host(actor, id, body.action);
        return { ok: true } as const;
      },
    }),
  ];
}
