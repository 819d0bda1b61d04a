/** What a page may order by its socket, and who may: the table that sockets.ts obeys and docs/access.md shows. */
import { hostAction, lampAction, maintenanceCommand, type ActionResult, type PageToServer } from "@skein/contracts";
import { SkeinError, hasCode, messageOf, type Logger } from "@skein/kit";
import { z } from "zod";
import type { Actions } from "../actions";
import type { Actor } from "../auth/actor";
import { authorise, type Guarded } from "../auth/authorise";

export type OrderName = keyof PageToServer;

export const ORDERS: Readonly<Record<OrderName, Guarded>> = {
  maintenance: { access: "operator" },
  host: { access: "operator" },
  randomFaults: { access: "operator" },
  lamp: { access: "operator" },
  broker: { access: "operator" },
};

/** A page may ask for what the bus's command may ask for. */
const { follower, forMs } = maintenanceCommand.schema.shape;
const ARGUMENTS = {
  maintenance: z.tuple([follower, forMs]),
  host: z.tuple([follower, hostAction]),
  randomFaults: z.tuple([z.boolean()]),
  lamp: z.tuple([follower, lampAction]),
  broker: z.tuple([z.enum(["stop", "start"])]),
};

export interface OrderParts {
  readonly actions: Pick<Actions, OrderName>;
  readonly logger: Logger;
}

/** Carries out one order, whatever was sent with it; never throws. */
export async function obey(
  name: OrderName,
  args: unknown[],
  actorOf: () => Actor,
  { actions, logger }: OrderParts,
): Promise<ActionResult> {
  try {
    const actor = actorOf();
    authorise(actor, ORDERS[name]);
    const act = actions[name] as (by: Actor, ...checked: unknown[]) => unknown;
    await act(actor, ...ARGUMENTS[name].parse(args));
    return { ok: true };
  } catch (error) {
    if (error instanceof z.ZodError)
      return { ok: false, code: "REQUEST_INVALID", message: `"${name}" does not take that.` };
    if (!(error instanceof SkeinError)) logger.error({ err: error }, `"${name}" failed`);
    return {
      ok: false,
      code: "INTERNAL_ERROR",
      message: messageOf(error),
      ...(hasCode(error) && { code: error.code }),
    };
  }
}
