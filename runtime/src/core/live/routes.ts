/** The house as a stream over HTTP. */
import { z } from "zod";
import { ANSWERED, defineRoute, type Route } from "../api/route";
import { LOOK_ON } from "./live";
import type { LiveStreams } from "./sse";
import type { LiveName } from "./feed";

export interface LiveRouteParts {
  readonly streams: Pick<LiveStreams, "open">;
}

const NAMES = [
  "house",
  "follower",
  "removed",
  "device",
  "beat",
  "health",
  "massLoss",
  "tick",
  "randomFaults",
  "lamps",
  "event",
  "changed",
] as const satisfies readonly LiveName[];

const query = z.strictObject({
  /** Comma-separated: only these; left out: all. */
  events: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(NAMES)))
    .optional(),
  /** For a first connection; afterwards the header `Last-Event-ID` counts. */
  since: z.coerce.number().int().min(0).optional(),
});

export const liveRoutes = ({ streams }: LiveRouteParts): Route[] => [
  defineRoute({
    method: "get",
    path: "/live",
    ...LOOK_ON,
    summary:
      "What happens, as server-sent events: the whole house first, then every change, as the page's socket says it.",
    query,
    produces: "text/event-stream",
    errors: ["TOO_MANY_STREAMS"],
    async handle({ actor, query: { events, since }, req, res }) {
      const header = req.headers["last-event-id"];
      const last = typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : since;
      await streams.open(actor, req, res, { events, lastEventId: last });
      return ANSWERED;
    },
  }),
];
