/** `/join-codes` for the page, `/join` for the board. */
import { joinAnswer, joinCodeCreate, joinCodesView, joinCodeView, joinRequest } from "@skein/contracts";
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { defineRoute, type Route } from "../api/route";
import type { Joining } from "./joining";

export interface JoiningRouteParts {
  readonly joining: Joining;
  /** What a board types after `--leader`. */
  readonly leader: (req: IncomingMessage) => string;
  /** Host and port under which it was asked. */
  readonly hostOf: (req: IncomingMessage) => string;
}

export function joiningRoutes({ joining, leader, hostOf }: JoiningRouteParts): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/join-codes",
      access: "admin",
      summary: "Make a code with which one board may join, once, within ten minutes.",
      body: joinCodeCreate,
      response: joinCodeView,
      status: 201,
      errors: ["JOIN_CODES_TOO_MANY", "JOIN_ID_TAKEN", "BUS_NOT_OURS"],
      handle: ({ actor, body, req }) => joining.createCode(actor, body, leader(req)),
    }),
    defineRoute({
      method: "get",
      path: "/join-codes",
      access: "admin",
      summary:
        "Who may still come: the join codes that are open, and the followers that have a login to the bus and were never heard. DELETE /followers/{id} takes that login away.",
      response: joinCodesView,
      handle: () => ({ codes: [...joining.open()], unheard: [...joining.unheard()] }),
    }),
    defineRoute({
      method: "delete",
      path: "/join-codes/{code}",
      access: "admin",
      summary: "Withdraw a join code.",
      params: z.strictObject({ code: z.string().max(20) }),
      errors: ["JOIN_CODE_UNKNOWN"],
      handle: ({ actor, params }) => joining.withdraw(actor, params.code),
    }),
    defineRoute({
      method: "post",
      path: "/join",
      access: "public",
      summary: "A board joins with a code; the answer bears its own login to the bus, told this once.",
      body: joinRequest,
      response: joinAnswer,
      errors: [
        "JOIN_CODE_WRONG",
        "JOIN_CODE_OVER",
        "JOIN_TRIES_TOO_MANY",
        "JOIN_ID_TAKEN",
        "BUS_NOT_REACHABLE",
        "BUS_NOT_OURS",
        "BUS_USERS_NOT_TAKEN",
      ],
      handle: ({ actor, body, req }) => joining.join(body, { address: actor.address, host: hostOf(req) }),
    }),
  ];
}
