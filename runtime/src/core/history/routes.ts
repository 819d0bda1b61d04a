/** `/events`, and a follower's metrics and verdicts over time. */
import { eventsPage, eventsQuery, mayAct, seriesAnswer, seriesQuery, verdictHistory } from "@skein/contracts";
import type { History } from "@skein/history";
import { SkeinError, type Clock } from "@skein/kit";
import type { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import { mayPass } from "../auth/authorise";
import { followerParams } from "../fleet/routes";

export interface HistoryRouteParts {
  readonly history: Pick<History, "events" | "series" | "verdicts">;
  readonly clock: Pick<Clock, "now">;
}

const HOUR_MS = 3_600_000;
const UNITS_MS = { h: HOUR_MS, d: 24 * HOUR_MS, y: 365 * 24 * HOUR_MS };

/** `6h`, or from and to; a day when nothing is said. @throws SkeinError REQUEST_INVALID */
export function timesOf(
  { range = "24h", from, to }: { range?: string | undefined; from?: number | undefined; to?: number | undefined },
  now: number,
): { from: number; to: number } {
  const [, count = "", unit = "h"] = /^(\d+)([hdy])$/.exec(range) ?? [];
  const end = to ?? now;
  const times = { from: from ?? end - Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS], to: end };
  if (times.from >= times.to) throw new SkeinError("REQUEST_INVALID", "from: must be before to.");
  return times;
}

export function historyRoutes({ history, clock }: HistoryRouteParts): Route[] {
  const figures = (subject: string, { step, ...times }: z.output<typeof seriesQuery>) =>
    history.series.query({ subject, ...timesOf(times, clock.now()), ...(step !== undefined && { stepMs: step }) });
  return [
    defineRoute({
      method: "get",
      path: "/events",
      access: "viewer",
      summary: "What happened, newest first; the audit log is among it for admins.",
      query: eventsQuery,
      response: eventsPage,
      errors: ["HISTORY_UNAVAILABLE"],
      handle({ actor, query }) {
        const mayAudit = mayPass(actor, { access: "admin" });
        if (query.audit === "true" && !mayAudit)
          throw new SkeinError(
            mayAct(actor.account?.role ?? "viewer", "admin") ? "SCOPE_MISSING" : "ACCESS_DENIED",
            "the audit log is for admins.",
          );
        return history.events.list(query, { mayAudit });
      },
    }),
    defineRoute({
      method: "get",
      path: "/followers/{id}/metrics",
      access: "viewer",
      summary: "A follower's figures over time: mean, least and most for each step.",
      params: followerParams,
      query: seriesQuery,
      response: seriesAnswer,
      errors: ["HISTORY_UNAVAILABLE"],
      handle: ({ params: { id }, query }) => figures(`follower:${id}`, query),
    }),
    defineRoute({
      method: "get",
      path: "/devices/{id}/metrics",
      access: "viewer",
      summary: "A device's figures over time (the power that it takes, W): mean, least and most for each step.",
      params: followerParams,
      query: seriesQuery,
      response: seriesAnswer,
      errors: ["HISTORY_UNAVAILABLE"],
      handle: ({ params: { id }, query }) => figures(`device:${id}`, query),
    }),
    defineRoute({
      method: "get",
      path: "/followers/{id}/verdicts",
      access: "viewer",
      summary: "What the leader believed of a follower, and since when and why.",
      params: followerParams,
      query: seriesQuery.omit({ step: true }),
      response: verdictHistory,
      errors: ["HISTORY_UNAVAILABLE"],
      handle: ({ params: { id }, query }) => history.verdicts.query({ follower: id, ...timesOf(query, clock.now()) }),
    }),
  ];
}
