/** Who looks on, by socket.io and by server-sent events, and how that ends: with core, or with a login. */
import type { IncomingMessage } from "node:http";
import type { EventView } from "@skein/contracts";
import type { Actor } from "../auth/actor";
import { mayPass } from "../auth/authorise";
import type { Backend } from "../web/web-server";
import type { LiveFeed, LiveName } from "./feed";

/** What the sockets and the streams need to know of logins. */
export interface Onlookers {
  /** Who it still is that sent a request: asked again whenever logins may have changed, and by that nobody is seen. */
  readonly actorStill: (req: IncomingMessage) => Actor;
  /** A login ended or began, an account has another role, or a while is over in which one may have ended by itself. */
  readonly onLoginsChanged: (listener: () => void) => () => void;
  readonly feed: LiveFeed;
}

/** To look on at all. */
export const LOOK_ON = { access: "viewer" } as const;

/** The audit log is for admins. */
export const maySee = (actor: Actor, name: LiveName, first: unknown): boolean =>
  name !== "event" || !(first as EventView).audit || mayPass(actor, { access: "admin" });

export interface LiveSockets extends Backend {
  close(): Promise<void>;
}
