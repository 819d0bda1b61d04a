/** `/hooks` of the API: the ways into the flows, and opening one by one what shall need no token. */
import { hook, hookView } from "@skein/contracts";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { FlowsService } from "../flows/flows-service";
import { hookViews } from "./hooks-in-flows";
import type { OpenHooks } from "./open-hooks";

export interface HookRouteParts {
  readonly hooks: OpenHooks;
  readonly flows: Pick<FlowsService, "current">;
}

export function hookRoutes({ hooks, flows }: HookRouteParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/hooks",
      access: "designer",
      summary: "The ways into the flows over HTTP and WebSocket, and which of them need no token.",
      response: z.object({ hooks: z.array(hookView) }),
      errors: ["FLOW_HOST_AWAY"],
      handle: async () => ({ hooks: hookViews((await flows.current()).flows, hooks.list()) }),
    }),
    defineRoute({
      method: "put",
      path: "/hooks",
      access: "designer",
      summary: "Open one: everybody who reaches the house may set it off.",
      body: hook,
      response: hookView,
      errors: ["HOOK_INVALID", "HOOKS_TOO_MANY", "FLOW_HOST_AWAY"],
      async handle({ actor, body }) {
        // Asked first: what is open shall not be answered with a failure.
        const { flows: present } = await flows.current();
        await hooks.open(actor, body);
        const view = hookViews(present, hooks.list()).find(
          ({ method, path }) => method === body.method && path === body.path,
        );
        return view ?? { ...body, open: true, tabs: [] };
      },
    }),
    defineRoute({
      method: "delete",
      path: "/hooks",
      access: "designer",
      summary: "Close one again; `method` and `path` stand in the query.",
      query: hook,
      handle: ({ actor, query }) => hooks.close(actor, query),
    }),
  ];
}
