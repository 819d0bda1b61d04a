/** `/care`: what the house looks after in itself. */
import { careView } from "@skein/contracts";
import { defineRoute, type Route } from "../api/route";
import type { Care } from "./care";

export interface CareRouteParts {
  readonly care: Pick<Care, "view">;
}

export const careRoutes = ({ care }: CareRouteParts): Route[] => [
  defineRoute({
    method: "get",
    path: "/care",
    access: "viewer",
    summary: "Broker, bus, disk, journal, event loops, clock, certificates and backups: how each is, and what to do.",
    response: careView,
    handle: () => care.view(),
  }),
];
