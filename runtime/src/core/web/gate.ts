/** Who may have a request handed on to the flow host: to its editor, or to a flow's own route. */
import type { IncomingMessage } from "node:http";
import { hasCode, messageOf, SkeinError } from "@skein/kit";
import type { Actor } from "../auth/actor";
import { authorise } from "../auth/authorise";
import { hookMethodOf, hookPath } from "../hooks/hook-path";
import type { OpenHooks } from "../hooks/open-hooks";
import { AREAS } from "./areas";

export type Area = "editor" | "hooks";
/** Which door, and whether by a WebSocket. */
export interface Asked {
  readonly area: Area;
  readonly isUpgrade: boolean;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Undefined: let it pass. */
export type Gate = (req: IncomingMessage, asked: Asked) => Refusal | undefined;

export interface GateParts {
  readonly actorOf: (req: IncomingMessage) => Actor;
  readonly hooks: Pick<OpenHooks, "openFor">;
}

export function createGate({ actorOf, hooks }: GateParts): Gate {
  const enterHooks = (req: IncomingMessage, isUpgrade: boolean): void => {
    const path = hookPath(req.url);
    if (path === undefined)
      throw new SkeinError(
        "HOOK_PATH_INVALID",
        "this address is not a plain path: no //, no dots, no encoded slashes.",
      );
    const inAddress = takeTokenFromAddress(req);
    const actor = actorOf(req);
    if (inAddress && actor.scopes.some((scope) => scope !== "hooks"))
      throw new SkeinError(
        "TOKEN_TOO_WIDE",
        "addresses are written into logs: a token in one must be good for hooks alone. Make one with that scope only.",
      );
    if (hooks.openFor(hookMethodOf(req.method, isUpgrade), path).length === 0) authorise(actor, AREAS.hooks);
  };
  return (req, { area, isUpgrade }) => {
    try {
      if (area === "editor") authorise(actorOf(req), AREAS.editor);
      else enterHooks(req, isUpgrade);
      return undefined;
    } catch (error) {
      if (!hasCode(error)) throw error;
      return { code: error.code, message: messageOf(error) };
    }
  };
}

/**
 * Some devices can call nothing but an address: theirs may bear `?token=skein_...`. The flow never sees it. Another `token`, or one
 * beside an Authorization header, is the flow's own business and stays. Before anybody asks who is asking.
 */
function takeTokenFromAddress(req: IncomingMessage): boolean {
  const [path = "", ...query] = (req.url ?? "").split("?");
  const pairs = query.join("?").split("&");
  const ours = pairs.filter((pair) => pair.startsWith("token=skein_"));
  if (ours.length === 0) return false;
  const rest = pairs.filter((pair) => !ours.includes(pair));
  req.url = rest.length > 0 ? `${path}?${rest.join("&")}` : path;
  if (req.headers.authorization !== undefined) return false;
  req.headers.authorization = `Bearer ${ours[0]?.slice("token=".length)}`;
  return true;
}
