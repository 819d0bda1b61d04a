/**
 * What core's proxy makes of a request before the flow host gets it: core's word of who is asking goes in, and what would open core's own
 * doors goes out. A flow is code of its designer's and sees the whole of a request: a session or a token of somebody who calls it
 * would let it act as them.
 */
import type { IncomingMessage } from "node:http";
import type { Clock } from "@skein/kit";
import { giveWord, WORD_HEADER } from "../../flow-host/core-word";
import type { Actor } from "../auth/actor";
import { TOKEN_PREFIX } from "../auth/tokens";
import { mayPass } from "../auth/authorise";
import { hookMethodOf, hookPath } from "../hooks/hook-path";
import type { OpenHooks } from "../hooks/open-hooks";
import { AREAS } from "./areas";
import type { Asked } from "./gate";

/** Changes the request's headers in place. Whatever came under the word's name from outside is overwritten. */
export type Vouch = (req: IncomingMessage, asked: Asked) => void;

export function createVouch({
  actorOf,
  hooks,
  key,
  clock,
}: {
  readonly actorOf: (req: IncomingMessage) => Actor;
  readonly hooks: Pick<OpenHooks, "openFor">;
  readonly key: string;
  readonly clock: Pick<Clock, "now">;
}): Vouch {
  /** Somebody whom only an open route lets in: the flow host serves that route and no other that fits the address as well. */
  const openFor = (req: IncomingMessage, { area, isUpgrade }: Asked, actor: Actor): { openFor?: string[] } =>
    area === "editor" || mayPass(actor, AREAS.hooks)
      ? {}
      : { openFor: hooks.openFor(hookMethodOf(req.method, isUpgrade), hookPath(req.url) ?? "") };
  return (req, asked) => {
    const actor = actorOf(req);
    const { account, address } = actor;
    const { area } = asked;
    const { headers } = req;
    headers[WORD_HEADER] = giveWord(
      {
        area,
        address,
        ...openFor(req, asked, actor),
        ...(account && { account: { id: account.id, name: account.name, role: account.role } }),
      },
      key,
      clock.now(),
    );
    if (headers.authorization?.toLowerCase().startsWith(`bearer ${TOKEN_PREFIX}`)) delete headers.authorization;
    const cookies = withoutSessions(headers.cookie);
    if (cookies === undefined) delete headers.cookie;
    else headers.cookie = cookies;
  };
}

/** Cookies know no ports: another leader's on this machine is none of the flow's business either. */
export function withoutSessions(cookie: string | undefined): string | undefined {
  const kept = cookie?.split(";").filter((pair) => !isSession(pair));
  return kept && kept.length > 0 ? kept.join(";").trim() : undefined;
}

/** Of a `Cookie` or `Set-Cookie` header: a flow neither sees nor sets one. */
export const isSession = (pair: string): boolean => /^\s*skein_session/i.test(pair);
