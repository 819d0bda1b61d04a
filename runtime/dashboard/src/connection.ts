import type {
  ActionResult,
  DeviceView,
  EventView,
  HostAction,
  LampAction,
  LiveResource,
  PageToServer,
  ServerToPage,
} from "@skein/contracts";
import { signal, type Signal } from "@preact/signals";
import { io, type Socket } from "socket.io-client";
import type { House } from "./house";
import { pageWords } from "./page-words";

/** The page's one socket: feeds the house, carries the buttons' orders, and comes back by itself whatever happened. */
export interface Connection {
  /** False while the socket is gone. */
  readonly connected: Signal<boolean>;
  readonly orders: Orders;
  /** Connects anew when the socket seems to stand but nothing comes over it (a laptop woke up, a network changed). */
  revive(): void;
  /** For good. */
  close(): void;
}

/**
 * What a viewer may order; each resolves with the leader's answer, and never rejects. The leader alone says how long an order may
 * take: a second, shorter limit here would call failed what then succeeds. Only with the connection the answer is lost.
 */
export interface Orders {
  maintenance(id: string, forMs: number): Promise<ActionResult>;
  host(id: string, action: HostAction): Promise<ActionResult>;
  randomFaults(on: boolean): Promise<ActionResult>;
  lamp(id: string, action: LampAction): Promise<ActionResult>;
  broker(action: "stop" | "start"): Promise<ActionResult>;
}

/** What else comes over the socket than the house. */
export interface Hearing {
  /** The leader will not speak with somebody who is not logged in; `revive` once somebody is. */
  loginNeeded(): void;
  changed(resource: LiveResource): void;
  device(view: DeviceView): void;
  event(event: EventView): void;
}

/** The code that a refused connection bears when nobody is logged in. */
const LOGIN_NEEDED = "LOGIN_NEEDED";
/** After a refusal that socket.io itself does not try again after, ms. */
const AGAIN_MS = 3_000;

export function connect(house: House, url = window.location.origin, hearing: Partial<Hearing> = {}): Connection {
  const connected = signal(false);
  const socket: Socket<ServerToPage, PageToServer> = io(url, {
    path: "/io",
    reconnectionDelay: 500,
    reconnectionDelayMax: 3_000,
  });
  socket.on("connect", () => (connected.value = true));
  socket.on("disconnect", (reason) => {
    connected.value = false;
    // The one ending after which socket.io waits to be told (its "io server disconnect"): a leader that stops cleanly.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1_000);
  });
  socket.on("connect_error", (error: Error & { data?: { code?: string } }) => {
    if (error.data?.code === LOGIN_NEEDED) hearing.loginNeeded?.();
    // Active: the network's fault, and socket.io tries by itself.
    else if (!socket.active) setTimeout(() => socket.connect(), AGAIN_MS);
  });
  socket.on("changed", (resource) => hearing.changed?.(resource));
  socket.on("device", (view) => hearing.device?.(view));
  socket.on("event", (event) => hearing.event?.(event));
  const { events } = house;
  socket.on("house", (view) => events.house(view));
  socket.on("follower", (view) => events.follower(view));
  socket.on("removed", (id) => events.removed(id));
  socket.on("beat", (id, at) => events.beat(id, at));
  socket.on("health", (health) => events.health(health));
  socket.on("massLoss", (massLoss) => events.massLoss(massLoss));
  socket.on("randomFaults", (on) => events.randomFaults(on));
  socket.on("lamps", (lamps) => events.lamps(lamps));
  socket.on("tick", (at) => events.tick(at));

  const answered = (order: () => Promise<ActionResult>) =>
    // Without a connection it would be kept and carried out when there is one again, however late.
    socket.connected ? order().catch(noAnswer) : Promise.resolve(noAnswer());
  return {
    connected,
    orders: {
      maintenance: (id, forMs) => answered(() => socket.emitWithAck("maintenance", id, forMs)),
      host: (id, action) => answered(() => socket.emitWithAck("host", id, action)),
      lamp: (id, action) => answered(() => socket.emitWithAck("lamp", id, action)),
      randomFaults: (on) => answered(() => socket.emitWithAck("randomFaults", on)),
      broker: (action) => answered(() => socket.emitWithAck("broker", action)),
    },
    revive() {
      if (socket.connected) socket.disconnect();
      socket.connect();
    },
    close: () => void socket.disconnect(),
  };
}

const noAnswer = (): ActionResult => ({ ok: false, code: "LEADER_NO_ANSWER", message: pageWords().noAnswer });
