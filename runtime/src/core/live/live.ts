/** The live page's socket: the whole house at connection, then every change, and a tick so that a page knows when it is out of date. */
import { createServer } from "node:http";
import {
  hostAction,
  maintenanceCommand,
  type ActionResult,
  type HouseView,
  type PageToServer,
  type ServerToPage,
} from "@skein/contracts";
import { every, hasCode, messageOf, SkeinError, type Clock, type Logger } from "@skein/kit";
import { Server } from "socket.io";
import { z } from "zod";
import type { Actions } from "../actions";
import type { FleetService } from "../fleet/fleet-service";
import type { House } from "../house";
import type { Backend } from "../web/web-server";

export interface LiveParts {
  readonly fleet: Pick<FleetService, "get" | "list" | "listen" | "massLoss">;
  readonly house: House;
  readonly actions: Actions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly name: string;
  readonly version: string;
  readonly demo: boolean;
}

export interface Live extends Backend {
  close(): Promise<void>;
}

const TICK_MS = 1000;
/** A page may ask for what the bus's command may ask for. */
const { follower: idSchema, forMs: forMsSchema } = maintenanceCommand.schema.shape;

/** A socket.io server that is not yet attached to any port: the web server hands it requests and upgrades. */
export function createLive({ fleet, house, actions, clock, logger, name, version, demo }: LiveParts): Live {
  // A server that never listens: the web server hands over what is socket.io's, after its guard.
  const inner = createServer();
  const io = new Server<PageToServer, ServerToPage>(inner, {
    path: "/io",
    destroyUpgrade: false,
    serveClient: false,
    maxHttpBufferSize: 16 * 1024,
    pingInterval: 5_000,
    pingTimeout: 5_000,
  });
  const view = (): HouseView => ({
    name,
    version,
    demo,
    at: clock.now(),
    followers: fleet.list(),
    massLoss: fleet.massLoss(),
    health: house.health(),
    ...(demo && { randomFaults: actions.randomFaultsOn }),
  });
  io.on("connection", (socket) => {
    socket.emit("house", view());
    const on = <A extends unknown[]>(what: string, carryOut: (...args: A) => unknown) =>
      (socket as unknown as { on(event: string, listener: (...args: unknown[]) => void): void }).on(
        what,
        (...args: unknown[]) => {
          const answer = args.at(-1);
          if (typeof answer !== "function") return;
          void resultOf(what, () => carryOut(...(args.slice(0, -1) as A)), logger).then(
            (result) => answer(result) as void,
          );
        },
      );
    on("maintenance", (id: unknown, forMs: unknown) =>
      actions.maintenance(idSchema.parse(id), forMsSchema.parse(forMs)),
    );
    on("host", (id: unknown, action: unknown) => actions.host(idSchema.parse(id), hostAction.parse(action)));
    on("randomFaults", (value: unknown) => actions.randomFaults(z.boolean().parse(value)));
    on("broker", (action: unknown) => actions.broker(z.enum(["stop", "start"]).parse(action)));
  });
  const stops = [
    fleet.listen({
      follower(id) {
        // A large house changes a thousand times a second: nothing is put together when nobody looks.
        const follower = io.engine.clientsCount > 0 ? fleet.get(id) : undefined;
        if (follower) io.emit("follower", follower);
      },
      removed: (id) => io.emit("removed", id),
      massLoss: (view) => io.emit("massLoss", view ?? null),
      // Not volatile: that drops whatever comes right after something else. A page that no longer reads is closed after 10 s.
      beat: (id, at) => io.engine.clientsCount > 0 && io.emit("beat", id, at),
    }),
    house.onChange((health) => io.emit("health", health)),
    actions.onRandomFaults((on) => io.emit("randomFaults", on)),
    every(clock, TICK_MS, () => io.emit("tick", clock.now())),
  ];
  return {
    request: (req, res) => void inner.emit("request", req, res),
    upgrade: (req, socket, head) => void inner.emit("upgrade", req, socket, head),
    async close() {
      for (const stop of stops) stop();
      await io.close();
    },
  };
}

async function resultOf(what: string, carryOut: () => unknown, logger: Logger): Promise<ActionResult> {
  try {
    await carryOut();
    return { ok: true };
  } catch (error) {
    if (error instanceof z.ZodError)
      return { ok: false, code: "REQUEST_INVALID", message: `"${what}" does not take that.` };
    if (!(error instanceof SkeinError)) logger.error({ err: error }, `"${what}" failed`);
    return {
      ok: false,
      code: "INTERNAL_ERROR",
      message: messageOf(error),
      ...(hasCode(error) && { code: error.code }),
    };
  }
}
