/** `/flows` and `/snapshots`: what the house's flows are, were, and shall be. Whoever deploys runs code on the leader: designers. */
import {
  flowNode,
  flowsDeploy,
  flowsDeployed,
  flowsDiff,
  flowsImport,
  flowsImported,
  flowsView,
  snapshotFull,
  snapshotView,
} from "@skein/contracts";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { FlowsService } from "./flows-service";

/** What Node-RED itself takes (`apiMaxLength` in flow-host/settings.ts). */
const MAX_FLOWS_BYTES = 5 * 1024 * 1024;
const DEPLOY_ERRORS = ["FLOWS_CHANGED", "FLOWS_REFUSED", "FLOW_TYPES_MISSING", "FLOW_HOST_AWAY"];
const SNAPSHOT_ERRORS = ["SNAPSHOT_UNKNOWN", "SNAPSHOT_UNREADABLE"];
const snapshotParams = z.strictObject({ id: z.string() });

export interface FlowRouteParts {
  readonly flows: FlowsService;
}

export function flowRoutes({ flows }: FlowRouteParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/flows",
      access: "designer",
      summary: "The flows that are deployed, and their revision.",
      response: flowsView,
      errors: ["FLOW_HOST_AWAY"],
      handle: () => flows.current(),
    }),
    defineRoute({
      method: "post",
      path: "/flows",
      access: "designer",
      summary: "Deploy these flows in place of all that are there.",
      body: flowsDeploy,
      maxBodyBytes: MAX_FLOWS_BYTES,
      response: flowsDeployed,
      errors: DEPLOY_ERRORS,
      handle: ({ actor, body }) => flows.deploy(actor, body),
    }),
    defineRoute({
      method: "get",
      path: "/flows/export",
      access: "designer",
      summary: "The flows, or one tab with what it needs, as Node-RED flow JSON to import elsewhere.",
      query: z.strictObject({ tab: z.string().max(64).optional() }),
      response: z.array(flowNode),
      errors: ["TAB_UNKNOWN", "FLOW_HOST_AWAY"],
      handle: ({ query }) => flows.export(query.tab),
    }),
    defineRoute({
      method: "post",
      path: "/flows/import",
      access: "designer",
      summary: "Add flows to those that are there, and deploy: with new ids where theirs are taken.",
      body: flowsImport,
      maxBodyBytes: MAX_FLOWS_BYTES,
      response: flowsImported,
      errors: DEPLOY_ERRORS,
      handle: ({ actor, body }) => flows.import(actor, body),
    }),
    defineRoute({
      method: "get",
      path: "/snapshots",
      access: "designer",
      summary: "The flows as they were at each deploy, newest first.",
      response: z.object({ snapshots: z.array(snapshotView) }),
      handle: () => ({ snapshots: flows.snapshots() }),
    }),
    defineRoute({
      method: "get",
      path: "/snapshots/{id}",
      access: "designer",
      summary: "One of them, with the flows.",
      params: snapshotParams,
      response: snapshotFull,
      errors: SNAPSHOT_ERRORS,
      handle: ({ params }) => flows.snapshot(params.id),
    }),
    defineRoute({
      method: "get",
      path: "/snapshots/{a}/diff/{b}",
      access: "designer",
      summary: "What changed from the one to the other.",
      params: z.strictObject({ a: z.string(), b: z.string() }),
      response: flowsDiff,
      errors: SNAPSHOT_ERRORS,
      handle: ({ params }) => flows.diff(params.a, params.b),
    }),
    defineRoute({
      method: "post",
      path: "/snapshots/{id}/rollback",
      access: "designer",
      summary: "Deploy the flows as they were then.",
      params: snapshotParams,
      response: flowsDeployed,
      errors: [...DEPLOY_ERRORS, ...SNAPSHOT_ERRORS],
      handle: ({ actor, params }) => flows.rollBack(actor, params.id),
    }),
  ];
}
