/** Routes that a node's dialog asks. They hang below Node-RED's admin root, and stand behind its own permissions. */
import type { Request } from "express";
import { hasCode, messageOf } from "@skein/kit";
import type { NodeAPI } from "node-red";
import { withCode } from "./input";

/** Answers JSON; what is thrown becomes 400 (or 404 for *_UNKNOWN) with `{code, message}`. */
export function adminRoute(
  RED: NodeAPI,
  method: "get" | "post",
  path: `/skein/${string}`,
  permission: `${string}.read` | `${string}.write`,
  answer: (request: Request) => unknown,
): void {
  RED.httpAdmin[method](path, RED.auth.needsPermission(permission), (request, response) => {
    (async () => answer(request))().then(
      (body) => response.json(body ?? { ok: true }),
      (error: unknown) => {
        const { code } = withCode(error);
        response
          .status(hasCode(error) && code.endsWith("_UNKNOWN") ? 404 : 400)
          .json({ code, message: messageOf(error) });
      },
    );
  });
}
