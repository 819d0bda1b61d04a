/**
 * `/residents`: who lives here, and what is kept of them. Adding and removing people is an admin's, who answers for the house; what is
 * kept of somebody is theirs to see and to delete, and an admin's.
 */
import { residentCreate, residentData, residentPatch, residentView, scopesOpen } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { Accounts } from "../auth/accounts";
import { signatureOf, type Actor } from "../auth/actor";
import { mayPass } from "../auth/authorise";
import type { EventSink } from "../event-sink";
import type { HouseRegistry } from "./house-registry";
import type { Residents } from "./residents";

export interface ResidentRouteParts {
  readonly registry: Pick<HouseRegistry, "resident" | "addResident" | "changeResident">;
  readonly residents: Residents;
  readonly auth: { readonly accounts: Pick<Accounts, "get"> };
  readonly events: EventSink;
}

const ADMINS = { access: "admin" } as const;
const params = z.strictObject({ id: z.string() });

export function residentRoutes({ registry, residents, auth, events }: ResidentRouteParts): Route[] {
  const isTheirOwn = ({ account }: Actor, id: string): boolean =>
    account !== undefined && auth.accounts.get(account.id)?.resident === id;
  /** @throws SkeinError ACCESS_DENIED */
  const mayKnow = (actor: Actor, id: string): void => {
    if (!mayPass(actor, ADMINS) && !isTheirOwn(actor, id))
      throw new SkeinError("ACCESS_DENIED", "what is kept of somebody is for them and for admins.");
  };
  /** Says that it was done, and not of whom: that would be kept again. */
  const tell = (actor: Actor, type: string, text: string, own: boolean) =>
    events.add({ type, severity: "notice", audit: true, text, ...(own ? {} : signatureOf(actor)) });
  /** About them, and so forgotten with them. */
  const tellOf = (actor: Actor, type: string, text: string, id: string) =>
    events.add({ type, severity: "info", audit: true, text, subject: { kind: "resident", id }, ...signatureOf(actor) });
  return [
    defineRoute({
      method: "post",
      path: "/residents",
      access: "admin",
      summary: "Somebody who lives here. Not everybody has an account.",
      body: residentCreate,
      response: residentView,
      status: 201,
      errors: ["ID_TAKEN", "NAME_TAKEN", "REGISTRY_FULL"],
      async handle({ actor, body }) {
        const made = await registry.addResident(body);
        tellOf(actor, "resident-added", `${made.name} lives here now.`, made.id);
        return made;
      },
    }),
    defineRoute({
      method: "get",
      path: "/residents/{id}",
      access: "viewer",
      summary: "One resident.",
      params,
      response: residentView,
      errors: ["RESIDENT_UNKNOWN"],
      handle: ({ params: { id } }) => registry.resident(id),
    }),
    defineRoute({
      method: "patch",
      path: "/residents/{id}",
      access: "admin",
      summary: "Rename a resident.",
      params,
      body: residentPatch,
      response: residentView,
      errors: ["RESIDENT_UNKNOWN", "NAME_TAKEN"],
      current: ({ params: { id } }) => registry.resident(id),
      async handle({ actor, params: { id }, body }) {
        const before = registry.resident(id);
        const now = await registry.changeResident(id, body);
        if (now.name !== before.name)
          tellOf(actor, "resident-changed", `The resident ${before.name} is called ${now.name} now.`, id);
        return now;
      },
    }),
    defineRoute({
      method: "delete",
      path: "/residents/{id}",
      access: "admin",
      summary:
        "Take a resident out of the house with all that is kept of them. Backups keep it until they are replaced.",
      params,
      errors: ["RESIDENT_UNKNOWN"],
      current: ({ params: { id } }) => registry.resident(id),
      async handle({ actor, params: { id } }) {
        const own = isTheirOwn(actor, id);
        await residents.remove(id);
        tell(actor, "resident-removed", "A resident and what was kept of them were deleted.", own);
      },
    }),
    defineRoute({
      method: "get",
      path: "/residents/{id}/data",
      access: "viewer",
      summary:
        "What is kept of a resident: for their own account, and for admins. Entries of the audit log are told to a token with the scope admin.",
      params,
      response: residentData,
      errors: ["RESIDENT_UNKNOWN"],
      handle({ actor, params: { id } }) {
        mayKnow(actor, id);
        // A token that only reads reads no audit log, not even of the one who made it.
        return residents.data(id, { mayAudit: actor.by === "session" || scopesOpen(actor.scopes, ["admin"]) });
      },
    }),
    defineRoute({
      method: "delete",
      path: "/residents/{id}/data",
      access: "viewer",
      // With a token that only reads nobody shall delete.
      scopes: ["admin"],
      summary: "Delete what is kept of a resident, who goes on living here. Backups keep it until they are replaced.",
      params,
      errors: ["RESIDENT_UNKNOWN"],
      async handle({ actor, params: { id } }) {
        mayKnow(actor, id);
        const own = isTheirOwn(actor, id);
        await residents.forget(id);
        tell(actor, "resident-data-deleted", "What was kept of a resident was deleted.", own);
      },
    }),
  ];
}
